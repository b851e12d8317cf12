"""The page of monitoring: each key figure month by month, and what persists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict, worst
from riskmodels.core.numbers import DASH
from riskmodels.core.text import gettext as _
from riskmodels.models.monthly import horizon_of, monthly_cases
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import key_series
from riskmodels.reporting.pages.page import listed, unrun
from riskmodels.reporting.words import limit_text, value_text
from riskmodels.validation.monitoring import WATCHED, Monitoring, Watched, monitor

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

DRAWN, LISTED = 24, 13
"""Months the figure shows, and the table: a year and the same month of the year before."""


def monitored(judged: ModelValidation) -> Monitoring | None:
    """The key figures by month of what is judged; None where nothing is, or its cases have no day."""
    if judged.lacking:
        return None
    if judged.stored is not None:
        cases, horizon = monthly_cases(judged.stored, judged.book, judged.as_of), horizon_of(judged.stored)
    else:
        cases, horizon = judged.sample, judged.source.horizon
    if "period" not in cases:
        return None
    return monitor(cases, judged.development, judged.limits, horizon)


def monitoring(judged: ModelValidation) -> Iterator[Block]:
    """The series with their limits, the rule of persistence on each, and the months as a table."""
    name, found = _("Monitoring"), judged.monitoring
    if found is None:
        yield from unrun("13", name, judged.lacking or _("no column says when the cases were scored"))
        return
    lead = _(
        "Figures of scores are of a month's own cases. Figures of order are of the twelve months to it, once hardly "
        "any of its cases is too young; those of level of the cohort among them that counts each outcome once. Two of "
        "the last three judged months beyond the limit raise a finding, three on watch a lesser one."
    )
    yield Section.of("13", name, _finding(found), lead, found.persistence)
    told = [w for w in WATCHED if w.key in found.last]
    if told:
        yield _drawn(found, told)
    yield _rule(found)
    yield _by_month(found, told)


def _finding(found: Monitoring) -> str:
    red, amber = (_named(found, verdict) for verdict in (Verdict.BREACH, Verdict.WATCH))
    if red:
        return _("{figures}: beyond the limit in two of the last three months").format(figures=listed(red))
    if amber:
        return _("{figures}: on watch for three months").format(figures=listed(amber))
    if not found.last:
        return _("No month can be judged yet")
    return _("No figure was beyond its limit in two of the last three months")


def _named(found: Monitoring, verdict: Verdict) -> list[str]:
    return [_(w.title) for w, r in zip(WATCHED, found.persistence, strict=True) if r.verdict is verdict]


def _drawn(found: Monitoring, told: list[Watched]) -> Figure:
    months = [r.subject for r in found.results[told[0].key]][-DRAWN:]
    rows = [row for w in told for row in _points(_(w.title), found.results[w.key][-DRAWN:], found.last[w.key])]
    return Figure.of(
        "monitoring",
        key_series,
        pd.DataFrame(rows),
        title=_("Key figures by month"),
        subtitle=_("dashed: limit"),
        caption=_("{first} to {last}; months beyond a line carry its shape.").format(first=months[0], last=months[-1]),
        width="full",
        height=42,
    )


def _points(panel: str, results: tuple[CheckResult, ...], last: CheckResult) -> list[dict[str, object]]:
    limits = last.limits
    return [
        {
            "panel": panel,
            "when": r.subject,
            "value": r.value,
            "unit": r.unit,
            "verdict": str(r.verdict),
            "low": limits.breach_low if limits else None,
            "high": limits.breach_high if limits else None,
        }
        for r in results
    ]


def _rule(found: Monitoring) -> Table:
    rows = [_row(w, r, found.last.get(w.key)) for w, r in zip(WATCHED, found.persistence, strict=True)]
    columns = [
        Column("figure", _("Figure")),
        Column("month", _("Last judged"), right=True),
        Column("value", _("Value"), right=True, judged=True),
        Column("limit", _("Limit"), right=True, quiet=True),
        Column("beyond", _("Months beyond"), right=True),
        Column("on_watch", _("On watch or beyond"), right=True),
        Column("verdict", _("Result"), "verdict"),
        Column("reason", "", quiet=True),
    ]
    kept = [c for c in columns if c.key != "reason" or any(row["reason"] for row in rows)]
    return Table.of("persistence", pd.DataFrame(rows), kept, title=_("What persists"))


def _row(watched: Watched, rule: CheckResult, last: CheckResult | None) -> dict[str, str]:
    told = {"figure": _(watched.title), "verdict": str(rule.verdict), "reason": rule.reason}
    if last is None:
        return {**told, **dict.fromkeys(("month", "value", "limit", "beyond", "on_watch"), DASH)}
    counted = {key: _("{n} of {of}").format(n=rule.detail[key], of=rule.detail["of"]) for key in ("beyond", "on_watch")}
    return {
        **told,
        **counted,
        "month": last.subject,
        "value": value_text(last),
        "limit": limit_text(last.limits, last.unit),
    }


def _by_month(found: Monitoring, told: list[Watched]) -> Table:
    table = found.table.assign(
        verdict=[str(worst(found.results[w.key][place] for w in told)) for place in range(len(found.table))]
    )
    columns = [
        Column("month", _("Month to"), "date"),
        Column("n", _("Cases"), "count"),
        Column("young", _("Immature"), "share", quiet=True),
        *([Column("probability", _("Mean"), "rate", quiet=True)] if table["probability"].notna().any() else []),
        Column("cases", _("Judged"), "count", quiet=True),
        Column("events", _("Bad"), "count"),
        *(Column(w.key, _(w.title), w.check.unit) for w in told),
        Column("verdict", _("Result"), "verdict"),
    ]
    return Table.of(
        "months",
        table.tail(LISTED).iloc[::-1],
        columns,
        title=_("Month by month"),
        subtitle=_("latest first"),
        caption=_(
            "Immature: share of the month's cases without an outcome yet. Mean: of their probabilities. Judged and "
            "bad: those of the twelve months to it that count each outcome once, as the level is judged."
        ),
    )
