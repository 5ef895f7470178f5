#!/usr/bin/env python3
"""The counts of tests and of skips find what they should, in small trees."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import listed_tests
import skipped_tests

SCRIPTS = '''function(script_test name)
  add_test(NAME ${name} COMMAND true)
endfunction()
script_test(first)
if(LATER)
  script_test(second)
endif()
'''
JUNIT = '''<testsuite>
<testcase name="good" status="run"/>
<testcase name="bad" status="fail"><failure message="1"/></testcase>
<testcase name="left out" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
</testsuite>'''


def listing(commands=(), file='', lines=()):
    """What ctest would tell: the programs of its tests, and the lines of a file that made them."""
    return {'tests': [{'name': f'test {i}', 'command': [f'/build/{command}', 'x']}
                      for i, command in enumerate(commands)],
            'backtraceGraph': {'files': [str(file)],
                               'nodes': [{'file': 0}, *({'file': 0, 'line': line} for line in lines)]}}


class Nets(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = pathlib.Path(temporary.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
        return path

    def test_cases_are_counted_where_they_begin_a_line(self):
        text = 'TEST_CASE("a") {}\n// TEST_CASE("b")\nTEST_CASE(\n    "c") { f("TEST_CASE("); }\n'
        self.assertEqual(listed_tests.cases_in(text), (2, []))

    def test_sections_and_generators_are_no_cases_of_their_own(self):
        text = 'TEST_CASE("a") {\n  const int i = GENERATE(1, 2);\n  SECTION("b") {}\n}\n'
        self.assertEqual(listed_tests.cases_in(text), (1, []))

    def test_a_macro_that_makes_two_cases_counts_twice(self):
        text = '#define KIND(x) \\\n  TEST_CASE(x) {} \\\n  TEST_CASE(x " long", "[long]") {}\nKIND("a")\n'
        self.assertEqual(listed_tests.cases_in(text), (2, []))

    def test_each_use_of_a_macro_that_makes_a_case_is_counted(self):
        text = '#define BOTH(id, title) \\\n  int id; \\\n  TEST_CASE(title) {}\n#define OTHER(x) x\n' \
               'BOTH(a, "a")\nBOTH(b, "b")\nOTHER(c)\n'
        self.assertEqual(listed_tests.cases_in(text), (2, []))

    def test_what_cannot_be_counted_is_named(self):
        text = 'TEMPLATE_TEST_CASE("a", "", int, long) {}\n  TEST_CASE("b") {}\nSCENARIO("c") {}\n'
        self.assertEqual(listed_tests.cases_in(text),
                         (0, ['TEMPLATE_TEST_CASE', 'TEST_CASE', 'SCENARIO']))

    def test_too_few_and_too_many_listed_are_found(self):
        self.write('tests/mds/a_test.cpp', 'TEST_CASE("a") {}\n')
        self.write('tests/mds/b_test.cpp', 'TEST_CASE("b") {}\n')
        self.write('tests/support/main.cpp', 'TEST_CASE("hidden") {}\n')
        for programs, problems in ((2, 0), (1, 1), (3, 1), (0, 1)):
            found = listed_tests.check_programs(self.root, listing(['mds_test'] * programs), [])
            self.assertEqual(len(found), problems, found)

    def test_rooms_that_are_not_asked_for_may_be_missing(self):
        self.write('tests/mds/a_test.cpp', 'TEST_CASE("a") {}\n')
        self.write('tests/sim/b_test.cpp', 'TEST_CASE("b") {}\n')
        self.assertEqual(listed_tests.check_programs(self.root, listing(['mds_test']), ['mds']), [])

    def test_a_script_that_made_no_test_is_found_through_its_function(self):
        file = self.write('tests/a/CMakeLists.txt', SCRIPTS)
        found = listed_tests.check_scripts(self.root, listing(file=file, lines=[4, 2]))
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith('tests/a/CMakeLists.txt:6: '), found)

    def test_a_skip_that_names_no_test_is_found(self):
        self.write('tests/skips.txt', '# why\ntest 0 | no data\nrenamed | no data\n')
        found = listed_tests.check_skips(self.root, listing(['mds_test']))
        self.assertEqual(found, ['tests/skips.txt: there is no test "renamed"'])

    def test_a_skip_needs_a_reason(self):
        with self.assertRaises(SystemExit):
            skipped_tests.read_list(self.write('skips.txt', 'a test\n'))

    def test_outcomes_are_told_apart(self):
        self.assertEqual(skipped_tests.outcomes(self.write('junit.xml', JUNIT)),
                         {'good': 'passed', 'bad': 'failed', 'left out': 'skipped'})

    def test_a_skip_that_is_not_listed_fails(self):
        done = subprocess.run([sys.executable, '-B', skipped_tests.__file__,
                               self.write('junit.xml', JUNIT)],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout),
                         (1, 'skipped, and not in tests/skips.txt: left out\n'))


if __name__ == '__main__':
    unittest.main()
