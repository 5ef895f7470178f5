#!/usr/bin/env python3
"""Holds the outputs of Rehearse to those kept in expected/. README.md says what is kept.

    golden.py check PROGRAM [NAME ...]      status 1 where one differs, and what differs
    golden.py update PROGRAM [NAME ...]     rewrites them and shows what changed
    golden.py list                          every golden with its command
    golden.py covered                       every shipped scenario has a golden, or a reason why not

A NAME may hold wildcards ('incidents/*'). Without one check takes those that are not long, and
update takes all. check --unoptimised leaves out what takes too long in a Debug or sanitizer build.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import differences  # noqa: E402
import outputs  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = HERE / "expected"
ALL_OF_THEM = 3_000_000  # bytes; the repository stays small


def listed():
    with open(HERE / "goldens.json", encoding="utf-8") as file:
        return json.load(file)


def chosen(names, otherwise):
    """The goldens that the names stand for; those that `otherwise` takes where there is none."""
    goldens = listed()["goldens"]
    if not names:
        return [golden for golden in goldens if otherwise(golden)]
    for name in names:
        if not fnmatch.filter([golden["name"] for golden in goldens], name):
            sys.exit(f"no golden is named {name}; golden.py list shows them")
    return [golden for golden in goldens
            if any(fnmatch.fnmatchcase(golden["name"], name) for name in names)]


def stored(golden):
    """The files of a golden, text by name."""
    folder = EXPECTED / golden["name"]
    if not folder.is_dir():
        return {}
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())
            if path.is_file()}


def made(goldens, program):
    """(golden, its files now) in order, as many at a time as there are cores. Of a command that failed
    it says so, and gives None."""
    def attempt(golden):
        try:
            return outputs.files_of(golden, program)
        except outputs.Failed as failure:
            return failure
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for golden, result in zip(goldens, pool.map(attempt, goldens)):
            if isinstance(result, outputs.Failed):
                print(f"{golden['name']} has no result:\n{result}", flush=True)
                result = None
            yield golden, result


def check(options):
    def in_every_check(golden):
        return not golden.get("long") and not (options.unoptimised and golden.get("optimised"))
    wrong, failed, of = [], 0, chosen(options.names, in_every_check)
    for golden, now in made(of, options.program):
        if now is None:
            failed += 1
            continue
        text = differences.told(stored(golden), now)
        if text:
            wrong.append(golden["name"])
            print(f"{golden['name']} differs from tests/golden/expected/{golden['name']}:\n{text}\n"
                  f"  made by: rehearse {golden['command']}\n", flush=True)
    if wrong:
        print("Where the change is meant: ./check --update-golden", *wrong[:20],
              *(["..."] if len(wrong) > 20 else []))
    if wrong or failed:
        return 1
    print(f"{len(of)} as kept")
    return 0


def write(golden, files):
    folder = EXPECTED / golden["name"]
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_file() and path.name not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def folders_of_none():
    """Folders with golden files that goldens.json does not name."""
    names = {golden["name"] for golden in listed()["goldens"]}
    return sorted(path for path in {file.parent for file in EXPECTED.rglob("*") if file.is_file()}
                  if str(path.relative_to(EXPECTED)) not in names)


def print_changes(changes):
    """As git diff --stat does."""
    width = max(len(name) for name, _, _ in changes)
    for name, removed, added in changes:
        scale = min(1, 40 / max(1, removed + added))
        bar = "+" * round(added * scale) + "-" * round(removed * scale)
        print(f" {name:{width}} | {removed + added:5} {bar}")
    print(f" {len(changes)} files changed, {sum(c[2] for c in changes)} lines added, "
          f"{sum(c[1] for c in changes)} removed")


def update(options):
    goldens, changes, failed = chosen(options.names, lambda _: True), [], 0
    for golden, now in made(goldens, options.program):
        if now is None:
            failed += 1
            continue
        before = stored(golden)
        text = differences.told(before, now)
        if not text:
            continue
        print(f"{golden['name']}\n{text}", flush=True)
        for name in sorted(before.keys() | now.keys()):
            if before.get(name) != now.get(name):
                changes.append((f"{golden['name']}/{name}",
                                *differences.counted(before.get(name, ""), now.get(name, ""))))
        write(golden, now)
    for folder in folders_of_none():
        print(f"{folder.relative_to(EXPECTED)}\n  goldens.json no longer names it")
        shutil.rmtree(folder)
    if changes:
        print_changes(changes)
    else:
        print(f"nothing changed in {len(goldens) - failed} goldens")
    return 1 if failed else 0


def covered(_):
    known, problems = listed(), []
    words = {word for golden in known["goldens"] for word in golden["command"].split()}
    shipped = {str(path.relative_to(outputs.ROOT)) for path in (outputs.ROOT / "scenarios").rglob("*.json")
               if not path.name.endswith(".schema.json")}
    for scenario in sorted(shipped - words - known["without"].keys()):
        problems.append(f"{scenario} has no golden: name it in tests/golden/goldens.json, then "
                        "./check --update-golden")
    for scenario in sorted(known["without"]):
        if scenario not in shipped:
            problems.append(f"goldens.json, without: {scenario} does not exist")
        elif scenario in words:
            problems.append(f"goldens.json, without: {scenario} has a golden")
    names = [golden["name"] for golden in known["goldens"]]
    problems += [f"goldens.json: {name} is there twice" for name in sorted(names)
                 if names.count(name) > 1]
    problems += [f"{name} has no files: ./check --update-golden '{name}'" for name in names
                 if not (EXPECTED / name).is_dir()]
    problems += [f"{folder} belongs to no golden" for folder in folders_of_none()]
    size = sum(path.stat().st_size for path in EXPECTED.rglob("*") if path.is_file())
    if size > ALL_OF_THEM:
        problems.append(f"the goldens have {size} bytes; {ALL_OF_THEM} are allowed")
    print("\n".join(problems) or f"{len(shipped)} scenarios, {len(names)} goldens, {size} bytes")
    return 1 if problems else 0


def show_list(_):
    for golden in listed()["goldens"]:
        print(f"{golden['name']}{' (long)' if golden.get('long') else ''}: rehearse {golden['command']}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(required=True, metavar="MODE")
    for name, action in (("check", check), ("update", update), ("list", show_list),
                         ("covered", covered)):
        mode = modes.add_parser(name)
        mode.set_defaults(action=action)
        if action in (check, update):
            mode.add_argument("program", type=os.path.abspath)
            mode.add_argument("names", nargs="*", metavar="NAME")
        if action is check:
            mode.add_argument("--unoptimised", action="store_true")
    options = parser.parse_args()
    return options.action(options)


if __name__ == "__main__":
    sys.exit(main())
