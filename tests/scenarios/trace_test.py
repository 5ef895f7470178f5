"""The trace scenario agrees with counts made from the CSV file alone.

  trace_test.py SOURCE_DIR PROGRAM [CSV]

Runs scenarios/gpu-cluster-trace.json without delays, so that every figure follows from the rows, and
compares. Without CSV, the name of a file of real data, it makes a small file of its own.
"""
import csv
import json
import os
import random
import subprocess
import sys
import tempfile

import real_data

TICK = 600  # the scenario's enrichment period in seconds
PIPELINES = ("LS", "BE", "Burstable", "Guaranteed")
NO_DELAYS = {
    "/bus/delay": '{"constant":"0s"}',
    "/sources/pipeline-orchestrator/api/service_time": '{"constant":"0s"}',
    "/sources/model-registry/api/service_time": '{"constant":"0s"}',
    "/mds/hydration/budgets/*/rate": "none",
}


def write_own_trace(path, seed=20):
    """A few hundred jobs with the columns of the real file; the seed is fixed and printed."""
    print("own trace, seed", seed)
    rng = random.Random(seed)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow("name,qos,pod_phase,creation_time,deletion_time,scheduled_time".split(","))
        for i in range(300):
            created = rng.randrange(0, 5_000_000)
            scheduled = created + rng.choice((0, 0, 1, 30, 4000))
            deleted = scheduled + rng.randrange(0, 90_000)
            phase = rng.choice(("Succeeded", "Failed", "Running", "Pending"))
            out.writerow((f"job-{i}", rng.choice(PIPELINES), phase, created, deleted,
                          "" if phase == "Pending" else scheduled))


def expected(rows):
    """What the run must measure, from the rows alone."""
    scheduled = [row for row in rows if row["scheduled_time"] != ""]
    succeeded = [row for row in rows if row["pod_phase"] == "Succeeded"]
    run_changes = len(PIPELINES) + 2 * len(rows) + len(scheduled)
    changes = run_changes + len(succeeded)
    # An edge is derivable when its model instance appears and is written at the next tick. The tick
    # at that very second comes before or after it, so such rows are left to either.
    waits = [TICK - int(row["deletion_time"]) % TICK for row in succeeded]
    return {
        "truth.changes": changes,
        "bus.published": changes,
        "bus.delivered": changes,
        "hydration.requests": changes,
        "source.pipeline-orchestrator.requests": run_changes,
        "source.model-registry.requests": len(succeeded),
        "trace.skipped": len(rows) - len(scheduled),
        "store.entities": len(PIPELINES) + len(rows) + len(succeeded),
        "store.edges": len(succeeded),
        "enrichment.edges_materialized": len(succeeded),
        "edge.lag.count": len(succeeded),
        "edge.lag.max": max(waits),
        "edge.never_seen": 0,
        "divergent.entities": 0,
        "divergent.edges": 0,
    }


def measured(source, program, trace):
    command = [program, "run", os.path.join(source, "scenarios", "gpu-cluster-trace.json"),
               "--format", "json"]
    for name in ("pipeline-orchestrator", "model-registry"):
        command += ["--set", f"/sources/{name}/trace/csv={trace}"]
    for pointer, value in NO_DELAYS.items():
        command += ["--set", f"{pointer}={value}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"status {run.returncode}: {run.stderr}{run.stdout[-2000:]}")
    return json.loads(run.stdout)["metrics"]


def main():
    source, program = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 3:
            trace = real_data.path_of(sys.argv[3], source)
        else:
            trace = os.path.join(folder, "jobs.csv")
            write_own_trace(trace)
        with open(trace, newline="", encoding="utf-8") as file:
            wanted = expected(list(csv.DictReader(file)))
        got = measured(source, program, trace)
    wrong = [f"{name}: {got.get(name)} measured, {value} counted in the file"
             for name, value in wanted.items() if got.get(name) != value]
    print(f"{len(wanted)} figures compared")
    if wrong:
        sys.exit("\n".join(wrong))


main()
