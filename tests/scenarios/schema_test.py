"""Holds scenarios/scenario.schema.json to what the program does.

    schema_test.py SOURCE_FOLDER PROGRAM

- Every scenario that ships is valid under the schema, and so are everything.json and lifecycle.json,
  which use every object of the format.
- Every scenario of tests/app/broken is invalid under it, but for those that say "// schema: silent":
  they cannot be parsed, or are wrong in a way that a schema cannot express.
- In every object of these two the program knows the keys that the schema lists, no more and no
  less. The program tells them when it meets a key that it does not know.
- Every default that the schema states is what the program takes: writing it out changes nothing.
"""

import copy
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

import strict_json

SOURCE, PROGRAM = pathlib.Path(), ""
STRANGER = "a key that nobody knows"
SOMETIMES = {"cells"}  # known where the entity's type has parts
KNOWN = re.compile(r'unknown key "' + STRANGER + r'".*; known: (.*)$')


def schema():
    return json.loads((SOURCE / "scenarios/scenario.schema.json").read_text(encoding="utf-8"))


def validator():
    return jsonschema.Draft202012Validator(schema())


def problems(scenario):
    return [f"{error.json_path}: {error.message[:200]}" for error in validator().iter_errors(scenario)]


def resolve(node):
    """A schema node with its $ref followed."""
    while "$ref" in node:
        node = schema_at(node["$ref"])
    return node


def schema_at(reference):
    node = _SCHEMA
    for token in reference.removeprefix("#/").split("/"):
        node = node[token]
    return node


_SCHEMA = {}


def branches(node, value):
    """The schemas of objects and arrays under `node` that `value` is meant to fulfil, each with the
    keys that it and its alternatives list."""
    node = resolve(node)
    found = []
    for options in (node.get("oneOf", []), node.get("anyOf", [])):
        keys = {key for option in options for key in resolve(option).get("properties", {})}
        for option in options:
            if jsonschema.Draft202012Validator({**option, "$defs": _SCHEMA["$defs"]}).is_valid(value):
                found += [(branch, own | keys) for branch, own in branches(option, value)]
    if "properties" in node or "items" in node or isinstance(node.get("additionalProperties"), dict):
        found.append((node, set(node.get("properties", {}))))
    return found


def walk(node, value, path=()):
    """Yields (path, object schema, keys of its alternatives too) for every object in `value` that
    has fixed keys."""
    for branch, keys in branches(node, value):
        if isinstance(value, dict) and "properties" in branch:
            yield path, branch, keys
        if isinstance(value, dict):
            for key, member in value.items():
                below = branch.get("properties", {}).get(key, branch.get("additionalProperties"))
                if isinstance(below, dict):
                    yield from walk(below, member, path + (key,))
        if isinstance(value, list) and isinstance(branch.get("items"), dict):
            for index, item in enumerate(value):
                yield from walk(branch["items"], item, path + (index,))


def at(value, path):
    for token in path:
        value = value[token]
    return value


class Folder:
    """A temporary folder with the files that the two scenarios name."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="rehearse-schema-")
        self.path = pathlib.Path(self._folder.name)
        for name in ("rows.csv", "clicks.csv", "provider.json"):
            shutil.copy(SOURCE / "tests/scenarios" / name, self.path)

    def run(self, command, scenario, *arguments):
        file = self.path / "scenario.json"
        file.write_text(json.dumps(scenario), encoding="utf-8")
        return subprocess.run([PROGRAM, command, str(file), *arguments], capture_output=True, text=True,
                              check=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()


WHOLE = ("everything.json", "lifecycle.json")


def load(name):
    return strict_json.load_scenario(SOURCE / "tests/scenarios" / name)


def objects():
    """(scenario's name, path, object schema, keys of its alternatives too) of both."""
    return [(name, *found) for name in WHOLE for found in walk(_SCHEMA, load(name))]


class SchemaTest(unittest.TestCase):
    def test_the_schema_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(schema())

    def test_shipped_scenarios_are_valid(self):
        files = [f for f in sorted((SOURCE / "scenarios").rglob("*.json")) if f.name != "scenario.schema.json"]
        self.assertGreaterEqual(len(files), 5)
        whole = [SOURCE / "tests/scenarios" / name for name in WHOLE]
        for file in files + [SOURCE / "tests/app/valid.json"] + whole:
            with self.subTest(file.name):
                self.assertEqual(problems(strict_json.load_scenario(file)), [])

    def test_broken_scenarios_are_invalid(self):
        for file in sorted((SOURCE / "tests/app/broken").glob("*.json")):
            silent = b"// schema: silent" in file.read_bytes()
            with self.subTest(file.name):
                try:
                    found = problems(strict_json.load_scenario(file))
                except (ValueError, OSError, RecursionError):
                    found = []
                self.assertEqual(found == [], silent)

    def test_the_program_knows_the_keys_of_the_schema(self):
        self.assertGreater(len(objects()), 80)
        seen = set()
        with Folder() as folder:
            for name, path, branch, keys in objects():
                with self.subTest("/".join(map(str, (name,) + path))):
                    scenario = load(name)
                    at(scenario, path)[STRANGER] = 1
                    done = folder.run("validate", scenario)
                    self.assertEqual(done.returncode, 2)
                    known = KNOWN.search(' '.join(done.stderr.split()))
                    self.assertIsNotNone(known, done.stderr)
                    names = set(known[1].split(", "))
                    missing = set(branch["properties"]) - names
                    seen |= names
                    self.assertEqual(missing - SOMETIMES, set())
                    self.assertEqual(names - keys, set())
        self.assertEqual(SOMETIMES - seen, set())

    def test_the_program_takes_the_defaults_of_the_schema(self):
        with Folder() as folder:
            plain = {name: folder.run("run", load(name), "--format", "json") for name in WHOLE}
            for name in WHOLE:
                self.assertIn(plain[name].returncode, (0, 1), plain[name].stderr)
            checked = 0
            for name, path, branch, _ in objects():
                for key, property_schema in branch["properties"].items():
                    scenario = load(name)
                    if "default" not in property_schema or key in at(scenario, path):
                        continue
                    at(scenario, path)[key] = copy.deepcopy(property_schema["default"])
                    with self.subTest("/".join(map(str, (name,) + path + (key,)))):
                        done = folder.run("run", scenario, "--format", "json")
                        self.assertEqual((done.stderr, done.stdout), (plain[name].stderr, plain[name].stdout))
                        checked += 1
            self.assertGreater(checked, 60)


if __name__ == "__main__":
    SOURCE, PROGRAM = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    _SCHEMA = schema()
    unittest.main(argv=sys.argv[:1])
