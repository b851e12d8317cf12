"""What features say of the outcome: AUC and information value, the direction, bad rates by bin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Section, Table
from riskmodels.reporting.figures import features as figures
from riskmodels.reporting.pages.features_all import all_features, all_table
from riskmodels.reporting.pages.features_stability import strongest
from riskmodels.reporting.pages.page import joined
from riskmodels.validation.features.order import rates
from riskmodels.validation.features.outcome import Late
from riskmodels.validation.features.power import CONTRADICTS

if TYPE_CHECKING:
    from riskmodels.reporting.pages.features import FeatureReport

PANELS, MOST_ROWS = 8, 25


def power_page(report: FeatureReport) -> Iterator[Block]:
    """AUC with intervals of the strongest, bad rates by bin, and the table with directions."""
    name = _("Predictive power")
    if reason := report.review.unjudged("power") or _none_judged(report):
        yield Section(
            "3", name, _("Predictive power can't be judged on this book"), _definition(report), Verdict.NOT_RUN
        )
        yield NotRun(name, reason)
        return
    yield Section.of("3", name, _finding(report), _definition(report), report.of_group("power"))
    yield _intervals(report)
    yield _rates(report)
    yield _directions(report)


def _none_judged(report: FeatureReport) -> str:
    judged = report.review.power["auc"].notna().any()
    return "" if judged else _("no feature varies where outcomes are known, or each has a value too seldom")


def _finding(report: FeatureReport) -> str:
    table, faults = report.review.power, report.review.faults
    wrong = faults.loc[faults["fault"] == "wrong_p", "verdict"]
    n, against = int(table["telling"].sum()), int((wrong == Verdict.BREACH).sum())
    if not n:
        return _("No feature alone tells bad from good beyond chance")
    head = ngettext(
        "One of {all} features tells bad from good beyond chance",
        "{n} of {all} features tell bad from good beyond chance",
        n,
    ).format(n=n, all=int(table["auc"].notna().sum()))
    if wrong.empty:
        return _("{head}, none against its expected direction").format(head=head)
    if not against:
        return head
    return ngettext(
        "{head}; one runs against its expected direction", "{head}; {n} run against their expected direction", against
    ).format(head=head, n=against)


def _definition(report: FeatureReport) -> str:
    rule = Late()
    late = _(
        "Bad: at least {share} of what was invoiced in the {months} months after the origin ran more than {dpd} days "
        "late. Quarterly origins, only those whose window is over."
    ).format(share=figure(rule.share, "share"), months=rule.months, dpd=rule.dpd)
    default = _(
        "Bad: the obligor defaulted within 12 months (at least 1% of what it owes more than 90 days past due); those "
        "that owe nothing or are in default at the origin are left out. Quarterly origins, only those whose window is "
        "over."
    )
    pair = _("The outcome of a pair is its debtor's.") if report.key == "pair" and report.outcome == "default" else ""
    return joined(default if report.outcome == "default" else late, pair)


def _intervals(report: FeatureReport) -> Figure:
    table = all_features(report)
    sample = report.review.sample
    bad = sample.loc[sample["outcome"] == 1, "obligor"].nunique()
    shown = min(int(table["auc"].notna().sum()), figures.MOST_ROWS)
    figure = Figure.of(
        "intervals",
        figures.intervals,
        table.head(shown)[["title", "low", "auc", "high", "iv", "telling", "direction"]],
        title=_("The {n} features of most information value").format(n=shown),
        caption=_(
            "Each feature alone, where it has a value; {n} cases, {bad} obligors with an event. Intervals allow for "
            "cases of one obligor depending on each other. Larger values are worse above 0.5, better below."
        ).format(n=f"{len(sample):,}", bad=f"{bad:,}"),
        width="full",
        height=18 + 6.2 * shown,
    )
    return replace(figure, data=all_table(report))


def _rates(report: FeatureReport) -> Figure:
    sample, units = report.review.sample, report.review.offered.set_index("feature")["unit"]
    table = report.review.power.set_index("feature")
    against = table.index[table["direction"] == CONTRADICTS].tolist()
    ran = [n for n in strongest(report, len(table)) if n in set(table.index[table["auc"].notna()])]
    shown = list(dict.fromkeys([*against[: PANELS // 2], *ran]))[:PANELS]
    outcome = sample["outcome"].to_numpy(float)
    parts = [
        rates(sample[n].to_numpy(float), outcome).assign(
            panel=report.titles[n], unit=str(units[n]), against=n in against, bin=lambda t: range(1, len(t) + 1)
        )
        for n in shown
    ]
    frame = pd.concat(parts, ignore_index=True)
    return Figure.of(
        "bad_rates",
        figures.rates,
        frame[["panel", "bin", "low", "high", "unit", "n", "events", "rate", "against"]],
        title=_rates_title(report),
        caption=_("Fifths of the known values, lowest first (fewer where values tie), with the least and the largest."),
        width="full",
        height=44 * (-(-len(shown) // 4)),
    )


def _rates_title(report: FeatureReport) -> str:
    found = report.review.faults
    n = found.loc[(found["fault"] == "order_p") & (found["verdict"] == Verdict.BREACH), "feature"].nunique()
    if not n:
        return _("Bad rate by bin: no feature's turns beyond chance")
    return ngettext("Bad rate by bin: one feature's turns", "Bad rate by bin: those of {n} features turn", n).format(
        n=n
    )


def _directions(report: FeatureReport) -> Table:
    table = all_features(report)
    ran = table[table["auc"].notna()]
    faulty = ran["faults"].map(lambda f: bool({"wrong_p", "order_p"} & set(f)))
    kept = pd.concat([ran[faulty], ran[~faulty]]).head(max(MOST_ROWS, int(faulty.sum())))
    columns = [
        Column("title", _("Feature")),
        Column("expected", _("Expected"), quiet=True),
        Column("found", _("Direction")),
        Column("iv", _("IV"), "score"),
        Column("auc", _("AUC"), "score"),
        Column("p_value", _("p (Holm)"), "p"),
        Column("order_p", _("One way, p"), "p", quiet=True),
        Column("filled", _("Filled"), "share", quiet=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    more = len(ran) - len(kept)
    said = _(
        "Direction: contradicted only if chance doesn't explain it (Holm, 5%). Result: of all checks of the feature."
    )
    rest = _("The other {n} are in the workbook.").format(n=more) if more > 0 else ""
    return Table.of(
        "directions",
        kept,
        columns,
        title=_("What larger values do to risk, expected and found"),
        caption=joined(said, rest),
    )
