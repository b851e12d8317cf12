"""The index of runs: latest figures, a filtered list, two runs compared; one file that opens without a server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from urllib.parse import quote

from markupsafe import Markup

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import language
from riskmodels.reporting.block import plain
from riskmodels.reporting.html import page
from riskmodels.reporting.words import VERDICTS, limit_text, verdict_word

_MOST_FIGURES, _TREND = 5, 8
_WORST_FIRST = list(Verdict)


@dataclass(frozen=True)
class CheckSummary:
    """One check of a run as the portal shows it; `formatted` and `limit` are text in the run's language."""

    name: str
    title: str
    value: float | None
    unit: str
    verdict: Verdict
    limit: str
    formatted: str

    @classmethod
    def of(cls, check: CheckResult, currency: str = "CNY") -> CheckSummary:
        """The summary of a check, said in the language in force."""
        limit = limit_text(check.limits, check.unit, currency)
        formatted = figure(check.value, check.unit, currency)
        return cls(check.name, check.title, check.value, check.unit, check.verdict, limit, formatted)


@dataclass(frozen=True)
class RunSummary:
    """One run: what it is about, how it ended, its key figure, and where its page lies from the portal."""

    run_id: str
    report: str
    subject: str
    as_of: date
    created: datetime
    verdict: Verdict
    opinion: str
    href: str
    key_label: str = ""
    key_value: str = ""
    checks: tuple[CheckSummary, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    tag: str = ""


@dataclass(frozen=True)
class LatestFigure:
    """A check of a latest run with its values over the runs of the same report and subject."""

    check: CheckSummary
    subject: str
    trend: tuple[float | None, ...]


def render_portal(runs: Sequence[RunSummary], note: str = "") -> str:
    """The portal page of these runs, newest first, in the language in force; `note` stands in its bar."""
    ordered = sorted(runs, key=lambda r: (r.as_of, r.created, r.run_id), reverse=True)
    return page(
        "portal.html.j2",
        "portal.js",
        runs=ordered,
        lang="zh-CN" if language() == "zh" else "en",
        note=note,
        figures=latest_figures(ordered),
        counts={v: sum(r.verdict == v for r in ordered) for v in Verdict},
        reports=_distinct(r.report for r in ordered),
        subjects=_distinct(r.subject for r in ordered),
        tags=_distinct(r.tag for r in ordered if r.tag),
        address=address,
        data=_embedded(ordered),
    )


def latest_figures(newest_first: Sequence[RunSummary]) -> list[LatestFigure]:
    """Up to five checks with a limit: the worst of each latest run in turn."""
    series: dict[tuple[str, str], list[RunSummary]] = {}
    for run in newest_first:
        series.setdefault((run.report, run.subject), []).append(run)
    ranked = [sorted(_measured(runs[0]), key=lambda c: _WORST_FIRST.index(c.verdict)) for runs in series.values()]
    most = max((len(checks) for checks in ranked), default=0)
    turns = [(turn, i) for turn in range(most) for i in range(len(ranked)) if turn < len(ranked[i])]
    all_runs = list(series.values())
    return [_latest(ranked[i][turn], all_runs[i]) for turn, i in turns[:_MOST_FIGURES]]


def _measured(run: RunSummary) -> list[CheckSummary]:
    return [c for c in run.checks if c.verdict is not Verdict.NOT_RUN]


def _latest(check: CheckSummary, runs: Sequence[RunSummary]) -> LatestFigure:
    values = [next((c.value for c in run.checks if c.name == check.name), None) for run in runs[:_TREND]]
    return LatestFigure(check, runs[0].subject, tuple(reversed(values)))


def address(href: str) -> str:
    """A relative address that can't be anything else: no scheme, no host."""
    return quote(href.lstrip("/\\"), safe="/-_.~")


def _distinct(words: object) -> list[str]:
    return list(dict.fromkeys(words))  # type: ignore[call-overload]


def _embedded(runs: Sequence[RunSummary]) -> Markup:
    """The checks of every run and the words of the comparison, as JSON that can't end its element."""
    words = {str(v): verdict_word(v) for v in VERDICTS}
    words |= {"chosen": _("{n} chosen"), "pp": _("pp"), "left": _("new")}
    words |= {"title": _("{report}, {new} against {old}; {changed} of {all} results changed")}
    told = {
        r.run_id: {"name": f"{r.report}, {r.subject}", "as_of": r.as_of, "checks": list(map(asdict, r.checks))}
        for r in runs
    }
    text = json.dumps(plain({"words": words, "runs": told}), ensure_ascii=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)
