"""Are all tests listed that the sources hold? A test that nobody lists passes unseen.

    listed_tests.py ROOT BUILD [ROOM...]

Compares what `ctest -N` lists in the folder BUILD with the sources in ROOT, whatever the labels:

- tests/ROOM/*.cpp and tests/ROOM/validation/*.cpp are the program ROOM_test. Each TEST_CASE( at the beginning of a line is one test,
  and each use of a macro of the file makes as many as the macro holds. A test case with GENERATE or
  sections is one. What Catch2 would make several of (TEMPLATE_TEST_CASE) is not allowed.
- Each add_test( in a CMakeLists.txt of tests/ and bench/, and each call of a function around one, has
  made at least one test.
- Each test that tests/skips.txt names exists.

With ROOMs, for a tree that builds some rooms only: the first point for these, and nothing else.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'structure'))
import cpp_scan  # noqa: E402

import skipped_tests  # noqa: E402

NOT_COUNTED = re.compile(r'^[ \t]*((?:TEMPLATE|METHOD_AS|REGISTER|ANON|SCENARIO)\w*|TEST_CASE_METHOD'
                         r'|(?<=[ \t])TEST_CASE)\(', re.M)
MACRO = re.compile(r'^#define (\w+)\(((?:\\\n|[^\n])*)', re.M)


def cases_in(text):
    """How many test cases a C++ file holds, and what it writes that cannot be counted."""
    code = cpp_scan.blank(text)
    makers = {'TEST_CASE': 1}
    for name, body in MACRO.findall(text):
        makers[name] = len(re.findall(r'\bTEST_CASE\(', body))
    cases = sum(each * len(re.findall(rf'^{name}\(', code, re.M)) for name, each in makers.items())
    return cases, [match.group(1) for match in NOT_COUNTED.finditer(code)]


def check_programs(root, listing, rooms):
    """Problems, one line each."""
    listed, problems = collections.Counter(), []
    for test in listing['tests']:
        listed[pathlib.PurePath(test.get('command', [''])[0]).name] += 1
    held = collections.Counter()
    for path in sorted([*root.glob('tests/*/*.cpp'), *root.glob('tests/*/validation/*.cpp')]):
        cases, uncounted = cases_in(path.read_text(encoding='utf-8'))
        held[path.relative_to(root).parts[1]] += cases
        problems += [f'{path.relative_to(root)}: {name} is not counted; write TEST_CASE at the '
                     'beginning of a line' for name in uncounted]
    del held['support']  # whose tests are in every program, hidden
    for room in rooms or sorted(held):
        if held[room] != listed[f'{room}_test']:
            problems.append(f'tests/{room} holds {held[room]} test cases, and '
                            f'{listed[f"{room}_test"]} of {room}_test are listed')
    return problems


def callers_of_add_test(texts):
    """add_test and every function that calls it, or one that does."""
    names, before = {'add_test'}, 0
    while len(names) > before:
        before = len(names)
        for text in texts:
            for name, body in re.findall(r'^function\((\w+)(.*?)^endfunction', text, re.M | re.S):
                if re.search(rf'^\s*(?:{"|".join(names)})\(', body, re.M):
                    names.add(name)
    return names


def check_scripts(root, listing):
    graph = listing['backtraceGraph']
    reached = {(graph['files'][node['file']], node.get('line')) for node in graph['nodes']}
    files = {path: path.read_text(encoding='utf-8')
             for folder in ('tests', 'bench') for path in sorted(root.glob(f'{folder}/**/CMakeLists.txt'))}
    call = re.compile(rf'\s*(?:{"|".join(callers_of_add_test(files.values()))})\(')
    return [f'{path.relative_to(root)}:{number}: no test is listed that is made here: {line.strip()}'
            for path, text in files.items()
            for number, line in enumerate(text.splitlines(), 1)
            if call.match(line) and (str(path), number) not in reached]


def check_skips(root, listing):
    names = {test['name'] for test in listing['tests']}
    return [f'tests/skips.txt: there is no test "{name}"'
            for name in skipped_tests.read_list(root / 'tests/skips.txt') if name not in names]


def listing_of(build):
    return json.loads(subprocess.run(['ctest', '--test-dir', build, '--show-only=json-v1'],
                                     check=True, capture_output=True, text=True).stdout)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    root, rooms = pathlib.Path(sys.argv[1]).resolve(), sys.argv[3:]
    listing = listing_of(sys.argv[2])
    problems = check_programs(root, listing, rooms)
    if not rooms:
        problems += check_scripts(root, listing) + check_skips(root, listing)
    print(f'{len(listing["tests"])} tests are listed')
    if problems:
        sys.exit('\n'.join(problems) + '\nthe tests that are listed are not those of the sources')


if __name__ == '__main__':
    main()
