"""What the benchmarks share: interleaved medians, rows of one shape, a table, the two options."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

Row = dict[str, Any]
Work = dict[str, Callable[[], Any]]
Measure = Callable[[int], list[Row]]


def timed(
    work: Work, repeats: int = 5, clock: Callable[[], float] = time.perf_counter
) -> tuple[dict[str, float], dict[str, Any]]:
    """Median seconds of each piece of work over interleaved repeats, and the last result of each."""
    times: dict[str, list[float]] = {name: [] for name in work}
    results = {}
    for _ in range(repeats):
        for name, call in work.items():
            start = clock()
            results[name] = call()
            times[name].append(clock() - start)
    return {name: statistics.median(t) for name, t in times.items()}, results


def row(headline: str, ours: float, peer: float, who: str, goal: float | None, n: int, unit: str = "s") -> Row:
    """A figure beside its peer's; the ratio is above 1 where ours is better: fewer seconds, more of all else."""
    ratio = peer / ours if unit.endswith("s") else ours / peer
    return _judged(headline, ours, peer, who, ratio, goal, n, unit)


def loss(headline: str, ours: float, peer: float, who: str, goal: float | None, n: int, unit: str = "IBS") -> Row:
    """A loss beside its peer's, better the smaller it is; the ratio is above 1 where ours is."""
    return _judged(headline, ours, peer, who, peer / ours, goal, n, unit)


def gap(headline: str, ours: float, peer: float, who: str, least: float, n: int, low: float | None = None) -> Row:
    """An AUC beside its peer's; as ratio stands the difference, or the lower end of its interval, above 0 if better."""
    return _judged(headline, ours, peer, who, ours - peer if low is None else low, least, n, "AUC")


def _judged(
    headline: str, ours: float, peer: float, who: str, ratio: float, goal: float | None, n: int, unit: str
) -> Row:
    return {
        "headline": headline, "ours": float(ours), "peer": float(peer), "peer_name": who, "ratio": float(ratio),
        "goal": goal, "met": None if goal is None else bool(ratio >= goal), "unit": unit, "n": n,
    }  # fmt: skip


def must_agree(same: bool, what: str) -> None:
    """Refuse to time a peer that computes something else."""
    if not same:
        raise SystemExit(f"{what}: ours and the peer disagree, so their times can't be compared")


def run(about: str, scales: dict[str, int], measure: Measure | Mapping[str, Measure]) -> None:
    """Measure at the scale asked for, all or the named parts; print a table, write JSON."""
    parts = measure if isinstance(measure, Mapping) else {"all": measure}
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--scale", choices=scales, default="small", help="how much data")
    parser.add_argument("--json", type=Path, help="file the rows are written to")
    parser.add_argument("--only", default=",".join(parts), help=f"parts, by commas: {', '.join(parts)}")
    asked = parser.parse_args()
    if strange := sorted(set(asked.only.split(",")) - set(parts)):
        parser.error(f"--only: found {', '.join(strange)}, expected some of {', '.join(parts)}")
    rows = [found for name in asked.only.split(",") for found in parts[name](scales[asked.scale])]
    print(pd.DataFrame(rows).to_string(index=False, float_format="{:.4f}".format))
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
