"""A run that keeps its graph in a file: what is in the file whenever and however the run ends.

    store_file_test.py PROGRAM killed|full|again [SEED]

killed: 50 runs into one file, each ended by SIGKILL when the file has grown to a random size; the
file always opens and agrees with itself. It may hold no graph yet in the first half of its growth.
full: a run on a file system that is too small says so and leaves a whole graph.
again: a run into a file that an earlier one has filled gives what the first gave, and replications
have files of their own.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

KILLS = 50
POLL = 0.0005  # seconds
LONGEST_PAUSE = 0.01  # between writes, or into one of the next
SMALL_DISK = 1 << 18

SCENARIO = {
    "name": "store-file", "duration": "8s", "quiesce": "2s",
    "sources": {"datasets": {
        "entities": [{"type": "Dataset", "count": 1000}],
        "changes": [{"type": "Dataset", "op": "update", "rate": "0.5/s", "per": "entity"}]}},
    "mds": {"enrichment": {"every": "1s"}},
}


class Runs:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.scenario = folder / "scenario.json"
        self.scenario.write_text(json.dumps(SCENARIO))

    def command(self, store, *more):
        return [self.program, "run", str(self.scenario), "--set", f"/mds/store={store}", *more]

    def run(self, store, *more):
        return finished(self.command(store, *more))

    def problems(self, store):
        """None where there is no graph yet, else what `query check` finds wrong."""
        done = finished([self.program, "query", str(store), "check"])
        if done.returncode == 2 and ("does not exist" in done.stderr or "empty database" in done.stderr):
            return None
        if done.returncode == 0 and done.stdout == "consistent\n":
            return ""
        return f"status {done.returncode}: {done.stdout}{done.stderr}"


def finished(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    done.stderr = done.stderr.replace("\n" + " " * len("rehearse: "), " ")  # as it was before it was wrapped
    return done


def expect(holds, what):
    if not holds:
        sys.exit(what)


def size_of(store):
    return store.stat().st_size if store.exists() else 0


def kill_at_size(command, store, size, pause):
    """Kills what the command starts, a pause after it has emptied the file and brought it to the
    size again; it may be over before that is seen. How fast the machine is decides at which write
    the kill comes and no more."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    emptied = False
    while child.poll() is None:
        there = size_of(store)
        emptied = emptied or there < size
        if emptied and there >= size:
            time.sleep(pause)
            break
        time.sleep(POLL)
    child.kill()
    child.wait()


def killed(runs, seed):
    store = runs.folder / "graph.db"
    whole = runs.run(runs.folder / "whole.db", "--out", str(runs.folder / "whole"))
    expect(whole.returncode == 0, whole.stderr)
    half = (runs.folder / "whole.db").stat().st_size / 2
    draw = random.Random(seed)
    for kill in range(KILLS):
        late = kill % 2
        size = draw.uniform(0, half) + late * half
        kill_at_size(runs.command(store), store, size, draw.uniform(0, LONGEST_PAUSE))
        problems = runs.problems(store)
        where = f"kill {kill} of seed {seed}, at {size:.0f} bytes"
        expect(not problems, f"{where}: {problems}")
        expect(problems is not None or not late, f"{where}: there is no graph")
    done = runs.run(store, "--out", str(runs.folder / "after"))
    expect(done.returncode == 0, done.stderr)
    for name in ("summary.json", "graph.db"):
        same = (runs.folder / "whole" / name).read_bytes() == (runs.folder / "after" / name).read_bytes()
        expect(same, f"{name} differs after runs were killed in the same file")


def full(runs, _):
    large = runs.folder / "large.db"
    expect(runs.run(large).returncode == 0, "the run fails where there is space")
    expect(large.stat().st_size > 2 * SMALL_DISK, "the graph is too small for this test")
    disk, left = runs.folder / "disk", runs.folder / "left"
    disk.mkdir()
    left.mkdir()
    # A file system that this shell and its children alone can see.
    script = f'mount -t tmpfs -o size={SMALL_DISK} tmpfs "$1" || exit 77\nshift\nstore=$1 left=$2\nshift 2\n' \
             '"$@"\nstatus=$?\ncp "$store"* "$left"\nexit $status'
    done = finished(["unshare", "-rm", "sh", "-c", script, "sh", str(disk), str(disk / "graph.db"), str(left)]
                    + runs.command(disk / "graph.db"))
    if done.returncode == 77 or "unshare failed" in done.stderr:
        print("SKIPPED: no right to mount a small file system here")
        sys.exit(77)  # which ctest counts as skipped
    expect(done.returncode == 2, f"status {done.returncode}: {done.stderr}")
    expect(done.stderr == f"rehearse: {disk}/graph.db: the disk is full; nothing after the last commit is kept\n",
           done.stderr)
    expect(runs.problems(left / "graph.db") == "", f"{runs.problems(left / 'graph.db')}")


def again(runs, _):
    store = runs.folder / "graph.db"
    for leftover in ("graph.db-journal", "graph.db-wal"):
        (runs.folder / leftover).write_bytes(b"left by something else")
    outs = [runs.folder / "first", runs.folder / "second"]
    for out in outs:
        done = runs.run(store, "--out", str(out))
        expect(done.returncode == 0, done.stderr)
        expect(runs.problems(store) == "", f"{runs.problems(store)}")
    for name in ("summary.json", "graph.db"):
        expect((outs[0] / name).read_bytes() == (outs[1] / name).read_bytes(), f"{name} differs")
    done = runs.run(store, "--replications", "3", "--jobs", "2")
    expect(done.returncode == 0, done.stderr)
    for name in ("graph.db", "graph.db.1", "graph.db.2"):
        expect(runs.problems(runs.folder / name) == "", f"{name}: {runs.problems(runs.folder / name)}")
    (runs.folder / "notes.db").write_text("These are notes, and they are long enough to be read as a header.")
    done = runs.run(runs.folder / "notes.db")
    expect(done.returncode == 2 and "is not a graph store" in done.stderr, done.stderr)
    expect((runs.folder / "notes.db").read_text().startswith("These are notes"), "the notes are gone")


def main():
    program, test = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}: {' '.join(sys.argv[:3])} {seed} replays it, but for the speed of the machine")
    with tempfile.TemporaryDirectory() as folder:
        {"killed": killed, "full": full, "again": again}[test](Runs(program, pathlib.Path(folder)), seed)


if __name__ == "__main__":
    main()
