"""Who the model learnt from, and why bad is defined as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.bad_definition import Evidence, Study
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table, Text
from riskmodels.reporting.figures import bars
from riskmodels.reporting.figures import development as figures
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.development import ScorecardDevelopment

PART_WORDS = {"development": mark("Development"), "hold-out": mark("Hold-out"), "out-of-time": mark("Out of time")}
"""What a reader calls the parts of a trial."""


def sample_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """From all debtor quarters to those learnt from, what they are worth, and how they are parted."""
    made = report.made
    size = made.size
    finding = _("{n} debtor quarters are worth {worth} independent cases").format(
        n=f"{size.rows:,}", worth=f"{size.effective_rows:,.0f}"
    )
    lead = _(
        "One row per debtor and quarter end whose twelve months were over by {date}. Debtors that owe nothing or are "
        "in default at the quarter end are left out. Rows of one debtor tell less than as many of different ones: "
        "every split keeps a debtor on one side, and every error is clustered by debtor."
    )
    yield Section.of("1", _("Sample"), finding, lead.format(date=report.as_of), report.of_group("sample"))
    yield Figure.of(
        "size",
        bars.importance,
        _worth(report),
        title=_("What the model can learn from"),
        width="full",
        height=45,
        options={"unit": "count", "label": _("Number")},
    )
    yield _by_origin(report)
    if made.no_trial:
        yield NotRun(_("Hold-out and out-of-time samples"), made.no_trial)
    else:
        yield _parts(report)


def _worth(report: ScorecardDevelopment) -> pd.DataFrame:
    size = report.made.size
    rows = [
        (_("Debtor quarters"), size.rows),
        (_("Independent cases they are worth"), size.effective_rows),
        (_("Debtors"), size.obligors),
        (_("Bad debtor quarters"), size.bads),
        (_("Debtors with a default"), size.obligors_with_a_bad),
    ]
    return pd.DataFrame(rows, columns=["driver", "importance"])


def _by_origin(report: ScorecardDevelopment) -> Table:
    known = report.made.known
    table = known.groupby("period").agg(n=("outcome", "size"), bads=("outcome", "sum"), rate=("outcome", "mean"))
    columns = [
        Column("period", _("Quarter to"), "date"),
        Column("n", _("Debtors"), "count"),
        Column("bads", _("Bad"), "count"),
        Column("rate", _("Bad rate"), "rate"),
    ]
    return Table.of("origins", table.reset_index(), columns, title=_("Debtor quarters by quarter end"))


def _parts(report: ScorecardDevelopment) -> Table:
    rows = [
        {
            "part": _(PART_WORDS[name]),
            "n": len(frame),
            "obligors": frame["obligor"].nunique(),
            "bads": frame["outcome"].sum(),
            "rate": frame["outcome"].mean(),
            "first": frame["period"].min(),
            "last": frame["period"].max(),
        }
        for name, frame in report.made.parts.items()
    ]
    columns = [
        Column("part", _("Sample")),
        Column("n", _("Debtor quarters"), "count"),
        Column("obligors", _("Debtors"), "count"),
        Column("bads", _("Bad"), "count"),
        Column("rate", _("Bad rate"), "rate"),
        Column("first", _("First"), "date", quiet=True),
        Column("last", _("Last"), "date", quiet=True),
    ]
    caption = _(
        "A model developed on the first part alone is judged on other debtors and on later quarters. Quarters whose "
        "twelve months reach into the last part are in none. The candidate itself is fitted on all quarters."
    )
    return Table.of("parts", pd.DataFrame(rows), columns, title=_("How the sample is parted"), caption=caption)


def definition_page(report: ScorecardDevelopment) -> Iterator[Block]:
    """Roll rates, cures and maturation: the days past due and the window that the book justifies."""
    study, name = report.made.study, _("Definition of bad")
    rule = study.rule
    lead = _(
        "The rule: within {months} months at least {share} of what the debtor owes is more than {dpd} days past due."
    )
    said = lead.format(months=rule.months, share=figure(rule.share, "share"), dpd=rule.dpd)
    if study.evidence is None:
        yield from unrun("2", name, study.reasons[0], said)
        return
    yield Section.of("2", name, _definition_finding(report), said, report.of_group("definition"))
    yield Text(study.reasons)
    yield from _curves(study, study.evidence)
    yield from _rolls(study.evidence)
    yield _forward(study.evidence.forward)


def _curves(study: Study, found: Evidence) -> Iterator[Figure]:
    """Who comes back from how many days past due, and when bad invoices show."""
    if found.cures["uncured"].notna().any():
        yield Figure.of(
            "cures",
            figures.cures,
            found.cures,
            title=_("Who passes so many days, and doesn't come back"),
            width="half",
            height=62,
            options={"threshold": study.threshold},
        )
    pooled = found.maturation.pooled
    amount = pooled[pooled["measure"] == "amount"]
    if len(amount):
        yield Figure.of(
            "maturation",
            figures.maturation,
            amount,
            title=_("When bad invoices show"),
            width="half",
            height=62,
            options={"window": study.window},
        )


def _rolls(found: Evidence) -> Iterator[Figure]:
    rates, flow = (table[table["measure"] == "amount"] for table in (found.rolls.rates, found.rolls.flow))
    if rates["rate"].notna().any():
        yield Figure.of(
            "roll_rates",
            figures.roll_rates,
            rates.assign(to_loss=flow["flow"].iloc[0]),
            title=_("Roll rates, by amount"),
            width="full",
            height=58,
        )


def _definition_finding(report: ScorecardDevelopment) -> str:
    study = report.made.study
    if study.threshold is None:
        return _("The book can't justify a threshold of its own; the rule's {dpd} days stand").format(
            dpd=study.rule.dpd
        )
    words = _("From {days} days past due on, at least half of the debtors stay in arrears; the rule says {dpd}")
    return words.format(days=study.threshold, dpd=study.rule.dpd)


def _forward(table: pd.DataFrame) -> Table:
    columns = [
        Column("name", _("Worst status of a year")),
        Column("n", _("Debtors"), "count"),
        *(Column(f"to_{status}", name, "share", shade="plum") for status, name in zip(table["status"], table["name"])),
        Column("cured", _("Better a year on"), "share"),
    ]
    return Table.of("roll_forward", table, columns, title=_("Worst status of a year against that of the year after"))
