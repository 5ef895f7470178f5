"""The work of decisions_bench with NumPy and SciPy: prints a name and processor seconds per line."""
import time

import numpy as np
from scipy import stats

MILLION = 1_000_000
METRICS, POINTS = 100, 1440


def seconds(work):
    work()  # imports and caches
    begin = time.process_time()
    work()
    return time.process_time() - begin


def psi(reference, current):
    edges = np.quantile(reference, np.linspace(0, 1, 11))[1:-1]
    shares = [
        np.bincount(np.searchsorted(edges, values, side="left"), minlength=10) / len(values)
        for values in (reference, current)
    ]
    before, now = (np.maximum(share, 1e-4) for share in shares)
    return float(np.sum((now - before) * np.log(now / before)))


def main():
    rng = np.random.default_rng(501)
    reference, current = rng.normal(0, 1, MILLION), rng.normal(0.01, 1, MILLION)
    baseline, canary = rng.normal(100, 10, (2, METRICS, POINTS))

    def tests():
        for one, other in zip(baseline, canary):
            stats.mannwhitneyu(one, other, alternative="two-sided", method="asymptotic")

    print("psi", seconds(lambda: psi(reference, current)))
    print("ks", seconds(lambda: stats.ks_2samp(reference, current, method="asymp")))
    print("judge", seconds(tests))


if __name__ == "__main__":
    main()
