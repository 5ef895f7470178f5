#!/usr/bin/env python3
"""How far a plan for Poisson arrivals falls short on a real, bursty trace: a table and a picture.

  docs/figures/poisson_plan.py PROGRAM TRACE [PICTURE.svg]

PROGRAM is build/release/rehearse, TRACE the OpenB pod list (openb_pod_list_default.csv of the Alibaba
cluster trace, 8,152 jobs over 149 days). Plans scenarios/planning/gpu-cluster-poisson.json, which has
the mean rates of the trace, and gpu-cluster-trace.json, the trace itself; then runs the trace at the
budget planned for Poisson. Prints a Markdown table; with PICTURE also draws the wait over the budget.
"""
import json
import os
import subprocess
import sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PLANNING = os.path.join(FOLDER, "scenarios", "planning")
RATE = "/mds/hydration/budgets/*/rate"
METRICS = ("hydration.wait.mean", "hydration.wait.p99", "entity.age.max")
PROMISES = (("hydration.wait.mean", "5m"), ("hydration.wait.p99", "1h"), ("hydration.wait.max", "2h"))
RANGE = "7/h..2000/h"
BUDGETS = (7, 8, 9, 10, 12, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640, 960)
PICTURED = "hydration.wait.p99"


def answer(program, *arguments):
    done = subprocess.run([program, *arguments, "--format", "json"], capture_output=True, text=True,
                          check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(arguments)}: status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def scenario(kind, trace):
    sets = [] if kind == "poisson" else [
        word for name in ("pipeline-orchestrator", "model-registry")
        for word in ("--set", f"/sources/{name}/trace/csv={trace}")]
    return [os.path.join(PLANNING, f"gpu-cluster-{kind}.json"), *sets]


def planned(program, kind, trace, metric, limit):
    plan = answer(program, "plan", *scenario(kind, trace), "--minimise", RATE, "--subject-to",
                  f"{metric} <= {limit}", "--over", f"{RATE}={RANGE}", "--alone")
    if not plan["feasible"]:
        sys.exit(f"{metric} <= {limit} is not feasible for {kind}: {plan['limit']}")
    return plan["recommendation"][RATE]


def measured(program, kind, trace, budget, metric):
    run = answer(program, "run", *scenario(kind, trace), "--set", f"{RATE}={budget}",
                 "--replications", "2")
    return run["metrics"][metric]["mean"]


def length(seconds):
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def per_hour(budget):
    return float(budget.removesuffix("/h"))


def table(program, trace):
    print("| promise | Poisson plan | what it gives on the trace | plan for the trace | ratio |")
    print("|---|---|---|---|---|")
    plans = {}
    for metric, limit in PROMISES:
        smooth = planned(program, "poisson", trace, metric, limit)
        bursty = planned(program, "trace", trace, metric, limit)
        plans[metric] = (per_hour(smooth), per_hour(bursty), limit)
        given = measured(program, "trace", trace, smooth, metric)
        print(f"| `{metric} <= {limit}` | {smooth} | {length(given)} | {bursty} | "
              f"{per_hour(bursty) / per_hour(smooth):.3g} |", flush=True)
    return plans


def picture(program, trace, path, plan):
    blocks = ""
    for kind in ("poisson", "trace"):
        rows = "\n".join(
            f"{budget} {max(1, measured(program, kind, trace, f'{budget}/h', PICTURED)) / 60}"
            for budget in BUDGETS)
        blocks += f"${kind} << END\n{rows}\nEND\n"
    smooth, bursty, limit = plan
    minutes = {"h": 60, "m": 1}[limit[-1]] * float(limit[:-1])
    script = blocks + f"""
set terminal svg size 800,460 noenhanced font 'Helvetica,12' background '#ffffff' name 'poisson'
set encoding utf8
set border 3 linecolor rgb '#444444'
set tics nomirror textcolor rgb '#333333'
set grid ytics linecolor rgb '#dfe3e6' linetype 1 linewidth 0.6
set logscale xy
set format y '%g'
set xlabel 'budget of each source (calls an hour)'
set ylabel '99th percentile of the wait (minutes)'
set key top right textcolor rgb '#333333'
set label 9 'A budget planned for Poisson arrivals, on a real trace' at screen 0.02,0.95 left font ',15'
set label 10 '23,751 changes in 150 days; same mean rate, gaps with a coefficient of variation of 21' \\
  at screen 0.02,0.90 left textcolor rgb '#666666'
set tmargin 5
set arrow 1 from graph 0,first {minutes} to graph 1,first {minutes} nohead dashtype 2 linecolor rgb '#444444'
set label 1 'promised: {limit}' at graph 0.01,first {minutes} left offset 0,0.6 textcolor rgb '#444444'
set arrow 2 from {smooth},graph 0 to {smooth},graph 1 nohead back linewidth 2 linecolor rgb '#0072B2'
set label 2 'Poisson plan {smooth:g}/h' at {smooth},graph 0.06 left offset 0.6,0 textcolor rgb '#0072B2'
set arrow 3 from {bursty},graph 0 to {bursty},graph 1 nohead back linewidth 2 linecolor rgb '#D55E00'
set label 3 'plan for the trace {bursty:g}/h' at {bursty},graph 0.06 right offset -0.6,0 textcolor rgb '#D55E00'
plot $trace using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 1.8 linecolor rgb '#D55E00' \\
  title 'the trace', $poisson using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 1.8 \\
  linecolor rgb '#0072B2' title 'Poisson arrivals'
"""
    drawn = subprocess.run(["gnuplot", "--default-settings", "-"], input=script, text=True,
                           capture_output=True, check=True, env={**os.environ, "LC_ALL": "C"})
    with open(path, "w", encoding="utf-8") as file:
        file.write(drawn.stdout)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    program, trace = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    if not os.path.exists(trace):
        print("SKIPPED: the trace of the GPU cluster is not here")
        return
    plans = table(program, trace)
    if len(sys.argv) == 4:
        picture(program, trace, sys.argv[3], plans[PICTURED])


main()
