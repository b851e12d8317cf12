"""One piece of work of the feature benchmark, in a process of its own: seconds, CPU seconds and peak memory.

Before the clock starts the libraries are imported and the work is done once on a tiny book, so that what is compiled on
first use is ready. The peak is of the whole process, imports included. Linux only: it keeps to two processors.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from _features_asked import ENDS

FEW = ENDS[3::4]
SAMPLED_DAYS = 24
Work = Callable[[], Any]


def main() -> None:
    """Do the work named in the arguments and print its figures as a line of JSON."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    work = prepared(sys.argv[1], *map(Path, sys.argv[2:]))
    start, before = time.perf_counter(), _cpu()
    said = work()
    wall, cpu = time.perf_counter() - start, _cpu() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    wall = said if isinstance(said, float) else wall
    print(json.dumps({"wall": wall, "cpu": cpu, "gb": peak, "rows": _rows(Path(sys.argv[-1]))}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _rows(file: Path) -> int:
    from pyarrow.parquet import read_metadata

    return int(read_metadata(file).num_rows) if file.is_file() else 0


def prepared(name: str, source: Path, tiny: Path, reference: Path, out: Path) -> Work:
    """The work ready to be timed; `reference` is what this package wrote for the same source."""
    module, call, *asked = WORKS[name]
    do = getattr(import_module(f"_features_{module}"), call)
    if name != "floor":
        do(tiny, *asked, out)
        return partial(do, source, *asked, out)
    blocks = import_module("_features_ours").written(reference)
    return partial(do, source, blocks, out)


WORKS: dict[str, tuple[Any, ...]] = {
    "ours": ("ours", "build", ENDS),
    "at issue": ("ours", "at_issue"),
    "unwritten": ("ours", "unwritten", ENDS),
    "unwritten, fewer dates": ("ours", "unwritten", FEW),
    "floor": ("ours", "floor"),
    "polars": ("polars", "build", ENDS),
    "duckdb": ("duckdb", "build", ENDS),
    "pandas": ("pandas", "build", SAMPLED_DAYS),
    "spark": ("spark", "build", ENDS),
    "agree": ("agree", "check"),
}
"""Module, function, and what it is asked besides the source and the file it writes; a float it returns is its time."""
