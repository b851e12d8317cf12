"""The joint between the register and its portal: kept runs become the rows of `index.html`."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskmodels.core.checks import Verdict
from riskmodels.core.numbers import figure
from riskmodels.runs.manifest import RESULT, read_result
from riskmodels.runs.registry import Run, runs
from riskmodels.runs.rendering import header
from riskmodels.runs.scratch import gate

if TYPE_CHECKING:
    from riskmodels.reporting.portal import CheckSummary, RunSummary

_log = logging.getLogger(__name__)
_NO_FIGURE: dict[str, Any] = {"label": "", "value": None, "unit": "number", "currency": "CNY"}
_DOWNLOADS = {"xlsx": "tables.xlsx", "json": RESULT}


def render_portal(reports: Path) -> None:
    """Write `index.html` over all runs in one step, in the language of the newest run.

    A page that can't be made is logged: the runs stand without it.
    """
    try:
        with gate(reports):
            draft = reports / ".index.html"
            draft.write_text(_page(reports), encoding="utf-8")
            os.replace(draft, reports / "index.html")
    except Exception as error:
        _log.warning("%s: not brought up to date: %s: %s", reports / "index.html", type(error).__name__, error)


def _page(reports: Path) -> str:
    from riskmodels.reporting.portal import render_portal as page

    kept = runs(reports)
    summaries = list(_summaries(kept, reports))
    return header(kept[0].manifest).speak(lambda: page(summaries)) if kept else page([])


def _summaries(kept: Sequence[Run], reports: Path) -> Iterator[RunSummary]:
    for run in kept:
        try:
            yield summary(run, reports)
        except (OSError, ValueError, TypeError, KeyError) as error:
            _log.warning("%s: left out of the portal: %s: %s", run.path, type(error).__name__, error)


def summary(run: Run, reports: Path) -> RunSummary:
    """One run as a row of the portal, its figures as text in its own language."""
    return header(run.manifest).speak(lambda: _summary(run, run.path.relative_to(reports).as_posix()))


def _summary(run: Run, folder: str) -> RunSummary:
    from riskmodels.reporting.portal import RunSummary

    told, result = run.manifest, read_result(run.path / RESULT)
    key = _key_figure(result["key_figures"])
    votes = [c for c in result["checks"] if c.get("primary")]  # a report whose checks don't vote shows all
    return RunSummary(
        run_id=told.run_id,
        report=header(told).title,
        subject=told.subject,
        as_of=told.as_of,
        created=told.created,
        verdict=told.verdict,
        opinion=result["opinion"],
        href=f"{folder}/report.html",
        key_label=key["label"],
        key_value=figure(key["value"], key["unit"], key["currency"]) if key["label"] else "",
        checks=tuple(_check(c, key["currency"]) for c in votes or result["checks"]),
        files=tuple((kind, f"{folder}/{name}") for kind, name in _DOWNLOADS.items() if name in told.files),
        tag=told.tag,
    )


def _key_figure(figures: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figure a run is known by: the one that has an interval, as a model's AUC has, else the first."""
    measured = (figure for figure in figures if figure.get("interval"))
    return next(measured, next(iter(figures), _NO_FIGURE))


def _check(check: dict[str, Any], currency: str) -> CheckSummary:
    from riskmodels.reporting.portal import CheckSummary

    return CheckSummary(
        name=check["name"],
        title=check["title"],
        value=check["value"],
        unit=check["unit"],
        verdict=Verdict(check["verdict"]),
        limit=check["limit_text"],
        formatted=figure(check["value"], check["unit"], currency),
    )
