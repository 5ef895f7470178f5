"""Every shipped scenario passes its own expectations, and the control scenarios what theory says.

  shipped_test.py SOURCE_DIR PROGRAM

Left out: the bench's workload, and the scenario that needs a trace file (trace_test.py runs it).
"""
import glob
import json
import os
import subprocess
import sys

LEFT_OUT = {"steady.json", "gpu-cluster-trace.json"}


def run(program, scenario, *options):
    command = [program, "run", scenario, "--format", "json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{scenario}: status {done.returncode}: {done.stderr}")
    return done.returncode, json.loads(done.stdout)


def main():
    source, program = sys.argv[1:3]
    folder = os.path.join(source, "scenarios")
    failures = []
    scenarios = [path for path in sorted(glob.glob(os.path.join(folder, "*.json")))
                 if os.path.basename(path) not in LEFT_OUT and not path.endswith(".schema.json")]
    assert len(scenarios) >= 3, scenarios
    for path in scenarios:
        status, summary = run(program, path)
        print(os.path.basename(path), "status", status)
        if status != 0 or not summary["expectations"]:
            failures.append(f"{path}: {summary['expectations']}")

    # With a service time of 1 ms and nothing else, an entity is stale for 1 ms after each of its
    # changes, of which there are 0.001 a second.
    status, summary = run(program, os.path.join(folder, "no-loss.json"), "--set",
                          '/sources/datasets/api/service_time={"constant":"1ms"}')
    freshness = summary["metrics"]["entity.freshness.mean"]
    if not 1 - 1.1e-3 * 0.001 <= freshness < 1:
        failures.append(f"no-loss with 1 ms service time: freshness {freshness}")
    if summary["metrics"]["converged"] != 1:
        failures.append("no-loss with 1 ms service time did not converge")
    if failures:
        sys.exit("\n".join(failures))


main()
