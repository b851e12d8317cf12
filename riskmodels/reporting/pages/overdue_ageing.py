"""How balances age from bucket to bucket, what is cured and lost, when invoices turn late, and what is to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.numbers import change, figure, interval
from riskmodels.core.text import gettext as _
from riskmodels.models.ageing_transitions import BucketForecast
from riskmodels.models.bad_definition.maturation import FEWEST
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import curves, development, forecasts
from riskmodels.reporting.pages.page import joined
from riskmodels.validation.overdue_development.ageing import BUCKETS, MONTHS, VINTAGE, AgeingEvidence, AgeingHistory

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment

PANELS = 3
"""Past forecasts that are drawn."""


def ageing_page(report: OverdueDevelopment) -> Iterator[Block]:
    """The matrix of a month, roll rates, cures, vintages, and the forecast of buckets beside what past ones did."""
    name, found = _("Ageing"), report.ageing_evidence
    if found.history is None:
        yield Section.of("9", name, _("Not run"), "", found.checks)
        yield NotRun(name, found.no_history)
        return
    yield Section.of("9", name, _finding(found, found.history), _lead(found.history), found.checks)
    yield _matrix(found.history)
    yield from _rolls(found.history)
    yield _cures(found.history)
    yield from _vintages(found.history)
    if found.no_test:
        yield NotRun(_("Back-test of the forecast of buckets"), found.no_test)
    else:
        yield _past(found, found.history)
    if found.forecast is None:
        yield NotRun(_("Forecast of buckets"), found.no_forecast)
    else:
        yield _ahead(found.forecast)
        yield _ahead_table(found, found.forecast)


def _finding(found: AgeingEvidence, history: AgeingHistory) -> str:
    flow = float(history.net_flow["flow"])
    words = _("{share} of what falls due ends in loss")
    parts = [
        words.format(share=figure(flow, "rate")) if np.isfinite(flow) else _("Too little fell due to tell of loss")
    ]
    if not found.no_test:
        share = found.checks[0].value
        words = _("80% bands of the buckets' balances held {share} of the time")
        parts.append(words.format(share=figure(share, "share")))
    return _("; ").join(parts)


def _lead(history: AgeingHistory) -> str:
    flows, (low, high) = history.flows, (float(history.net_flow[side]) for side in ("low", "high"))
    words = _(
        "Months have 30 days, counted back from {until}; {months} of them, by amount, in {currency}. Loss is more than "
        "360 days past due."
    )
    told = words.format(until=flows.until, months=flows.months, currency=flows.currency)
    between = _("95% interval of the share lost: {interval}.")
    return joined(told, between.format(interval=interval(low, high, "rate")) if np.isfinite(low) else "")


def _matrix(history: AgeingHistory) -> Table:
    matrix = history.matrix
    ends = [(f"to_{place}", state) for place, state in enumerate(matrix.states)]
    table = pd.DataFrame({"from": matrix.states[:BUCKETS], "balance": matrix.at_risk[:BUCKETS] / history.flows.months})
    for place, (key, _state) in enumerate(ends):
        p, low = matrix.p[:BUCKETS, place], matrix.low[:BUCKETS, place]
        # What can't be reached within a month is left empty: its interval is 0 too.
        table[key] = np.where((p == 0) & (low == matrix.high[:BUCKETS, place]), "", p.astype(object))
    columns = [Column("from", _("From, days past due")), Column("balance", _("Mean balance"), "money", quiet=True)]
    columns += [
        Column(key, state, "share", shade="plum" if place < BUCKETS else "blue")
        for place, (key, state) in enumerate(ends)
    ]
    caption = _(
        "Shares of what stood in a bucket at the beginning of a month; an open invoice only ages, a cure is an exit."
    )
    title = _("Where a balance stands a month on")
    return Table.of("ageing_matrix", table, columns, title=title, caption=caption, currency=history.flows.currency)


def _rolls(history: AgeingHistory) -> Iterator[Figure]:
    rates = history.rolls.rates.query("measure == 'amount' and rate.notna()")
    if len(rates):
        yield Figure.of(
            "ageing_rolls",
            development.roll_rates,
            rates.assign(to_loss=float(history.net_flow["flow"])),
            title=_("Roll rates, by amount"),
            width="full",
            height=14 + 3.4 * len(rates),
            caption=_("95% intervals by leaving out one month at a time."),
        )


def _cures(history: AgeingHistory) -> Table:
    columns = [
        Column("name", _("Days past due")),
        Column("base", _("Balance, all months"), "money", quiet=True),
        Column("rolled", _("Open a month on"), "share", shade="plum"),
        Column("cured", _("Settled in a month"), "share", shade="blue"),
        Column("cured_low", _("95% from"), "share", quiet=True),
        Column("cured_high", _("to"), "share", quiet=True),
        Column("written_off", _("Written off"), "share"),
        Column("cured_in_time", _("Settled before loss"), "share", shade="blue"),
        Column("cured_in_time_low", _("95% from"), "share", quiet=True),
        Column("cured_in_time_high", _("to"), "share", quiet=True),
    ]
    caption = _("Settled: paid or credited. Intervals by drawing whole debtors.")
    rows, title = history.cures[history.cures["base"] > 0], _("What becomes of each bucket")
    return Table.of("ageing_cures", rows, columns, title=title, caption=caption, currency=history.flows.currency)


def _vintages(history: AgeingHistory) -> Iterator[Figure]:
    """When invoices turn late, pooled, and by half-year of issue."""
    pooled = history.late.pooled[history.late.pooled["measure"] == "amount"]
    if len(pooled):
        yield Figure.of(
            "ageing_maturation",
            development.maturation,
            pooled,
            title=_("When invoices turn late"),
            width="half",
            height=62,
            options={"window": _window(history)},
            caption=_("By amount, all months of issue pooled; 95% bands by drawing whole debtors."),
        )
    half_years = history.half_years()
    if len(half_years):
        yield Figure.of(
            "ageing_vintages",
            curves.cohorts,
            half_years,
            title=_("Late by half-year of issue"),
            width="half",
            height=62,
            options={"label": _("Share of the amount more than {days} days late").format(days=VINTAGE)},
            caption=_latest(half_years),
        )


def _latest(half_years: pd.DataFrame) -> str:
    """The youngest half-year beside those before it at the same age."""
    told = _("Ages that all months of a half-year have reached.")
    last = half_years[half_years["cohort"] == half_years["cohort"].max()].iloc[-1]
    others = half_years[(half_years["age"] == last["age"]) & (half_years["cohort"] != last["cohort"])]["value"]
    if others.empty:
        return told
    words = _("After {age} months {share} of {cohort} is more than {days} days late, of those before {others}.")
    ends = figure(float(others.min()), "rate"), figure(float(others.max()), "rate")
    between = ends[0] if ends[0] == ends[1] else _("{low} to {high}").format(low=ends[0], high=ends[1])
    share = figure(float(last["value"]), "rate")
    said = words.format(age=last["age"], share=share, cohort=last["cohort"], days=VINTAGE, others=between)
    return joined(said, told)


def _window(history: AgeingHistory) -> int | None:
    """Months by which lateness of every degree that is seen at all has shown; None where one still comes."""
    windows = history.late.windows
    rows = windows[(windows["measure"] == "amount") & (windows["bad"] >= FEWEST)]
    return int(rows["months"].max()) if len(rows) and rows["justified"].all() else None


def _past(found: AgeingEvidence, history: AgeingHistory) -> Figure:
    """The balance past due as the last of the past forecasts had it, and as it came."""
    rows = found.past_due(history.flows, PANELS)
    named = rows.assign(name=[_("made {day}").format(day=f"{day:%Y-%m-%d}") for day in rows["origin"]])
    return Figure.of(
        "ageing_past",
        forecasts.bucket_forecast,
        named.drop(columns=["origin", "day", "bucket"]),
        title=_("All that is past due: past forecasts, and what came"),
        width="full",
        height=52,
        options={"currency": history.flows.currency},
        caption=_("Each made of what the book knew on its day."),
    )


def _ahead(ahead: BucketForecast) -> Figure:
    return Figure.of(
        "ageing_ahead",
        forecasts.bucket_forecast,
        ahead.balances.drop(columns=["day", "bucket"]),
        title=_("Balances of the next {months} months by days past due").format(months=MONTHS),
        width="full",
        height=118,
        options={"currency": ahead.currency},
        caption=_("{assumption}.").format(assumption=ahead.assumption),
    )


def _ahead_table(found: AgeingEvidence, ahead: BucketForecast) -> Table:
    """Balances today and at the end, and how past forecasts of each did."""
    today, last = (ahead.balances[ahead.balances["month"] == month].set_index("bucket") for month in (0, MONTHS))
    rows = last[["name", "expected", "low_80", "high_80"]].assign(today=today["expected"])
    rows["change"] = [change(*pair, "money") if pair[1] > 0 else "" for pair in zip(rows["expected"], rows["today"])]
    columns = [
        Column("name", _("Days past due")),
        Column("today", _("Today"), "money"),
        Column("expected", _("Expected"), "money"),
        Column("low_80", _("80% from"), "money", quiet=True),
        Column("high_80", _("to"), "money", quiet=True),
        Column("change", _("Change"), right=True),
    ]
    if not found.no_test:
        rows = rows.join(found.held.set_index("bucket")[["covered_80", "covered_95", "bias"]])
        columns += [
            Column(f"covered_{band}", _("Past: within {band}%").format(band=band), "share") for band in (80, 95)
        ]
        columns.append(Column("bias", _("Past: bias"), "share", quiet=True))
    title = _("Balances in {months} months, and how past forecasts did").format(months=MONTHS)
    return Table.of("ageing_balances", rows.reset_index(), columns, title=title, currency=ahead.currency)
