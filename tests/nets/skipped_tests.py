"""Was any test skipped that may not be? Where all is installed, only those of tests/skips.txt may.

    skipped_tests.py JUNIT...

JUNIT is what `ctest --output-junit` wrote. A line of tests/skips.txt is "NAME | REASON".
"""
import pathlib
import sys
import xml.etree.ElementTree

LIST = pathlib.Path(__file__).resolve().parents[1] / 'skips.txt'


def read_list(path):
    """The names of the tests that may be skipped."""
    names = []
    for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        name, _, reason = (part.strip() for part in line.partition(' | '))
        if not name or not reason:
            sys.exit(f'{path}:{number}: expected "NAME | REASON"')
        names.append(name)
    return names


def outcomes(junit):
    """What became of each test: passed, failed or skipped."""
    found = {}
    for case in xml.etree.ElementTree.parse(junit).getroot().iter('testcase'):
        skipped = case.find('skipped') is not None or case.get('status') in ('notrun', 'disabled')
        found[case.get('name')] = ('failed' if case.find('failure') is not None else
                                   'skipped' if skipped else 'passed')
    return found


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    listed = set(read_list(LIST))
    unlisted = [name for junit in sys.argv[1:] for name, outcome in outcomes(junit).items()
                if outcome == 'skipped' and name not in listed]
    for name in unlisted:
        print(f'skipped, and not in tests/skips.txt: {name}')
    sys.exit(1 if unlisted else 0)


if __name__ == '__main__':
    main()
