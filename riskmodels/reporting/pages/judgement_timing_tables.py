"""The tables and the figure of cash of the section on payment time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.numbers import DASH, interval
from riskmodels.core.text import gettext as _
from riskmodels.models.ageing_transitions import coverage
from riskmodels.models.baselines import TITLES
from riskmodels.reporting.body import Column, Figure, Table
from riskmodels.reporting.figures import overdue as figures
from riskmodels.reporting.words import detectable_text
from riskmodels.validation.overdue_development.ageing import BUCKETS, reachable
from riskmodels.validation.overdue_development.cash import WEEKS
from riskmodels.validation.timing.bands import Coverage
from riskmodels.validation.timing.case import Timing
from riskmodels.validation.timing.chance import Against
from riskmodels.validation.timing.days import beside_habits
from riskmodels.validation.timing.measures import cash_weeks, held

NAME = "validation.timing.observed_expected.{dpd}"


def levels_table(case: Timing, by_name: Mapping[str, CheckResult]) -> Table:
    """Level and order by days past due: expected and observed, their ratio, the AUC and the AUC among the late."""
    rows = [_level(case, dpd, by_name[NAME.format(dpd=dpd)]) for dpd in case.levels]
    columns = [
        Column("name", _("Days past due")),
        Column("n", _("Invoices"), "count"),
        Column("expected", _("Expected"), "rate"),
        Column("observed", _("Observed"), "rate"),
        Column("ratio", _("Ratio"), "number", judged=True),
        Column("interval", _("95% interval"), right=True, quiet=True),
        Column("detectable", _("Detectable"), right=True, quiet=True),
        Column("verdict", _("Result"), "verdict"),
        Column("by_amount", _("by amount"), "number", quiet=True),
        Column("auc", _("AUC"), "score"),
        Column("promised", _("promised"), "score", quiet=True),
        Column("of_late", _("among the late"), "score"),
    ]
    caption = _(
        "Shares of amounts not settled by then, each invoice counting 1. Promised: the AUC of these chances if they "
        "are right. Among the late: of those open 30 days before, who stays open."
    )
    title = _("Level and order by days past due")
    return Table.of("timing_levels", pd.DataFrame(rows), columns, title=title, caption=caption)


def _level(case: Timing, dpd: int, check: CheckResult) -> dict[str, Any]:
    level, order, late = case.levels[dpd], case.orders[dpd].against, case.orders_of_late.get(dpd)
    return {
        "name": _("past due") if dpd == 0 else _("more than {dpd}").format(dpd=dpd),
        "n": level.n,
        "expected": level.expected,
        "observed": level.observed,
        "ratio": level.ratio.value,
        "interval": _ends(level.ratio.within(0, float("inf")), "number"),
        "detectable": detectable_text(check),
        "verdict": str(check.verdict),
        "by_amount": case.levels_by_amount[dpd].ratio.value if case.levels_by_amount else None,
        "auc": order.value,
        "promised": order.expected,
        "of_late": late.against.value if late else None,
    }


def habits_table(case: Timing) -> Table:
    """The model beside habits: order of late and error of days, with what the model gains on each."""
    table = beside_habits(case.payments)
    wide = table.pivot(index="habit", columns="measure", values=["value", "gain", "low", "high"])
    wide.columns = pd.Index([f"{column[1]}_{column[0]}" for column in wide.columns])
    rows = wide.loc[list(dict.fromkeys(table["habit"]))].reset_index()
    names = {"champion": _("The model"), **{name: _(title) for name, title in TITLES.items()}}
    columns = [Column("name", _("Forecast"))]
    for measure, heading, unit in (("auc_late", _("AUC late"), "score"), ("mae_days", _("Error, days"), "number")):
        columns += [
            Column(f"{measure}_value", heading, unit),
            Column(f"{measure}_gain", _("model gains"), unit),
            Column(f"{measure}_interval", _("95% interval"), right=True, quiet=True),
        ]
        rows[f"{measure}_interval"] = [
            _ends((low, high) if low == low else None, unit)
            for low, high in zip(rows[f"{measure}_low"], rows[f"{measure}_high"])
        ]
    caption = _("Gains are paired on the same invoices; above zero the model is better.")
    title = _("The model beside seven habits")
    return Table.of("timing_habits", rows.assign(name=rows["habit"].map(names)), columns, title=title, caption=caption)


def _ends(between: tuple[float, float] | None, unit: str) -> str:
    return DASH if between is None else interval(*between, unit)


def bands_table(case: Timing) -> Table:
    """How often bands held: of invoices' days, of weeks of cash, of balances by age; both tests beside."""
    columns = [
        Column("name", _("Band of")),
        Column("n", _("Cases"), "count"),
        Column("stated", _("Says"), "share"),
        Column("value", _("Held"), "share"),
        Column("interval", _("95% interval"), right=True, quiet=True),
        Column("kupiec_p", _("Kupiec's p"), "p", quiet=True),
        Column("kupiec_finds", _("and finds"), "share", quiet=True),
        Column("p", _("clustered p"), "p"),
    ]
    caption = _(
        "Kupiec's test (1995) takes cases as independent, and finds a band that fails so much more often with 80% "
        "power. The clustered one allows for invoices of one party, or weeks "
        "and balances of one forecast, to move together; it decides."
    )
    title = _("How often the bands held")
    return Table.of("timing_bands", pd.DataFrame(_banded(case)), columns, title=title, caption=caption)


def _banded(case: Timing) -> Iterator[dict[str, Any]]:
    if case.coverage is not None and case.coverage.n:
        yield _held(_("days of an invoice, 80%"), case.coverage)
    told = (
        (_("weeks of cash, {band}%"), cash_weeks(case) if len(case.cash) else case.cash),
        (_("balances of buckets, {band}%"), reachable(case.ageing) if len(case.ageing) else case.ageing),
    )
    for words, rows in told:
        for band in (80, 95):
            if len(rows):
                yield _held(words.format(band=band), held(rows, band))


def _held(name: str, found: Coverage) -> dict[str, Any]:
    against: Against = found.against
    told = {"stated": against.expected, "value": against.value, "interval": _ends(against.within(0, 1), "share")}
    return {
        "name": name,
        "n": found.n,
        **told,
        "kupiec_p": found.kupiec_p,
        "kupiec_finds": found.kupiec_finds,
        "p": against.p_value,
    }


def cash_figure(tested: pd.DataFrame, currency: str) -> Figure:
    """Past forecasts of cash by week, and what came."""
    weeks = tested[tested["span"] == "week"]
    outside = int((~weeks["actual"].between(weeks["low_95"], weeks["high_95"])).sum())
    caption = _(
        "Dots: what came; plum, {n} of {all} weeks, outside the 95% band. {origins} forecasts of {weeks} weeks."
    )
    told = {"n": outside, "all": len(weeks), "origins": weeks["origin"].nunique(), "weeks": WEEKS}
    return Figure.of(
        "timing_cash",
        figures.cash_weeks,
        weeks.drop(columns=["currency", "span"]),
        title=_("Past forecasts by week, and what came"),
        width="full",
        height=66,
        options={"currency": currency},
        caption=caption.format(**told),
    )


def ageing_table(case: Timing, currency: str) -> Table:
    """Past forecasts of balances by bucket: the sums expected and come, and how often their bands held."""
    rows = case.ageing[case.ageing["bucket"] <= BUCKETS]
    sums = rows.groupby("bucket")[["expected", "actual"]].mean()
    told = coverage(rows).join(sums, on="bucket")
    columns = [
        Column("name", _("Days past due")),
        Column("expected", _("Expected, mean"), "money"),
        Column("actual", _("Came, mean"), "money"),
        Column("bias", _("Bias"), "share"),
        Column("n", _("Forecasts"), "count"),
        *(Column(f"covered_{band}", _("Within {band}% band").format(band=band), "share") for band in (80, 95)),
    ]
    caption = _("Balances one to six months after each of {n} past days, from how balances rolled until then.")
    title = _("Balances by age, as foretold and as they came")
    said = caption.format(n=case.ageing["origin"].nunique())
    return Table.of("timing_ageing", told, columns, title=title, caption=said, currency=currency)
