"""Runs the command of a golden and gives its outputs in the form in which goldens keep them.

A golden is {"name", "command"} and what goldens.json says besides; README.md tells which outputs are
kept, and in what form.
"""
import collections
import hashlib
import json
import pathlib
import re
import shlex
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
IN_REACH = ("scenarios", "tests")  # folders that a command may name
SUFFIXES = {".csv", ".json", ".mmd", ".txt", ".xml"}  # outputs that are text to be kept
LEFT_OUT = {"perf.json"}
TRACE = "trace.jsonl"
KIND = re.compile(rb'\{(?:"at":-?\d+,)?"kind":"(\w+)"')  # at the begin of each record

# A text up to so many bytes is kept whole, JSON longer than tables; of a larger one its beginning
# and end.
LARGE, LARGE_JSON = 20_000, 40_000
BEGINNING, END = 60, 20  # lines
DIVERGENCES = 20  # of a summary, which stays JSON
TIMEOUT = 1800  # seconds, for runs that hang


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def without_version(text):
    """A release alone changes no golden."""
    text = re.sub(r'^  "version": "[^"]*",\n', "", text, flags=re.MULTILINE)
    return re.sub(r',\n  "version": "[^"]*"$', "", text, flags=re.MULTILINE)


def fewer_divergences(text):
    """The list without its middle; one divergence is one line."""
    match = re.search(r'^  "divergences": \[\n((?:    .*\n)*)  \]', text, flags=re.MULTILINE)
    rows = match.group(1).splitlines(keepends=True) if match else []
    if len(rows) <= DIVERGENCES:
        return text
    hidden = rows[DIVERGENCES - 1:-1]
    note = f'    {{"more":{len(hidden)},"sha256":"{sha256("".join(hidden))}"}},\n'
    return (text[:match.start(1)] + "".join(rows[:DIVERGENCES - 1]) + note + rows[-1] +
            text[match.end(1):])


def shortened(text, large=LARGE):
    lines = text.splitlines(keepends=True)
    if len(text) <= large or len(lines) <= BEGINNING + END:
        return text
    hidden = lines[BEGINNING:-END]
    note = f"[{len(hidden)} lines, sha256 {sha256(''.join(hidden))}]\n"
    return "".join(lines[:BEGINNING]) + note + "".join(lines[-END:])


def trace_digest(path):
    """A line for each kind of record, so that a difference says what happened differently; the last
    line is of all records in their order."""
    kinds, counts, whole = {}, collections.Counter(), hashlib.sha256()
    with open(path, "rb") as file:
        header = json.loads(next(file))
        del header["program"]  # the version
        for line in file:
            kind = KIND.match(line).group(1).decode()
            kinds.setdefault(kind, hashlib.sha256()).update(line)
            counts[kind] += 1
            whole.update(line)
    rows = [f"{kind} {counts[kind]} {kinds[kind].hexdigest()}" for kind in sorted(kinds)]
    return "\n".join(["kind records sha256", f"header 1 {sha256(json.dumps(header))}", *rows,
                      f"all {sum(counts.values())} {whole.hexdigest()}", ""])


class Failed(Exception):
    """A command that gave no result: bad input, a crash, no end."""


def call(program, folder, words):
    """What a reader of a terminal would have seen, and the exit status."""
    shown = f"$ rehearse {shlex.join(words)}\n"
    try:
        done = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True,
                              check=False, timeout=TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{shown}no end after {TIMEOUT} s") from error
    shown += done.stdout
    if done.stderr:
        shown += f"[stderr]\n{done.stderr}"
    shown += f"[status {done.returncode}]\n"
    if done.returncode not in (0, 1):  # 1: an expectation failed, a property is violated
        raise Failed(shown)
    return shown


def subject(divergence):
    """What `rehearse explain` has a story about, or None."""
    if "edge" in divergence:
        return [divergence["edge"][end] for end in ("from", "relation", "to")]
    for uri in (divergence.get("entity"), divergence.get("index")):
        if uri:
            return [uri]
    return None


def replay(words, example):
    """The command that replays a counterexample: the exploration's scenario and settings, without what
    concerns the search alone."""
    kept = words[:2] + ["--index"] * ("--index" in words)
    for option, value in zip(words, words[1:]):
        if option == "--set":
            kept += [option, value]
    return [*kept, "--replay", f"out/{example}"]


def follow_ups(words, out):
    """Commands that read what the first has written: name of the golden file, words."""
    if (out / TRACE).exists():
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        stories = [story for story in map(subject, summary.get("divergences", [])) if story]
        if stories:
            yield "explain.txt", ["explain", "out", *stories[0]]
    for example in sorted(out.glob("counterexample-*.json")):
        property_ = example.stem.split("-", 1)[1]
        yield f"replay-{property_}.txt", replay(words, example.name)


def kept(path):
    large = LARGE_JSON if path.suffix == ".json" else LARGE
    return shortened(fewer_divergences(without_version(path.read_text(encoding="utf-8"))), large)


def files_of(golden, program):
    """The golden files that the program makes now, text by name."""
    words = shlex.split(golden["command"])
    with tempfile.TemporaryDirectory(prefix="rehearse-golden-") as name:
        folder = pathlib.Path(name)
        for reachable in IN_REACH:
            (folder / reachable).symlink_to(ROOT / reachable)
        out = folder / "out"
        files = {"stdout.txt": shortened(call(program, folder, [*words, "--out", "out"]))}
        for path in sorted(out.iterdir()):
            if path.name == TRACE:
                files["trace.digest"] = trace_digest(path)
            elif path.suffix in SUFFIXES and path.name not in LEFT_OUT:
                files[path.name] = kept(path)
        for file, command in follow_ups(words, out):
            files[file] = shortened(call(program, folder, command))
        return files
