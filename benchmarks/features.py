"""Point-in-time features: this package beside Polars, DuckDB, pandas, the floor beneath any engine, and its own limits.

    python benchmarks/features.py --scale full --json features.json --only polars,floor

Every engine reads the same two Parquet files, invoices and payments, and writes the same features of debtors as Parquet
on two processors. Figures are medians of three interleaved runs, each piece of work in a process of its own, warmed up
on a tiny book before the clock starts: seconds, CPU seconds and peak memory of the whole process (for Spark only the
driver's). Before any time is told, the rivals must agree with this package on a book of 20,000 invoices.

`ratio` is the peer's figure over ours, above 1 where ours is better; `goal` is the least ratio that will do.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from _features_asked import ENDS, names
from _features_child import FEW, SAMPLED_DAYS

SCALES = {"small": 1_000_000, "full": 10_000_000}
"""Invoices; the rows at issue and the base of the cost of an invoice have a tenth of them, the big book five times."""
TENTH, BIG = 10, 5
TINY, SAMPLE = 2_000, 20_000
REPEATS = 3
BESIDE = ("gb", "cpu", "peer_gb", "peer_cpu")
"""Columns besides those every benchmark has: peak memory and CPU seconds."""
GOALS = {
    "full": {
        "polars seconds": 2.0,
        "polars memory": 5.0,
        "duckdb seconds": 7.0,
        "floor cpu": 1 / 2.0,
        "floor seconds": 1 / 2.2,
        "memory": 2.0,
        "issue seconds": 150.0,
        "issue cpu": 1 / 1.5,
        "big memory": 4.0,
        "big seconds": 1 / 1.3,
        "dates cpu": 1 / 1.25,
        "spark seconds": 1 / 3.0,
    },
    "small": {
        "polars seconds": 1.1,
        "polars memory": 2.0,
        "duckdb seconds": 2.5,
        "floor cpu": 1 / 2.5,
        "floor seconds": 1 / 2.5,
        "memory": 1.0,
        "issue seconds": 100.0,
        "issue cpu": 1 / 1.5,
        "big memory": 2.0,
        "big seconds": 1 / 1.3,
        "dates cpu": 1 / 1.25,
        "spark seconds": 1 / 3.0,
    },
}
"""Least ratios; for memory by itself the most GB."""
Row = dict[str, Any]
Figures = dict[str, float]
Task = tuple[str, int]
"""A piece of work of `_features_child`, and the number of invoices it is done on."""


@dataclass(frozen=True)
class Bench:
    """What was measured of n invoices, and what it is judged by."""

    n: int
    goals: dict[str, float]
    of: dict[Task, Figures]

    def row(self, headline: str, unit: str, ours: Figures, peer: Figures, who: str, goal: float | None) -> Row:
        """Our figure beside a peer's; the unit says which of the figures it is."""
        kind = {"s": "wall", "CPU": "cpu", "GB": "gb"}.get(unit.split()[0], "wall")
        ratio = peer[kind] / ours[kind] if peer else None
        return {
            "headline": headline, "ours": ours[kind], "peer": peer.get(kind), "peer_name": who, "ratio": ratio,
            "goal": goal, "met": None if goal is None or ratio is None else ratio >= goal, "unit": unit,
            "n": int(ours["n"]), "gb": ours["gb"], "cpu": ours["cpu"],
            "peer_gb": peer.get("gb"), "peer_cpu": peer.get("cpu"),
        }  # fmt: skip

    def within(self, headline: str, ours: Figures, goal: str) -> Row:
        """Our peak memory beside a limit."""
        return self.row(headline, "GB", ours, {"gb": self.goals[goal]}, "limit", 1.0)


def per(figures: Figures, count: float) -> Figures:
    """Millionths of seconds for each of so many things."""
    return {**figures, "wall": figures["wall"] / count * 1e6, "cpu": figures["cpu"] / count * 1e6}


def polars(b: Bench) -> list[Row]:
    """Beside Polars join_asof, in time and memory."""
    headline, who = f"{len(names())} features at {len(ENDS)} month ends", "Polars join_asof"
    ours, peer = b.of["ours", b.n], b.of["polars", b.n]
    return [
        b.row(headline, "s", ours, peer, who, b.goals["polars seconds"]),
        b.row(headline, "GB", ours, peer, who, b.goals["polars memory"]),
    ]


def duckdb(b: Bench) -> list[Row]:
    """Beside DuckDB's ASOF JOIN."""
    headline, ours, peer = f"{len(names())} features at {len(ENDS)} month ends", b.of["ours", b.n], b.of["duckdb", b.n]
    return [b.row(headline, "s", ours, peer, "DuckDB ASOF JOIN", b.goals["duckdb seconds"])]


def floor(b: Bench) -> list[Row]:
    """Beside reading, joining, sorting and writing as much, which no engine can do without."""
    headline, who = f"{len(names())} features at {len(ENDS)} month ends", "floor: scan, join, sort, write"
    ours, peer = b.of["ours", b.n], b.of["floor", b.n]
    return [
        b.row(headline, "CPU s", ours, peer, who, b.goals["floor cpu"]),
        b.row(headline, "s", ours, peer, who, b.goals["floor seconds"]),
        b.within(headline, ours, "memory"),
    ]


def issue(b: Bench) -> list[Row]:
    """Each invoice at its own issue, beside the pandas loop and the cost of a row at month ends."""
    few = b.n // TENTH
    ours, peer, ends = b.of["at issue", few], b.of["pandas", few], b.of["ours", b.n]
    who = f"pandas loop over dates, extrapolated from {SAMPLED_DAYS} of them"
    headline, a_row, a_row_of_ends = "every invoice at its own issue", per(ours, ours["rows"]), per(ends, ends["rows"])
    return [
        b.row(headline, "s", ours, {"wall": peer["wall"], "gb": peer["gb"]}, who, b.goals["issue seconds"]),
        b.row(headline, "CPU us / row", a_row, a_row_of_ends, f"month ends of {b.n:,} invoices", b.goals["issue cpu"]),
    ]


def big(b: Bench) -> list[Row]:
    """Five times the invoices: memory, and the cost of an invoice beside a tenth's."""
    few, many = b.n // TENTH, b.n * BIG
    ours, base = b.of["ours", many], b.of["ours", few]
    headline, who = f"{many:,} invoices", f"{few:,} invoices"
    return [
        b.within(headline, ours, "big memory"),
        b.row(headline, "s / million invoices", per(ours, many), per(base, few), who, b.goals["big seconds"]),
    ]


def dates(b: Bench) -> list[Row]:
    """Four times the dates, writing excluded."""
    ours, fewer = b.of["unwritten", b.n], b.of["unwritten, fewer dates", b.n]
    who = f"ours at {len(FEW)}"
    return [b.row(f"{len(ENDS)} dates, nothing written", "CPU s", ours, fewer, who, b.goals["dates cpu"])]


def spark(b: Bench) -> list[Row]:
    """The Spark engine on a local session beside the local engine; without one, the local engine alone."""
    if not spark_available():
        return [b.row("Spark local[2]: not available", "s", b.of["ours", b.n], {}, "", None)]
    ours, local = b.of["spark", b.n], b.of["ours", b.n]
    return [b.row("Spark local[2], session started", "s", ours, local, "local engine", b.goals["spark seconds"])]


@cache
def spark_available() -> bool:
    """Whether there is a Spark engine to measure, found out in another process."""
    look = [sys.executable, "-c", "import pyspark; from riskmodels.features.spark import build"]
    return not subprocess.run(look, capture_output=True).returncode


ROWS: dict[str, tuple[Callable[[Bench], list[Row]], Callable[[int], list[Task]]]] = {
    "polars": (polars, lambda n: [("ours", n), ("polars", n)]),
    "duckdb": (duckdb, lambda n: [("ours", n), ("duckdb", n)]),
    "floor": (floor, lambda n: [("ours", n), ("floor", n)]),
    "issue": (issue, lambda n: [("ours", n), ("at issue", n // TENTH), ("pandas", n // TENTH)]),
    "big": (big, lambda n: [("ours", n // TENTH), ("ours", n * BIG)]),
    "dates": (dates, lambda n: [("unwritten", n), ("unwritten, fewer dates", n)]),
    "spark": (spark, lambda n: [("ours", n), *([("spark", n)] if spark_available() else [])]),
}
"""For each name that may be asked for: its rows, and the work they need."""


def measure(n: int, goals: dict[str, float], asked: Iterable[str], folder: Path) -> list[Row]:
    """The rows asked for."""
    tasks = list(dict.fromkeys(t for name in asked for t in ROWS[name][1](n)))
    for size in sorted({TINY, SAMPLE, *(size for _, size in tasks)}):
        python(folder, "from _features_data import main; main()", folder / str(size), size)
    child(folder, ("agree", SAMPLE))
    runs = [{task: child(folder, task) for task in tasks} for _ in range(REPEATS)]
    middle = {task: {k: statistics.median(r[task][k] for r in runs) for k in runs[0][task]} for task in tasks}
    bench = Bench(n, goals, middle)
    return [row for name in asked for row in ROWS[name][0](bench)]


def child(folder: Path, task: Task) -> Figures:
    """A piece of work done in a process of its own; only what this package wrote is kept, for the floor."""
    work, n = task
    out = folder / f"{work} {n}.parquet"
    args = (work, folder / str(n), folder / str(TINY), folder / f"ours {n}.parquet", out)
    found = json.loads(python(folder, "from _features_child import main; main()", *args))
    if out.is_dir():
        shutil.rmtree(out)
    elif work != "ours":
        out.unlink(missing_ok=True)
    print(f"{work}, {n:,} invoices: {found}", file=sys.stderr, flush=True)
    return {**found, "n": n}


def python(folder: Path, code: str, *args: Any) -> str:
    """What a line of Python in a fresh interpreter prints last.

    A child inherits the peak memory of the process that starts it, so this one imports nothing heavy before the end.
    """
    path = os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))
    env = {**os.environ, "PYTHONPATH": path, "POLARS_MAX_THREADS": "2"}
    command = [sys.executable, "-c", code, *map(str, args)]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr.strip() or f"{args[0]}: ended with {done.returncode}")
    return (done.stdout.splitlines() or [""])[-1]


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", choices=SCALES, default="small", help="how much data")
    parser.add_argument("--json", type=Path, help="file the rows are written to")
    parser.add_argument("--only", default=",".join(ROWS), help=f"some of {','.join(ROWS)}")
    asked = parser.parse_args()
    only = asked.only.split(",")
    if unknown := set(only) - set(ROWS):
        parser.error(f"--only: found {', '.join(sorted(unknown))}, expected some of {', '.join(ROWS)}")
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(SCALES[asked.scale], GOALS[asked.scale], only, Path(folder))
    show(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def show(rows: list[Row]) -> None:
    """Print a table."""
    import pandas as pd

    print(pd.DataFrame(rows).to_string(index=False, float_format="{:.3f}".format))


if __name__ == "__main__":
    main()
