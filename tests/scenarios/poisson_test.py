"""A budget planned for Poisson arrivals falls short on the real trace, as the README says.

  poisson_test.py SOURCE_DIR PROGRAM CSV

Holds the rates of scenarios/planning/gpu-cluster-poisson.json to the rows of the trace, then the waits
under two budgets to what docs/figures/poisson_plan.py printed. CSV is the name of a file of real data.
"""
import csv
import os
import sys

import real_data
import strict_json

DAYS = 150


def check_rates(source, trace):
    with open(trace, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counted = {
        ("pipeline-orchestrator", "create"): len(rows),
        ("pipeline-orchestrator", "update"):
            len(rows) + sum(row["scheduled_time"] != "" for row in rows),
        ("model-registry", "create"): sum(row["pod_phase"] == "Succeeded" for row in rows),
    }
    scenario = strict_json.load_scenario(
        os.path.join(source, "scenarios", "planning", "gpu-cluster-poisson.json"))
    for name, system in scenario["sources"].items():
        for change in system["changes"]:
            rate = float(change["rate"].removesuffix("/d"))
            wanted = counted.pop((name, change["op"])) / DAYS
            assert abs(rate / wanted - 1) < 0.001, (name, change, wanted)
    assert not counted, counted


def main():
    source, program, name = sys.argv[1:4]
    trace = real_data.path_of(name, source)
    check_rates(source, trace)
    sys.path.insert(0, os.path.join(source, "docs", "figures"))
    import poisson_plan
    smooth, _ = poisson_plan.measured(program, "poisson", trace, 10)
    given, _ = poisson_plan.measured(program, "trace", trace, 10)
    enough, _ = poisson_plan.measured(program, "trace", trace, 40)
    print(f"p99 of the wait: {smooth} s for Poisson and {given} s for the trace at 10/h, {enough} s at 40/h")
    assert smooth <= poisson_plan.LIMIT
    assert given >= 30 * poisson_plan.LIMIT
    assert enough <= poisson_plan.LIMIT


main()
