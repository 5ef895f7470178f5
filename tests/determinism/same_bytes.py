"""Runs a scenario several times and compares every file it writes but perf.json.

    same_bytes.py SCENARIO PROGRAM [OTHER_PROGRAM]

The runs: PROGRAM twice, with one job and with two, from two working directories; OTHER_PROGRAM (the
same sources in another build type) where it exists. Each is done as a plain run and with
replications.
"""

import pathlib
import subprocess
import sys
import tempfile

MAY_DIFFER = {"perf.json"}
REPLICATIONS = 3


def run(program, scenario, out, jobs, replications, cwd):
    command = [program, "run", scenario, "--out", str(out), "--jobs", str(jobs)]
    if replications > 1:
        command += ["--replications", str(replications)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr.decode()}")
    return done.returncode


def contents(folder):
    files = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and name not in MAY_DIFFER:
            files[name] = path.read_bytes()
    return files


def first_difference(a, b):
    for at, (x, y) in enumerate(zip(a, b)):
        if x != y:
            begin = max(0, at - 60)
            return f"byte {at}: {a[begin:at + 60]!r} against {b[begin:at + 60]!r}"
    return f"{len(a)} bytes against {len(b)}"


def compare(reference, files, title):
    """Problems, one line each."""
    problems = [f"{title}: {name} is there in one run only" for name in reference.keys() ^ files.keys()]
    for name in sorted(reference.keys() & files.keys()):
        if reference[name] != files[name]:
            problems.append(f"{title}: {name}: {first_difference(reference[name], files[name])}")
    return problems


def check(scenario, programs, replications, folder):
    plans = [("first run", programs[0], 1, "."), ("second run", programs[0], 1, "/"),
             ("two jobs", programs[0], 2, ".")]
    plans += [("other build", program, 1, ".") for program in programs[1:]]
    reference, reference_status, problems = None, None, []
    for number, (title, program, jobs, cwd) in enumerate(plans):
        out = folder / f"{replications}-{number}"
        status = run(program, scenario, out, jobs, replications, cwd)
        files = contents(out)
        if reference is None:
            reference, reference_status = files, status
            if "summary.json" not in files or "timeseries.csv" not in files:
                problems.append(f"only {sorted(files)} were written")
            continue
        label = f"{title}, {replications} replication(s)"
        problems += compare(reference, files, label)
        if status != reference_status:
            problems.append(f"{label}: status {status} instead of {reference_status}")
    return problems


def main():
    scenario = str(pathlib.Path(sys.argv[1]).resolve())
    programs = [str(pathlib.Path(p).resolve()) for p in sys.argv[2:] if pathlib.Path(p).exists()]
    if len(programs) < len(sys.argv) - 2:
        print("the other build is not there; comparing runs of this one")
    with tempfile.TemporaryDirectory(prefix="rehearse-same-bytes-") as folder:
        problems = []
        for replications in (1, REPLICATIONS):
            problems += check(scenario, programs, replications, pathlib.Path(folder))
    print("\n".join(problems) or "all outputs are the same")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
