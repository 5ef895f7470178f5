#!/usr/bin/env python3
"""The structure check finds what it should, in small trees that are wrong in one way each."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check  # noqa: E402
import cpp_scan  # noqa: E402

CMAKE = '''
rehearse_room(base USES fmt::fmt)
rehearse_room(mds CALLS base)
rehearse_room(sim CALLS base USES SimGrid::SimGrid)
  rehearse_room(app CALLS sim mds
                base USES CLI11::CLI11)
'''
HEADER = '// What this is.\n#pragma once\n'
TIME = '#include "base/time.hpp"\n'


class Trees(unittest.TestCase):
    def problems(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {'CMakeLists.txt': CMAKE, 'base/time.hpp': HEADER,
                               'mds/store.hpp': HEADER + TIME, 'sim/calendar.hpp': HEADER + TIME,
                               'app/main.hpp': HEADER + TIME + ''.join(
                                   f'#include "{name}"\n' for name in ('mds/store.hpp', 'sim/calendar.hpp')),
                               **files}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding='utf-8')
            return sorted(check.check_tree(root).problems)

    def assert_finds(self, files, place, words):
        found = self.problems(files)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(place + ': '), found[0])
        self.assertIn(words, found[0])

    def test_a_sound_tree_has_no_findings(self):
        self.assertEqual(self.problems({
            'mds/store.cpp': '#include "mds/store.hpp"\n#include "base/time.hpp"\n',
            'app/program.cpp': '#include <CLI/CLI.hpp>\n#include "sim/calendar.hpp"\n',
            'sim/engine.cpp': '#include <simgrid/s4u.hpp>\n',
            'tests/mds/store_test.cpp': '#include "fixtures.hpp"\n#include "mds/store.hpp"\n'}), [])

    def test_an_include_against_the_calls_is_found(self):
        self.assert_finds({'mds/store.cpp': '\n#include "sim/calendar.hpp"\n'},
                          'mds/store.cpp:2', 'mds/ may not call sim/')

    def test_a_test_may_include_no_more_than_its_room(self):
        self.assert_finds({'tests/mds/a_test.cpp': '#include "sim/calendar.hpp"\n'},
                          'tests/mds/a_test.cpp:1', 'mds/ may not call sim/')

    def test_a_test_may_include_what_the_rooms_call_that_its_room_calls(self):
        self.assertEqual(self.problems({
            'CMakeLists.txt': CMAKE + 'rehearse_room(reports CALLS mds)\n',
            'reports/plot.hpp': HEADER + '#include "mds/store.hpp"\n',
            'tests/reports/plot_test.cpp': TIME}), [])

    def test_calls_that_go_over_two_lines_are_read_whole(self):
        self.assertEqual(self.problems({'app/a.cpp': '#include "base/time.hpp"\n'}), [])

    def test_an_edge_that_nobody_uses_is_found(self):
        self.assert_finds({'sim/calendar.hpp': HEADER}, 'CMakeLists.txt:1', 'sim does not use base')

    def test_an_edge_that_a_test_alone_uses_is_found(self):
        self.assert_finds({'sim/calendar.hpp': HEADER, 'tests/sim/a_test.cpp': TIME},
                          'CMakeLists.txt:1', 'sim does not use base')

    def test_an_edge_in_a_comment_alone_is_found(self):
        self.assert_finds({'sim/calendar.hpp': HEADER + '/*\n' + TIME + '*/\n'},
                          'CMakeLists.txt:1', 'sim does not use base')

    def test_a_call_to_a_room_beside_or_above_is_found(self):
        self.assert_finds({'CMakeLists.txt': CMAKE.replace('sim CALLS base', 'sim CALLS base mds'),
                           'sim/a.hpp': HEADER + '#include "mds/store.hpp"\n'},
                          'CMakeLists.txt:1', 'sim may not call mds')
        self.assert_finds({'CMakeLists.txt': CMAKE.replace('base USES fmt', 'base CALLS app USES fmt'),
                           'base/a.hpp': HEADER + '#include "app/main.hpp"\n'},
                          'CMakeLists.txt:1', 'base may not call app')

    def test_a_call_of_exploration_beyond_the_service_and_its_world_is_found(self):
        self.assert_finds({'CMakeLists.txt': CMAKE + 'rehearse_room(explore CALLS sim)\n',
                           'explore/a.hpp': HEADER + '#include "sim/calendar.hpp"\n'},
                          'CMakeLists.txt:1', 'explore may not call sim')

    def test_a_room_that_is_not_declared_is_found(self):
        self.assert_finds({'utilities/a.hpp': HEADER}, 'utilities/a.hpp:1', 'utilities/ is no room')

    def test_a_folder_that_a_room_does_not_have_is_found(self):
        self.assert_finds({'mds/helpers/a.hpp': HEADER}, 'mds/helpers/a.hpp:1',
                          'mds/ has no folder helpers')
        self.assertEqual(self.problems({'mds/store/a.hpp': HEADER}), [])

    def test_a_room_that_the_architecture_does_not_have_is_found(self):
        self.assert_finds({'CMakeLists.txt': CMAKE + 'rehearse_room(utilities)\n'}, 'CMakeLists.txt:1',
                          'utilities is no room')

    def test_a_word_of_the_field_with_two_meanings_is_found(self):
        self.assert_finds({'mds/a.hpp': HEADER + 'struct Verdict;\nenum class Verdict { yes };\n',
                           'sim/a.hpp': HEADER + 'struct Verdict {};\n'},
                          'sim/a.hpp:3', 'Verdict is a type of mds/a.hpp already')

    def test_every_form_of_a_second_meaning_is_found(self):
        for form in ('template <class T>\nstruct Verdict {};', 'class [[nodiscard]] Verdict {};',
                     'typedef int Verdict;', 'struct Outer {\n  struct Verdict {};\n};',
                     'using Verdict = int;', 'struct Verdict final : Base {};'):
            with self.subTest(form):
                found = self.problems({'mds/a.hpp': HEADER + 'struct Verdict {};\n',
                                       'sim/a.hpp': HEADER + form + '\n'})
                self.assertEqual(len(found), 1, found)
                self.assertIn('Verdict is a type of mds/a.hpp already', found[0])
        self.assertEqual(self.problems({
            'mds/a.hpp': HEADER + 'struct Verdict {};\n',
            'sim/a.hpp': HEADER + '// struct Verdict {}\nstruct Verdict;\nvoid f(struct Verdict& v);\n'
                                  'using mds::Verdict;\nenum class VerdictKind { no };\n'}), [])

    def test_rooms_of_a_condition_are_read(self):
        self.assert_finds({'CMakeLists.txt': CMAKE.replace('\n  rehearse', '\nif(X)\n  rehearse') + 'endif()\n',
                           'app/a.cpp': '#include "mds/gone.hpp"\n'}, 'app/a.cpp:1', 'does not exist')

    def test_simgrid_outside_its_rooms_is_found(self):
        self.assert_finds({'mds/a.cpp': '#include <simgrid/s4u.hpp>\n'}, 'mds/a.cpp:1', 'SimGrid')

    def test_the_command_line_library_outside_its_files_is_found(self):
        self.assert_finds({'app/run.cpp': '#include <CLI/CLI.hpp>\n'}, 'app/run.cpp:1', 'CLI11')

    def test_a_header_that_does_not_exist_is_found(self):
        self.assert_finds({'mds/a.cpp': '#include "mds/gone.hpp"\n'}, 'mds/a.cpp:1', 'not exist')

    def test_a_file_of_no_batch_is_found(self):
        wrong = CMAKE.replace('fmt::fmt)', 'fmt::fmt APART time "clock gone" COLD ALL)')
        self.assert_finds({'CMakeLists.txt': wrong, 'base/time.cpp': '', 'base/clock.cpp': ''},
                          'CMakeLists.txt:1', 'APART and COLD of base: there is no gone.cpp')

    def test_an_include_without_its_room_is_found(self):
        self.assert_finds({'mds/a.cpp': '#include "store.hpp"\n'}, 'mds/a.cpp:1', 'mds/store.hpp')

    def test_a_header_without_opening_comment_is_found(self):
        self.assert_finds({'mds/a.hpp': '#pragma once\n'}, 'mds/a.hpp:1', 'comment')

    def test_the_namespace_of_another_room_is_found(self):
        self.assert_finds({'mds/a.cpp': '\nnamespace rehearse::sim {\n}\n'}, 'mds/a.cpp:2',
                          'namespace of sim/')

    def test_a_name_in_another_case_is_found(self):
        self.assert_finds({'mds/Store.cpp': ''}, 'mds/Store.cpp:1', 'snake_case')

    def test_a_long_file_is_found_unless_it_is_listed(self):
        long_file = {'mds/a.cpp': '\n' * 501}
        self.assert_finds(long_file, 'mds/a.cpp:501', '501 lines')
        listed = {'tests/structure/exceptions.txt': 'file-length mds/a.cpp 501 one table\n'}
        self.assertEqual(self.problems({**long_file, **listed}), [])

    def test_a_long_function_is_found_unless_it_is_listed(self):
        body = 'void f() {\n' + '  g();\n' * 69 + '}\n'
        self.assert_finds({'mds/a.cpp': '\n' + body}, 'mds/a.cpp:2', 'f has 71 lines')
        listed = {'tests/structure/exceptions.txt': 'function-length mds/a.cpp#f 71 one switch\n'}
        self.assertEqual(self.problems({'mds/a.cpp': body, **listed}), [])

    def test_an_exception_that_nothing_needs_is_found(self):
        self.assert_finds({'mds/a.cpp': '', 'tests/structure/exceptions.txt':
                           '\nfile-length mds/a.cpp 600 it was long once\n'},
                          'tests/structure/exceptions.txt:2', 'take the line out')

    def test_an_exception_without_reason_is_found(self):
        self.assert_finds({'mds/a.cpp': '', 'tests/structure/exceptions.txt':
                           'file-length mds/a.cpp 600\n'},
                          'tests/structure/exceptions.txt:1', 'REASON')

    def test_many_files_over_the_median_are_found(self):
        self.assert_finds({f'mds/f{i}.cpp': '\n' * 160 for i in range(24)}, '.:1', 'median')

    def test_many_functions_over_the_quantile_are_found(self):
        body = 'void f() {\n' + '  g();\n' * 38 + '}\n'
        self.assert_finds({f'mds/f{i}.cpp': body for i in range(24)}, '.:1', '9 of 10 functions')

    def test_conflict_markers_machine_paths_and_registry_hosts_are_found(self):
        self.assert_finds({'docs/a.md': 'x\n' + '<' * 7 + ' main\n'}, 'docs/a.md:2', 'conflict')
        self.assert_finds({'docs/a.md': 'see /' + 'home/alice/x'}, 'docs/a.md:1', 'machine')
        self.assert_finds({'docs/a.md': 'https://registry.' + 'npmjs.org/x'}, 'docs/a.md:1', 'host')


class Functions(unittest.TestCase):
    def lengths(self, source):
        return [(f.name, f.line, f.length) for f in cpp_scan.functions(source)]

    def test_lengths_run_from_the_head_to_the_closing_brace(self):
        self.assertEqual(self.lengths('int x;\n\nvoid f(int a,\n       int b) {\n  g();\n}\n'),
                         [('f', 3, 4)])

    def test_braces_in_comments_literals_and_macros_do_not_count(self):
        self.assertEqual(self.lengths(
            '#define OPEN {\nvoid f() {\n  // }\n  a("}", \'}\', R"x(}})x");  /* } */\n  b(1\'000);\n}\n'),
            [('f', 2, 5)])

    def test_scopes_values_and_functions_are_told_apart(self):
        self.assertEqual(self.lengths(
            'namespace a {\nstruct B {\n  int x{1};\n  B() : x{2}, y_(3) { g(); }\n'
            '  bool operator<(const B& b) const { return x < b.x; }\n'
            '  static auto h() -> int { return 1; }\n};\n'
            'const int kTable[] = {1, 2};\nstd::function<void()> hook{};\n'
            'enum class E : int { one };\ntemplate <class T>\nT t() { return T{}; }\n}\n'),
            [('B', 4, 1), ('operator_', 5, 1), ('h', 6, 1), ('t', 11, 2)])

    def test_lambdas_belong_to_the_function_around_them(self):
        self.assertEqual(self.lengths('void f() {\n  auto g = [] { return 1; };\n  g();\n}\n'),
                         [('f', 1, 4)])

    def test_a_test_case_is_a_function_with_its_sentence_as_name(self):
        self.assertEqual(self.lengths('TEST_CASE("late is not newer", "[x]") {\n  f();\n}\n'),
                         [('late is not newer', 1, 3)])


if __name__ == '__main__':
    unittest.main()
