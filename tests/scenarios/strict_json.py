"""Reads scenario files as the program does: JSON with comments, `extends` as a JSON Merge Patch."""

import json
import pathlib
import re

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def strip_comments(text):
    return _TOKEN.sub(lambda found: found[0] if found[0].startswith('"') else " ", text)


def load(path):
    return json.loads(strip_comments(pathlib.Path(path).read_text(encoding="utf-8")))


def merge(target, patch):
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def load_scenario(path):
    """The scenario with all that it extends."""
    path = pathlib.Path(path)
    own = load(path)
    if not isinstance(own, dict) or "extends" not in own:
        return own
    parent = load_scenario(path.parent / own.pop("extends"))
    return merge(parent, own)
