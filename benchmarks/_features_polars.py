"""The features by Polars: running totals by debtor, joined as of each date and as of each date less the window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
from _features_asked import AGES, CROSSED, FLOWS, features

KEY = ["debtor_id", "day"]


def build(source: Path, ends: Sequence[date], out: Path) -> Path:
    """Write the features of every debtor known at each date."""
    facts = _daily(source)
    rows = _spine(facts["issued"], ends)
    for name, (values, windows) in FLOWS.items():
        for lag in (0, *windows):
            rows = _joined(rows, facts[name], values, lag)
    for age, values in CROSSED.items():
        rows = _joined(rows, facts[f"crossed_{age}"], values, 0)
    asked = features(_sum, lambda part, whole: pl.when(whole > 0).then(part / whole))
    found = [value.cast(pl.Float64).alias(f"debtor_{name}") for name, value in asked.items()]
    rows.lazy().select(pl.col("debtor_id").cast(pl.String), "as_of", *found).sink_parquet(
        out, compression="zstd", compression_level=1
    )
    return out


def _daily(source: Path) -> dict[str, pl.DataFrame]:
    """Facts of each kind summed by debtor and day, as running totals."""
    invoices = pl.scan_parquet(source / "invoices.parquet").select(
        "invoice_id", pl.col("debtor_id").cast(pl.Categorical), "due_on", issued_on="known_on", cents=_cents()
    )
    payments = pl.scan_parquet(source / "payments.parquet").select("invoice_id", "paid_on", "known_on", paid=_cents())
    paid = payments.join(invoices, on="invoice_id").with_columns(day=pl.max_horizontal("known_on", "issued_on"))
    settled = _settled(payments, invoices)
    issued = invoices.with_columns(day="issued_on", issued=1, invoiced="cents")
    facts = {"issued": issued, "paid": paid, "settled": settled}
    found = {name: _summed(facts[name], FLOWS[name][0]) for name in FLOWS}
    found |= {f"crossed_{age}": _summed(_crossed(age, issued, paid, settled), CROSSED[age]) for age in AGES}
    return dict(zip(found, map(_running, pl.collect_all(found.values(), engine="streaming"))))


def _cents() -> pl.Expr:
    return (pl.col("amount") * 100).round().cast(pl.Int64)


def _settled(payments: pl.LazyFrame, invoices: pl.LazyFrame) -> pl.LazyFrame:
    """Invoices whose payments add up to their amount, on the day of the last."""
    credited = payments.group_by("invoice_id").agg(pl.sum("paid"), pl.max("paid_on"), pl.max("known_on"))
    days = (pl.col("paid_on") - pl.col("due_on")).dt.total_days()
    found = credited.join(invoices, on="invoice_id").filter(pl.col("paid") >= pl.col("cents"))
    found = found.with_columns(day=pl.max_horizontal("known_on", "issued_on"), settled=1, days=days, face="cents")
    late = pl.col("days") > 0
    return found.with_columns(
        late=late.cast(pl.Int64),
        late_30=(pl.col("days") > 30).cast(pl.Int64),
        late_60=(pl.col("days") > 60).cast(pl.Int64),
        late_face=pl.when(late).then("face").otherwise(0),
        face_days=pl.col("face") * pl.col("days"),
    )


def _crossed(age: int, issued: pl.LazyFrame, paid: pl.LazyFrame, settled: pl.LazyFrame) -> pl.LazyFrame:
    """What enters and leaves the amount (and number) past due by more than `age` days."""
    crossing = pl.col("due_on") + pl.duration(days=age + 1)
    later = pl.max_horizontal("day", crossing)
    value = f"past_due_{age}"
    parts = [
        issued.select("debtor_id", crossing.alias("day"), pl.col("cents").alias(value), past_due_count=1),
        paid.select("debtor_id", later.alias("day"), (-pl.col("paid")).alias(value), past_due_count=0),
    ]
    if not age:
        parts.append(
            settled.select("debtor_id", later.alias("day"), pl.lit(0, pl.Int64).alias(value), past_due_count=-1)
        )
    return pl.concat(parts)


def _summed(facts: pl.LazyFrame, values: Sequence[str]) -> pl.LazyFrame:
    return facts.group_by(KEY).agg(pl.col(values).cast(pl.Int64).sum())


def _running(daily: pl.DataFrame) -> pl.DataFrame:
    values = [c for c in daily.columns if c not in KEY]
    in_order = daily.sort(pl.col("debtor_id").to_physical(), "day")
    return in_order.with_columns(pl.col(values).cum_sum().over("debtor_id"))


def _spine(issued: pl.DataFrame, ends: Sequence[date]) -> pl.DataFrame:
    first = issued.group_by("debtor_id").agg(first=pl.min("day"))
    rows = first.join(pl.DataFrame({"as_of": ends}), how="cross").filter(pl.col("as_of") >= pl.col("first"))
    return rows.drop("first").sort("debtor_id", "as_of")


def _joined(rows: pl.DataFrame, running: pl.DataFrame, values: Sequence[str], lag: int) -> pl.DataFrame:
    """The rows with the running totals `lag` days before each date, named value_lag."""
    asked = rows.with_columns(day=pl.col("as_of") - pl.duration(days=lag))
    named = running.rename({v: f"{v}_{lag}" for v in values})
    found = asked.join_asof(named, on="day", by="debtor_id", check_sortedness=False)
    return found.drop("day").with_columns(pl.col([f"{v}_{lag}" for v in values]).fill_null(0))


def _sum(value: str, window: int | None) -> pl.Expr:
    return pl.col(f"{value}_0") - pl.col(f"{value}_{window}") if window else pl.col(f"{value}_0")
