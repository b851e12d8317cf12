"""The trial: the model beside habit on later invoices, the level of its chances, and its bands of days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import curves
from riskmodels.reporting.figures import losses as figures
from riskmodels.reporting.pages.overdue_words import forecast_word
from riskmodels.reporting.pages.page import joined, unrun
from riskmodels.validation.overdue_development.checks import HABIT
from riskmodels.validation.overdue_development.trial import Trial

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment


_DIFFERENCE = ["difference", "difference_low", "difference_high"]


def habit_page(report: OverdueDevelopment) -> Iterator[Block]:
    """Champion, challenger and seven habits on the same later invoices, with intervals and paired differences."""
    name, trial = _("Beside habit"), report.made.trial
    if trial is None:
        yield from unrun("5", name, report.made.no_trial)
        return
    checks = report.of_group("rank", "days")
    yield Section.of("5", name, _habit_finding(trial), _habit_lead(trial), checks)
    table = trial.compared.assign(name=[forecast_word(f, _engines(trial)) for f in trial.compared["forecast"]])
    for measure, unit, title, label in _shown():
        rows = table[(table["measure"] == measure) & (table["forecast"] != "champion") & table["difference"].notna()]
        if len(rows):
            yield _forest(rows, measure, unit, title, label)
    yield _side_by_side(table)


def _shown() -> list[tuple[str, str, str, str]]:
    return [
        ("auc_late", "score", _("Order: who will be late"), _("AUC of late less the champion's")),
        ("mae_days", "number", _("Date: how far off"), _("Mean error in days less the champion's")),
    ]


def _forest(rows: pd.DataFrame, measure: str, unit: str, title: str, label: str) -> Figure:
    """Each rival's paired difference to the champion, the nearest first."""
    found = rows[["name", *_DIFFERENCE]]
    frame = found.set_axis(["name", "value", "low", "high"], axis=1)
    return Figure.of(
        measure,
        figures.forest,
        frame.sort_values("value", key=abs, kind="stable"),
        title=title,
        width="half",
        height=66,
        options={"unit": unit, "label": label, "line": 0.0},
        caption=_("Paired on the same invoices, 95% intervals by debtor; plum beyond chance."),
    )


def _side_by_side(table: pd.DataFrame) -> Table:
    wide = table.pivot(index="name", columns="measure", values="value")
    gaps = {measure: table[table["measure"] == measure].set_index("name") for measure in ("auc_late", "mae_days")}
    rows = wide.assign(**{f"less_{measure}": _gaps(gap, measure) for measure, gap in gaps.items()})
    rows = rows.sort_values(["mae_days", "auc_late"], ascending=[True, False], kind="stable").reset_index()
    columns = [
        Column("name", _("Forecast")),
        Column("auc_late", _("AUC late"), "score"),
        Column("less_auc_late", _("less the champion's"), right=True, quiet=True),
        Column("mae_days", _("Error, days"), "number"),
        Column("less_mae_days", _("less the champion's"), right=True, quiet=True),
        Column("ibs", _("Curve's Brier"), "score", decimals=4),
        *(Column(f"auc_{k}", _("AUC > {k} days").format(k=k), "score") for k in (30, 90)),
    ]
    caption = _(
        "Least error first. Differences are paired on the same invoices, with 95% intervals that follow debtors. "
        "Errors of days, the curve's Brier score and AUC beyond 30 days count open invoices by censoring weights."
    )
    return Table.of("habit", rows, columns, title=_("The model beside seven habits"), caption=caption)


def _gaps(gap: pd.DataFrame, measure: str) -> pd.Series:
    """Difference to the champion with its interval, in words; empty for the champion itself."""
    places = 3 if measure == "auc_late" else 2
    said = [
        "" if name == "champion" else _signed(value, low, high, places)
        for name, value, low, high in zip(gap["forecast"], *(gap[column] for column in _DIFFERENCE))
    ]
    return pd.Series(said, index=gap.index)


def _signed(value: float, low: float, high: float, places: int) -> str:
    if pd.isna(value):
        return "—"
    told = [f"{v:+.{places}f}".replace("-", "−") for v in (value, low, high)]
    return _("{value} ({low} to {high})").format(value=told[0], low=told[1], high=told[2])


def _habit_finding(trial: Trial) -> str:
    auc, days = (trial.figure(HABIT, measure) for measure in ("auc_late", "mae_days"))
    if pd.isna(days["difference"]):
        words = _("AUC {auc} against {habit} of the debtor's own mean delay; days can't be told yet")
    elif days["difference"] >= 0:
        words = _("AUC {auc} against {habit} of the debtor's own mean delay; dates nearer by {days}")
    else:
        words = _("AUC {auc} against {habit} of the debtor's own mean delay; dates farther off by {days}")
    own = trial.figure("champion", "auc_late")["value"]
    return words.format(
        auc=figure(own, "score"), habit=figure(auc["value"], "score"), days=figure(abs(days["difference"]), "days")
    )


def _habit_lead(trial: Trial) -> str:
    words = _(
        "The same recipe was trained on what was known on {day}, and judged on the {n} invoices issued until {until}. "
        "Seven habits had the same knowledge: each sees what was settled before an invoice's issue."
    )
    said = words.format(day=trial.day, until=trial.until, n=f"{len(trial.judged):,}")
    longer = _("{n} with terms longer than any before are left out.").format(n=trial.longer) if trial.longer else ""
    return joined(said, longer)


def level_page(report: OverdueDevelopment) -> Iterator[Block]:
    """Expected and observed shares by days past due and by grade, and how often bands of days held."""
    name, trial = _("Level and uncertainty"), report.made.trial
    if trial is None:
        yield from unrun("6", name, report.made.no_trial)
        return
    lead = _(
        "Chances are right when as many invoices are late as were expected, and bands are right when they hold as "
        "often as they say. Both on the later invoices of the trial."
    )
    yield Section.of("6", name, _level_finding(trial), lead, report.of_group("level"))
    if len(trial.grades):
        frame = trial.grades[["grade", "predicted", "observed", "low", "high"]]
        title = _("Late invoices by grade: predicted and observed")
        yield Figure.of("late_by_grade", curves.reliability, frame, title=title, width="half", height=70)
    yield _levels(trial)
    if len(trial.bands):
        yield _bands(trial)


def _level_finding(trial: Trial) -> str:
    first = trial.levels.iloc[0]
    words = _("{expected} were expected late, {observed} were")
    return words.format(expected=figure(first["expected"], "share"), observed=figure(first["observed"], "share"))


def _levels(trial: Trial) -> Table:
    named = [_("past due") if k == 0 else _("more than {k} days").format(k=k) for k in trial.levels["dpd"]]
    columns = [
        Column("name", _("Past due")),
        Column("n", _("Invoices"), "count"),
        Column("expected", _("Expected"), "share"),
        Column("observed", _("Observed"), "share"),
        Column("low", _("95% from"), "share", quiet=True),
        Column("high", _("to"), "share", quiet=True),
    ]
    title = _("Share past due, expected and observed")
    return Table.of("levels", trial.levels.assign(name=named), columns, title=title, half=True)


def _bands(trial: Trial) -> Table:
    columns = [
        Column("level", _("Band of days"), "share", decimals=0),
        Column("n", _("Invoices"), "count"),
        Column("observed", _("Held"), "share"),
        Column("low", _("95% from"), "share", quiet=True),
        Column("high", _("to"), "share", quiet=True),
    ]
    caption = _("Bands lie between quantiles of the days to settlement, counted up to whole days.")
    title = _("How often the bands of days held")
    return Table.of("day_bands", trial.bands, columns, title=title, caption=caption)


def _engines(trial: Trial) -> dict[str, str]:
    return {role: model.choice_.engine for role, model in trial.models.items()}
