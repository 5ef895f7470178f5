#!/usr/bin/env python3
"""Writes a source file of the metadata service with a bug in it.

    mutate.py MUTANTS NAME ROOT OUTPUT     the changed copy of the mutant's file
    mutate.py MUTANTS --check ROOT         whether every mutant can still be made

A mutant names texts with what takes their place, all of one file of the service, whichever that is.
A text that does not stand exactly once in all of the service's sources is an error: the service has
moved on, and the mutant has to follow.
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
                             f"service's sources in place of once:\n{find}")
        if chosen not in (None, holders[0]):
            raise SystemExit(f"mutate.py: mutant {mutant['name']} changes both {chosen} and "
                             f"{holders[0]}; one file is allowed")
        chosen = holders[0]
        sources = {**sources, chosen: sources[chosen].replace(find, replace)}
    return sources[chosen]


def main(mutants, name, root, output=None):
    known = json.loads(pathlib.Path(mutants).read_text(encoding='utf-8'))['mutants']
    sources = {str(path): path.read_text(encoding='utf-8')
               for path in sorted(pathlib.Path(root, 'mds').rglob('*.cpp'))}
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
