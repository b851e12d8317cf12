"""What the benchmarks share: interleaved medians, rows of one shape, a table, the two options."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

Row = dict[str, Any]
Work = dict[str, Callable[[], Any]]


def timed(work: Work, repeats: int = 5) -> tuple[dict[str, float], dict[str, Any]]:
    """Median seconds of each piece of work over interleaved repeats, and the last result of each."""
    times: dict[str, list[float]] = {name: [] for name in work}
    results = {}
    for _ in range(repeats):
        for name, call in work.items():
            start = time.perf_counter()
            results[name] = call()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(t) for name, t in times.items()}, results


def row(headline: str, ours: float, peer: float, who: str, goal: float | None, n: int, unit: str = "s") -> Row:
    """A figure beside its peer's; the ratio is above 1 where ours is better: fewer seconds, more of all else."""
    ratio = peer / ours if unit == "s" else ours / peer
    return {
        "headline": headline, "ours": ours, "peer": peer, "peer_name": who, "ratio": ratio, "goal": goal,
        "met": None if goal is None else ratio >= goal, "unit": unit, "n": n,
    }  # fmt: skip


def must_agree(same: bool, what: str) -> None:
    """Refuse to time a peer that computes something else."""
    if not same:
        raise SystemExit(f"{what}: ours and the peer disagree, so their times can't be compared")


def run(about: str, scales: dict[str, int], measure: Callable[[int], list[Row]]) -> None:
    """Measure at the scale asked for, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--scale", choices=scales, default="small", help="how much data")
    parser.add_argument("--json", type=Path, help="file the rows are written to")
    asked = parser.parse_args()
    rows = measure(scales[asked.scale])
    print(pd.DataFrame(rows).to_string(index=False, float_format="{:.4f}".format))
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
