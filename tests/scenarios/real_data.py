"""Where the real data are that are no part of the repository, as tests/support/fixtures.hpp has it."""
import os
import sys


def path_of(name, source):
    """data/NAME in REHEARSE_SHARED or ../shared; ends the test as skipped where it is absent."""
    folder = os.environ.get("REHEARSE_SHARED", os.path.join(source, "..", "shared"))
    path = os.path.abspath(os.path.join(folder, "data", name))
    if not os.path.exists(path):
        print(f"SKIPPED: the real data have no {name} here")
        sys.exit(77)  # which ctest counts as skipped
    return path
