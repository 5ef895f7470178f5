"""A test of the tests: is a test that fails reported as failed?

    seeded_test.py ROOT BUILD CTEST

Makes a list of tests that fail on purpose, has CTEST run it, and looks at what is reported:

- the hidden cases of tests/support/catch_main.cpp in every test program, each under the properties
  that the program's own tests have;
- every script and program that is a test by itself, called with what it has to refuse (FAILING).
"""
import pathlib
import subprocess
import sys
import tempfile

import listed_tests
import skipped_tests

SEEDED = {
    'seeded: fails': 'failed',
    'seeded: throws': 'failed',
    'seeded: fails 77 times': 'failed',
    'seeded: asserts nothing': 'failed',
    'seeded: skips': 'skipped',
    'seeded: skips after an assertion': 'failed',
    'seeded: prints that it is skipped and fails': 'failed',
}

# For each script, and each program that is a test by itself: arguments with which it must fail.
# {source} is the tree, {empty} an empty folder, {liar} a program that does nothing and succeeds.
FAILING = {
    'bench': ['{empty}/none.json'],
    'check.py': ['{empty}'],
    'check_test.py': ['no_such_test'],
    'explore_mutant': ['{source}/tests/explore/mutants/mutants.json', 'no-such-mutant'],
    'first_minutes_test.py': ['no_such_test'],
    'format.sh': ['{source}', '{fails}'],
    'golden.py': ['check', '{liar}', 'loss-only'],
    'golden_test.py': ['no_such_test'],
    'launcher_test.py': ['no_such_test'],
    'lifecycle_mutant': ['{source}/tests/lifecycle/mutants/mutants.json', 'no-such-mutant'],
    'mutate.py': ['{source}/tests/explore/mutants/mutants.json', '--check', '{empty}'],
    'nets_test.py': ['no_such_test'],
    'poisson_test.py': ['{source}', '{liar}', '{source}/tests/scenarios/rows.csv'],
    'run.sh': ['{fails}', '{empty}', '10'],
    'same_bytes.py': ['{source}/scenarios/loss-only.json', '{liar}'],
    'schema_test.py': ['{source}', '{liar}'],
    'shipped_test.py': ['{source}', '{liar}'],
    'store_file_test.py': ['{liar}', 'again'],
    'tidy.sh': ['no-such-mode', '{source}'],
    'tidy_test.py': ['no_such_test'],
    'trace_test.py': ['{source}', '{liar}'],
}
FORGIVING = {'PASS_REGULAR_EXPRESSION', 'SKIP_REGULAR_EXPRESSION', 'WILL_FAIL', 'DISABLED'}


def properties_of(test):
    return {entry['name']: entry['value'] for entry in test['properties']}


def split(command):
    """What starts the test, and its name in FAILING: (["python3", "-B", "a.py"], "a.py")."""
    for i, word in enumerate(command):
        if word.endswith('.py'):
            return command[:i + 1], pathlib.PurePath(word).name
    name = pathlib.PurePath(command[0]).name
    mutant = next((m for m in ('explore_mutant', 'lifecycle_mutant') if name.startswith(m + '_')), None)
    return command[:1], mutant or name


class Seeds:
    def __init__(self, words):
        self.words, self.text, self.expected, self.problems = words, '', {}, []

    def add(self, name, command, properties, outcome):
        def quoted(value):
            value = ';'.join(value) if isinstance(value, list) else str(value)
            return f'[==[{value}]==]'
        self.expected[name] = outcome
        self.text += f'add_test({" ".join(map(quoted, [name, *command]))})\n'
        for key, value in properties.items():
            if key != 'WORKING_DIRECTORY':
                self.text += f'set_tests_properties({quoted(name)} PROPERTIES {key} {quoted(value)})\n'

    def add_like(self, test):
        """Seeds for the program or script of a test that is listed."""
        if 'command' not in test:
            self.problems.append(f'{test["name"]}: the program is not built')
            return
        start, key = split(test['command'])
        if key.endswith('_test'):
            for case, outcome in SEEDED.items():
                self.add(f'{key}: {case}', [*start, case], properties_of(test), outcome)
        elif key in FAILING:
            arguments = [argument.format(**self.words) for argument in FAILING[key]]
            self.add(start[-1], [*start, *arguments], properties_of(test), 'failed')
        else:
            self.problems.append(f'{key}: FAILING in {__file__} has no arguments with which it fails')


def seeds_for(listing, words):
    seeds, seen = Seeds(words), set()
    for test in listing['tests']:
        forgiving = FORGIVING & properties_of(test).keys()
        if forgiving:
            seeds.problems.append(f'{test["name"]}: {", ".join(forgiving)} would hide a failure')
        key = tuple(split(test.get('command', [test['name']]))[0])
        if key not in seen and not key[-1].endswith('seeded_test.py'):
            seen.add(key)
            seeds.add_like(test)
    return seeds


def run(seeds, ctest, folder):
    """What ctest reports of each seed."""
    (folder / 'CTestTestfile.cmake').write_text(seeds.text, encoding='utf-8')
    junit = folder / 'junit.xml'
    subprocess.run([ctest, '--test-dir', folder, '-j', '2', '--output-junit', junit], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return skipped_tests.outcomes(junit)


def main():
    root, build, ctest = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / 'empty').mkdir()
        words = {'source': root, 'empty': str(folder / 'empty'), 'liar': '/bin/true', 'fails': '/bin/false'}
        seeds = seeds_for(listed_tests.listing_of(build), words)
        reported = run(seeds, ctest, folder)
    for seed, outcome in seeds.expected.items():
        if reported.get(seed) != outcome:
            seeds.problems.append(f'{seed} is reported as {reported.get(seed)} and not as {outcome}')
    print(f'{len(seeds.expected)} tests that fail on purpose')
    if seeds.problems or not seeds.expected:
        sys.exit('\n'.join(seeds.problems))


if __name__ == '__main__':
    main()
