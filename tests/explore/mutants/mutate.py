#!/usr/bin/env python3
"""Writes a source file of a room with a bug in it: of the metadata service, or of the "room" that the
list of mutants names.

    mutate.py MUTANTS NAME ROOT OUTPUT     the changed copy of the mutant's file
    mutate.py MUTANTS --check ROOT         whether every mutant can still be made

A mutant names texts with what takes their place, all of one file of the room, whichever that is. A
text that does not stand exactly once in all of the room's sources is an error: the room has moved on,
and the mutant has to follow.
"""
import json
import pathlib
import sys


def mutated(mutant, sources):
    chosen = None
    for find, replace in mutant['edits']:
        holders = [path for path, text in sources.items() if find in text]
        count = sum(text.count(find) for text in sources.values())
        if count != 1:
            raise SystemExit(f"mutate.py: mutant {mutant['name']}: this stands {count} times in the "
                             f"room's sources in place of once:\n{find}")
        if chosen not in (None, holders[0]):
            raise SystemExit(f"mutate.py: mutant {mutant['name']} changes both {chosen} and "
                             f"{holders[0]}; one file is allowed")
        chosen = holders[0]
        sources = {**sources, chosen: sources[chosen].replace(find, replace)}
    return sources[chosen]


def main(mutants, name, root, output=None):
    listed = json.loads(pathlib.Path(mutants).read_text(encoding='utf-8'))
    known = listed['mutants']
    sources = {str(path): path.read_text(encoding='utf-8')
               for path in sorted(pathlib.Path(root, listed.get('room', 'mds')).rglob('*.cpp'))}
    if name == '--check':
        for mutant in known:
            mutated(mutant, sources)
        return
    chosen = [mutant for mutant in known if mutant['name'] == name]
    if len(chosen) != 1:
        raise SystemExit(f'mutate.py: {len(chosen)} mutants are called {name}')
    text = mutated(chosen[0], sources)
    path = pathlib.Path(output)
    if not path.exists() or path.read_text(encoding='utf-8') != text:
        path.write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main(*sys.argv[1:])
