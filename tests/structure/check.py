#!/usr/bin/env python3
"""Holds the source tree to its structure. Prints one line "FILE:LINE: what is wrong" a finding and
ends with status 1 when there is any.

    check.py ROOT

Checked: includes between rooms go along the CALLS lines of CMakeLists.txt (those of tests to any room
below), which list no more than is used, the rooms are those of the architecture, and the files that it
names exist; words of the field name one type each; SimGrid is included in sim/ and models/ alone, CLI11
in three files of app/; a file opens the namespace of its room; lengths of files and functions, but for
what exceptions.txt lists with its reason; headers open with a comment; file names; no conflict markers,
machine paths or registry hosts in any text file.
"""
import pathlib
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import cpp_scan  # noqa: E402

MEDIAN_FILE, LONGEST_FILE = 150, 500
P90_FUNCTION, LONGEST_FUNCTION = 30, 70
MEDIAN_NEEDS = 20  # fewer files or functions than this have no meaningful quantile

# Outside libraries that only some folders or files may include. The calendar's floor in bench/ is
# SimGrid's; CLI11 costs seconds in every file that sees it.
CONFINED = [
    (re.compile(r'^(simgrid|xbt)/'), {'sim', 'models', 'bench'}, 'SimGrid'),
    (re.compile(r'^CLI/'),
     {'app/command_line.cpp', 'app/program.cpp', 'app/help_formatter.hpp'}, 'CLI11'),
]
TEXT_SUFFIXES = {'.cpp', '.hpp', '.py', '.sh', '.md', '.txt', '.cmake', '.json', '.csv', '.ts', ''}
# Written so that this file does not find itself.
FORBIDDEN = [
    (re.compile(r'^(<{7}|>{7}|={7})( |$)'), 'a conflict marker'),
    (re.compile(r'(?<![\w.$}>])/(work|home|root|Users)/\w'), 'a path of one machine'),
    (re.compile(r'\b(deb|security)\.debian\.org|registry\.(npmjs|yarnpkg)\.\w+|proxy\.golang\.org'
                r'|\bpypi\.org|static\.crates\.io'), 'the host of a package registry'),
]


# The rooms there may be, those to come included, from the lowest: a room calls lower ones alone.
LAYERS = [{'base'}, {'stats'}, {'drift', 'rollout', 'learning'}, {'lifecycle', 'sim', 'world', 'mds'},
          {'models', 'explore'}, {'measure'}, {'reports'}, {'experiments'}, {'planning', 'portal'},
          {'app'}]
LAYER_OF = {room: layer for layer, rooms in enumerate(LAYERS) for room in rooms}
# What is proven about the service alone must not need the simulator.
CALLED_BY_EXPLORE = {'world', 'mds', 'stats', 'base'}
# Folders with C++ that are no rooms.
NO_ROOMS = {'tests', 'bench'}
# The folders of rooms that have any.
FOLDERS = {
    'base': {'text', 'os'},
    'mds': {'contract', 'hydration', 'upkeep', 'store', 'graph', 'service'},
    'explore': {'system', 'search', 'sampling', 'tell'},
    'models': {'sources', 'transport', 'faults', 'host', 'lifecycle'},
    'experiments': {'scenario'},
    'planning': {'sweep', 'plan', 'fit'},
}
# Words of the field that mean one thing in all rooms.
ONE_MEANING = ('Verdict', 'Interval', 'Response', 'Finding', 'Question', 'Truth', 'Api')


@dataclass
class Tree:
    root: pathlib.Path
    calls: dict = field(default_factory=dict)  # room -> rooms whose headers it may include
    exceptions: dict = field(default_factory=dict)  # (kind, subject) -> (limit, line)
    needed: set = field(default_factory=set)  # the exceptions that something makes use of
    problems: list = field(default_factory=list)

    def report(self, path, line, what):
        self.problems.append(f'{path}:{line}: {what}')

    def files(self):
        """Every file that git knows or would take, sorted; those of build/ and out/ are neither."""
        try:
            listed = subprocess.run(
                ['git', '-C', self.root, 'ls-files', '-co', '--exclude-standard'],
                check=True, capture_output=True, text=True).stdout.splitlines()
        except (OSError, subprocess.CalledProcessError):
            skipped = {'build', 'out', 'node_modules', '.git'}
            listed = [str(p.relative_to(self.root)) for p in self.root.rglob('*') if p.is_file()]
            listed = [p for p in listed if pathlib.PurePath(p).parts[0] not in skipped]
        return sorted(pathlib.PurePath(p) for p in set(listed) if (self.root / p).is_file())

    def text(self, path):
        try:
            return (self.root / path).read_text(encoding='utf-8')
        except UnicodeDecodeError:
            return None  # no text file


def room_lines(tree):
    return re.sub(r'\n\s+(?!\s|rehearse_room)', ' ', tree.text('CMakeLists.txt')).splitlines()


def read_calls(tree):
    for line in room_lines(tree):
        match = re.match(r'\s*rehearse_room\((\w+)(?:\s+CALLS\s+([\w\s]*?))?(?:\s+USES\b.*)?\)', line)
        if match:
            tree.calls[match.group(1)] = set((match.group(2) or '').split())


def check_batches(tree, paths):
    """The files that APART and COLD name (cmake/batches.cmake) are there."""
    for line in room_lines(tree):
        match = re.match(r'\s*rehearse_room\((\w+).*?\s(?:APART|COLD)\s(.*)\)', line)
        if not match:
            continue
        room = match.group(1)
        files = {path.stem for path in paths if path.parts[0] == room and path.suffix == '.cpp'}
        for name in re.findall(r'\w+', match.group(2)):
            if name not in files | {'APART', 'COLD', 'ALL'}:
                tree.report('CMakeLists.txt', 1, f'APART and COLD of {room}: there is no {name}.cpp')


def read_exceptions(tree):
    """Lines "KIND SUBJECT LIMIT REASON", KIND being file-length or function-length."""
    name = 'tests/structure/exceptions.txt'
    if not (tree.root / name).exists():
        return
    for number, line in enumerate(tree.text(name).splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        words = line.split(None, 3)
        if len(words) < 4 or not words[2].isdigit():
            tree.report(name, number, 'expected "KIND SUBJECT LIMIT REASON"')
        elif words[0] not in ('file-length', 'function-length'):
            tree.report(name, number, f'unknown kind {words[0]}')
        elif not (tree.root / words[1].split('#')[0]).exists():
            tree.report(name, number, f'{words[1]} does not exist')
        else:
            tree.exceptions[words[0], words[1]] = int(words[2]), number


def limit_of(tree, kind, subject, length, otherwise):
    if length <= otherwise or (kind, subject) not in tree.exceptions:
        return otherwise
    tree.needed.add((kind, subject))
    return tree.exceptions[kind, subject][0]


def check_exceptions(tree):
    for key in tree.exceptions.keys() - tree.needed:
        tree.report('tests/structure/exceptions.txt', tree.exceptions[key][1],
                    f'{key[1]} is within the general limit: take the line out')


def room_of(tree, path):
    """The room that a file is in or tests, and whether it is a test."""
    parts = path.parts
    if parts[0] in tree.calls:
        return parts[0], False
    if len(parts) > 2 and parts[0] == 'tests' and parts[1] in tree.calls:
        return parts[1], True
    return None, False


def below(tree, room):
    """The rooms that a room calls, and those that they call."""
    found, waiting = set(), [room]
    while waiting:
        new = tree.calls.get(waiting.pop(), set()) - found
        found |= new
        waiting += sorted(new)
    return found


def check_includes(tree, path, text):
    room, is_test = room_of(tree, path)
    # A test makes what its room is given, and judges what it gives.
    allowed_rooms = below(tree, room) if is_test else tree.calls.get(room, set())
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^">]+)[">]', line)
        if not match:
            continue
        quoted, target = match.group(1) == '"', match.group(2)
        folder = target.split('/')[0] if '/' in target else None
        for pattern, allowed, library in CONFINED:
            if pattern.match(target) and not allowed & {path.parts[0], room, str(path)}:
                tree.report(path, number, f'{library} is included outside '
                            f'{", ".join(sorted(allowed))}')
        if room is None:
            continue
        if folder in tree.calls:
            if not quoted:
                tree.report(path, number, f'<{target}>: headers of rooms are included in quotes')
            if folder != room and folder not in allowed_rooms:
                tree.report(path, number, f'{room}/ may not call {folder}/ '
                            f'(CALLS of {room} in CMakeLists.txt)')
            if not (tree.root / target).exists():
                tree.report(path, number, f'{target} does not exist')
        elif quoted and not is_test and (tree.root / path.parent / target).exists():
            tree.report(path, number, f'"{target}": write it "{room}/{target}"')


def check_edges(tree, sources):
    """CALLS lists what a room's files use and no more, and goes down."""
    used = {room: set() for room in tree.calls}
    for path, text in sources.items():
        if path.parts[0] in used:
            used[path.parts[0]] |= set(re.findall(r'^\s*#\s*include\s*"(\w+)/',
                                                  cpp_scan.without_comments(text), re.MULTILINE))
    for room, called in tree.calls.items():
        if room not in LAYER_OF:
            tree.report('CMakeLists.txt', 1, f'{room} is no room of the architecture: '
                        f'{", ".join(sorted(LAYER_OF))}')
            continue
        for unused in sorted(called - used[room]):
            tree.report('CMakeLists.txt', 1, f'{room} does not use {unused}: take it out of CALLS')
        for other in sorted(called & LAYER_OF.keys()):
            if LAYER_OF[other] >= LAYER_OF[room] or (
                    room == 'explore' and other not in CALLED_BY_EXPLORE):
                tree.report('CMakeLists.txt', 1, f'{room} may not call {other}: calls go down')


def check_places(tree, sources):
    """C++ lies in rooms, and in folders that they have."""
    for path in sources:
        room = path.parts[0]
        if len(path.parts) > 1 and room not in tree.calls and room not in NO_ROOMS:
            tree.report(path, 1, f'{room}/ is no room: CMakeLists.txt declares none of that name')
        elif room in tree.calls and len(path.parts) > 2 and (
                len(path.parts) > 3 or path.parts[1] not in FOLDERS.get(room, set())):
            tree.report(path, 1, f'{room}/ has no folder {"/".join(path.parts[1:-1])}')


def definitions(word, text):
    """Where a type of that name is defined, nested ones and aliases included."""
    attributes = r'(?:\[\[[^\]]*\]\]\s*)*'
    return [match.start() for match in re.finditer(
        rf'\b(?:struct|class|union|enum(?:\s+(?:class|struct))?)\s+{attributes}{word}'
        rf'\s*(?:final\s*)?[{{:]|\busing\s+{word}\s*=|\btypedef\b[^;]*\b{word}\s*;',
        cpp_scan.blank(text))]


def check_meanings(tree, sources):
    """A word of the field names one type."""
    for word in ONE_MEANING:
        places = [(path, text.count('\n', 0, start) + 1) for path, text in sources.items()
                  if path.parts[0] in tree.calls for start in definitions(word, text)]
        for path, number in places[1:]:
            tree.report(path, number, f'{word} is a type of {places[0][0]} already')


def check_names(tree, path, text):
    if not re.fullmatch(r'[a-z0-9_]+\.(cpp|hpp)', path.name):
        tree.report(path, 1, 'file names are snake_case.cpp or .hpp')
    room, is_test = room_of(tree, path)
    if room in (None, 'base') or is_test:
        return
    blanked = cpp_scan.blank(text)
    for match in re.finditer(r'\bnamespace\s+rehearse::(\w+)[\w:]*\s*\{', blanked):
        if match.group(1) != room:
            tree.report(path, blanked.count('\n', 0, match.start()) + 1,
                        f'opens the namespace of {match.group(1)}/ in {room}/')


def check_opening(tree, path, text):
    if path.suffix == '.hpp' and not text.startswith('//'):
        tree.report(path, 1, 'a header opens with a comment that says what it is')
    if path.suffix == '.hpp' and '#pragma once' not in text:
        tree.report(path, 1, 'a header has #pragma once')


def quantile(values, share):
    """The nearest-rank quantile."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def check_file_lengths(tree, sources):
    lengths = {path: text.count('\n') for path, text in sources.items()}
    for path, length in lengths.items():
        limit = limit_of(tree, 'file-length', str(path), length, LONGEST_FILE)
        if length > limit:
            tree.report(path, limit + 1, f'{length} lines in a file; {limit} are allowed')
    if len(lengths) >= MEDIAN_NEEDS and statistics.median(lengths.values()) >= MEDIAN_FILE:
        tree.report('.', 1, f'the median file has {statistics.median(lengths.values()):g} lines; '
                    f'under {MEDIAN_FILE} are allowed')


def check_function_lengths(tree, sources):
    lengths = []
    for path, text in sources.items():
        for function in cpp_scan.functions(text):
            lengths.append(function.length)
            subject = f'{path}#{function.name}'.replace(' ', '_')
            limit = limit_of(tree, 'function-length', subject, function.length, LONGEST_FUNCTION)
            if function.length > limit:
                tree.report(path, function.line, f'{function.name} has {function.length} lines; '
                            f'{limit} are allowed (listed as {subject})')
    if len(lengths) >= MEDIAN_NEEDS and quantile(lengths, 90) >= P90_FUNCTION:
        tree.report('.', 1, f'9 of 10 functions are within {quantile(lengths, 90)} lines; '
                    f'under {P90_FUNCTION} are allowed')
    return lengths


def check_text(tree, path, text):
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in FORBIDDEN:
            if pattern.search(line):
                tree.report(path, number, f'holds {what}')


def check_case(tree, paths):
    """Names that differ in case alone are one file on some machines."""
    seen = {}
    for path in paths:
        other = seen.setdefault(str(path).lower(), path)
        if other != path:
            tree.report(path, 1, f'differs from {other} in case alone')


def check_tree(root):
    tree = Tree(pathlib.Path(root))
    read_calls(tree)
    read_exceptions(tree)
    paths = tree.files()
    check_case(tree, paths)
    sources = {}
    for path in paths:
        text = tree.text(path) if path.suffix in TEXT_SUFFIXES else None
        if text is None:
            continue
        if path.parts[:2] != ('tests', 'structure'):  # whose own tests hold what is forbidden
            check_text(tree, path, text)
        if path.suffix in ('.cpp', '.hpp'):
            sources[path] = text
            check_includes(tree, path, text)
            check_names(tree, path, text)
            check_opening(tree, path, text)
    check_batches(tree, paths)
    check_edges(tree, sources)
    check_places(tree, sources)
    check_meanings(tree, sources)
    check_file_lengths(tree, sources)
    tree.function_lengths = check_function_lengths(tree, sources)
    check_exceptions(tree)
    tree.file_lengths = [text.count('\n') for text in sources.values()]
    return tree


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    tree = check_tree(sys.argv[1])
    for problem in tree.problems:
        print(problem)
    if tree.file_lengths and tree.function_lengths:
        print(f'{len(tree.file_lengths)} files, median {statistics.median(tree.file_lengths):g} '
              f'lines, longest {max(tree.file_lengths)}; {len(tree.function_lengths)} functions, '
              f'9 of 10 within {quantile(tree.function_lengths, 90)} lines, '
              f'longest {max(tree.function_lengths)}')
    return 1 if tree.problems else 0


if __name__ == '__main__':
    sys.exit(main())
