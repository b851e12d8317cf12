"""Features at month ends: this package beside Polars join_asof and a pandas loop over dates, in one run.

    python benchmarks/features.py --scale small --json features.json

The peers compute a subset of the catalogue from invoices and settlements already joined; all three must agree before a
time counts. Times are medians of interleaved repeats. Sorting and writing the result is the floor for any engine.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from _bench import timed

from riskmodels.book.book import Book
from riskmodels.core.dates import month_ends
from riskmodels.features import CATALOGUE, build

SCALES = {"small": 100_000, "full": 1_000_000}
ENDS = month_ends(date(2023, 1, 31), date(2025, 12, 31))
WINDOWS = (90, 365, None)
START = np.datetime64("2022-01-01", "D")


def ledger(n: int, seed: int = 7) -> dict[str, pa.Table]:
    """Invoices and payments of n invoices over four years: 50 invoices to a debtor, one client in ten debtors."""
    rng = np.random.default_rng(seed)
    debtor = (rng.beta(0.6, 2.0, n) * (n // 50)).astype(int)
    client = (debtor // 10 + rng.integers(0, 4, n) * 7) % max(n // 500, 1)
    issued = START + rng.integers(0, 1460, n)
    due = issued + rng.choice([30, 60, 90], n)
    paid = due + np.round(rng.normal(4, 18, n)).astype(int).clip(-25, 150)
    cents = rng.lognormal(13, 1.2, n).astype(np.int64) + 100
    some = rng.random(n) < 0.96
    ids = np.char.add("I", np.char.zfill(np.arange(n).astype(str), 8))
    invoices = {
        "invoice_id": ids,
        "client_id": np.char.add("C", np.char.zfill(client.astype(str), 6)),
        "debtor_id": np.char.add("D", np.char.zfill(debtor.astype(str), 6)),
        "currency": np.full(n, "CNY"),
        "amount": cents / 100,
        "issued_on": issued,
        "due_on": due,
        "known_on": issued,
    }
    payments = {
        "payment_id": np.char.add("P", ids),
        "invoice_id": ids,
        "paid_on": paid,
        "amount": cents / 100,
        "known_on": paid,
    }
    return {"invoices": pa.table(invoices), "payments": pa.table({k: v[some] for k, v in payments.items()})}


def book_of(tables: dict[str, pa.Table]) -> Book:
    """A book of Arrow tables."""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        for name, table in tables.items():
            con.register(f"given_{name}", table)
        return {name: f"given_{name}" for name in tables}

    return Book("benchmark", attach)


def facts_of(tables: dict[str, pa.Table]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Invoices and settlements as the peers get them: debtor_id, day, whole-number values."""
    invoices = tables["invoices"].to_pandas()
    invoices["cents"] = (invoices["amount"] * 100).round().astype("int64")
    paid = tables["payments"].to_pandas()[["invoice_id", "paid_on"]].merge(invoices, on="invoice_id")
    days = (pd.to_datetime(paid["paid_on"]) - pd.to_datetime(paid["due_on"])).dt.days
    settled = pd.DataFrame(
        {
            "debtor_id": paid["debtor_id"],
            "day": np.maximum(day_number(paid["paid_on"]), day_number(paid["known_on"])),
            "n": 1,
            "late": (days > 0).astype("int64"),
            "days": days.astype("int64"),
        }
    )
    issued = pd.DataFrame(
        {
            "debtor_id": invoices["debtor_id"],
            "day": day_number(invoices["known_on"]),
            "n": 1,
            "cents": invoices["cents"],
        }
    )
    return issued, settled


def day_number(days: pd.Series) -> Any:
    """Days since 1970-01-01."""
    return pd.to_datetime(days).to_numpy().astype("M8[D]").astype("int64")


def spine(issued: pd.DataFrame) -> pd.DataFrame:
    """Debtors known at each month end, sorted: debtor_id, as_of."""
    first = issued.groupby("debtor_id")["day"].min()
    ends = np.array(ENDS, "M8[D]").astype("int64")
    rows = pd.MultiIndex.from_product([first.index, ends], names=["debtor_id", "as_of"]).to_frame(index=False)
    return rows[rows["as_of"] >= rows["debtor_id"].map(first)].reset_index(drop=True)


def named(sums: dict[tuple[str, int | None], Any]) -> dict[str, Any]:
    """The compared features, from windowed sums by value and window."""
    found = {}
    for w in WINDOWS:
        tag = f"{w}d" if w else "ever"
        n = np.where(sums["settled", w] > 0, sums["settled", w], np.nan)
        found[f"invoice_count_{tag}"] = sums["issued", w]
        found[f"settled_count_{tag}"] = sums["settled", w]
        found[f"late_share_{tag}"] = sums["late", w] / n
        found[f"mean_days_late_{tag}"] = sums["days", w] / n
    for w in (90, 365):
        found[f"invoiced_{w}d"] = sums["cents", w] / 100
    return found


VALUES = {"issued": (0, "n"), "cents": (0, "cents"), "settled": (1, "n"), "late": (1, "late"), "days": (1, "days")}


def polars_asof(issued: pd.DataFrame, settled: pd.DataFrame) -> dict[str, Any]:
    """Running totals joined as of each date and each date less the window."""
    rows = pl.from_pandas(spine(issued))
    sums: dict[tuple[str, int | None], Any] = {}
    for which, frame in enumerate((issued, settled)):
        values = [c for c in frame.columns if c not in ("debtor_id", "day")]
        running = (
            pl.from_pandas(frame)
            .sort("day")
            .with_columns(pl.col(values).cum_sum().over("debtor_id"))
            .sort("debtor_id", "day", maintain_order=True)
            .unique(["debtor_id", "day"], keep="last", maintain_order=True)
            .sort("day")
        )
        at = {w: _joined(rows, running, values, w) for w in (0, 90, 365)}
        for name, (of, value) in VALUES.items():
            for w in WINDOWS if of == which else ():
                sums[name, w] = at[0][value] - (at[w][value] if w else 0)
    return named(sums)


def _joined(rows: pl.DataFrame, running: pl.DataFrame, values: list[str], lag: int) -> dict[str, Any]:
    """The running totals `lag` days before each as-of date, in the spine's order."""
    asked = rows.with_row_index().with_columns(day=pl.col("as_of") - lag).sort("day")
    found = asked.join_asof(running, on="day", by="debtor_id", check_sortedness=False).sort("index")
    return {v: found[v].fill_null(0).to_numpy() for v in values}


def pandas_loop(issued: pd.DataFrame, settled: pd.DataFrame) -> dict[str, Any]:
    """For each date and window, the facts filtered and grouped."""
    rows = spine(issued)
    frames = (issued, settled)
    sums = {(name, w): np.zeros(len(rows)) for name in VALUES for w in WINDOWS}
    for as_of, at in rows.groupby("as_of").indices.items():
        debtors = rows["debtor_id"].to_numpy()[at]
        for w in WINDOWS:
            for which, frame in enumerate(frames):
                seen = frame[(frame["day"] <= as_of) & (frame["day"] > as_of - (w or 10**6))]
                totals = seen.drop(columns="day").groupby("debtor_id").sum().reindex(debtors, fill_value=0)
                for name, (of, value) in VALUES.items():
                    if of == which:
                        sums[name, w][at] = totals[value].to_numpy()
    return named(sums)


def floor(frame: pd.DataFrame, folder: Path) -> None:
    """Sort the result by id and date and write it: what any engine must do."""
    table = pa.Table.from_pandas(frame.sort_values(["debtor_id", "as_of"]))
    pq.write_table(table, folder / "floor.parquet", compression="zstd", compression_level=1)


def agree(ours: pd.DataFrame, peer: dict[str, Any], who: str) -> None:
    """Refuse to time a peer that computes something else."""
    for name, values in peer.items():
        if not np.allclose(ours[f"debtor_{name}"], values, rtol=1e-12, equal_nan=True):
            raise SystemExit(f"{who} disagrees on {name}")


def measure(n: int, repeats: int, folder: Path) -> list[dict[str, Any]]:
    """The rows of the result."""
    tables = ledger(n)
    issued, settled = facts_of(tables)
    subset = tuple(f for f in CATALOGUE if f.name in named_features())
    build(book_of(ledger(2000)), "debtor", ENDS)
    out = folder / "features.parquet"
    work: dict[str, Callable[[], Any]] = {
        "subset": lambda: build(book_of(tables), "debtor", ENDS, subset),
        "polars join_asof": lambda: polars_asof(issued, settled),
        "pandas loop": lambda: pandas_loop(issued, settled),
        "catalogue": lambda: build(book_of(tables), "debtor", ENDS),
        "to parquet": lambda: build(book_of(tables), "debtor", ENDS, out=out),
    }
    seconds, results = timed(work, repeats)
    agree(results["subset"], results["polars join_asof"], "polars")
    agree(results["subset"], results["pandas loop"], "pandas")
    frame = results["catalogue"]
    seconds |= timed({"floor": lambda: floor(frame, folder), "at issue": lambda: build(book_of(tables), "invoice")}, 3)[
        0
    ]
    return rows_of(seconds, n, len(subset), sum(c.startswith("debtor_") for c in frame) - 1)


def named_features() -> set[str]:
    """Names of the features that are compared."""
    return set(named({(name, w): np.ones(1) for name in VALUES for w in WINDOWS}))


def rows_of(seconds: dict[str, float], n: int, few: int, many: int) -> list[dict[str, Any]]:
    """One row per figure, seconds; ratio is peer / ours, larger is better."""
    compared = f"{few} features, {n:,} invoices x {len(ENDS)} month ends"
    sort_and_write = "sort and write of the same frame"
    return [
        row(compared, seconds["subset"], seconds["polars join_asof"], "polars join_asof", 1.0, n),
        row(compared, seconds["subset"], seconds["pandas loop"], "pandas loop", 1.0, n),
        row(f"{many} features to a frame", seconds["catalogue"], seconds["floor"], sort_and_write, 0.2, n),
        row(f"{many} features to Parquet", seconds["to parquet"], seconds["floor"], sort_and_write, 0.2, n),
        row("every invoice at its own issue", seconds["at issue"], None, "", None, n),
    ]


def row(headline: str, ours: float, peer: float | None, who: str, goal: float | None, n: int) -> dict[str, Any]:
    """A figure beside its peer's."""
    ratio = peer / ours if peer else None
    met = None if goal is None or ratio is None else ratio >= goal
    return {
        "headline": headline, "ours": ours, "peer": peer, "peer_name": who, "ratio": ratio, "goal": goal, "met": met,
        "unit": "s", "n": n,
    }  # fmt: skip


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", choices=SCALES, default="small")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(SCALES[asked.scale], 3, Path(folder))
    print(pd.DataFrame(rows).to_string(index=False, float_format="{:.3f}".format))
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
