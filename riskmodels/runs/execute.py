"""A report run whole or not at all: checked, executed in scratch, rendered, recorded, promoted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from riskmodels.core.checks import Verdict
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.runs.failure import kept_for_inspection
from riskmodels.runs.fingerprint import fingerprint
from riskmodels.runs.kernel import Execution, Progress, execute
from riskmodels.runs.manifest import NOTEBOOK, RESULT, Manifest, names, read_result, run_id
from riskmodels.runs.notebooks import Report
from riskmodels.runs.parameters import check
from riskmodels.runs.portal import render_portal
from riskmodels.runs.registry import Run, latest
from riskmodels.runs.rendering import render_report
from riskmodels.runs.scratch import scratch
from riskmodels.runs.values import Scalar

Render = Callable[[Path, Manifest, Path], None]
"""Writes a report's files, result.json among them, from the executed notebook into a folder."""

_EXIT_CODES = {Verdict.BREACH: 20, Verdict.WATCH: 10, Verdict.NO_EVIDENCE: 10, Verdict.WITHIN: 0, Verdict.NOT_RUN: 10}


@dataclass(frozen=True)
class Subject:
    """What a report is about: the book's name and fingerprint, the model's name and manifest hash if any.

    Names stay the same from run to run: they decide which earlier run a report is compared with. The tag, such as
    SAMPLE, is shown beside the title.
    """

    book: str
    book_hash: str
    model: str = ""
    model_hash: str = ""
    tag: str = ""


def run(
    report: Report,
    given: Mapping[str, object],
    subject: Subject,
    reports: Path,
    *,
    render: Render = render_report,
    progress: Progress | None = None,
    cell_timeout: int | None = None,
) -> Run:
    """The run, kept under `reports/<report>/<as-of>/<run-id>/`; nothing is there when it fails.

    `given` are values for parameters the notebook declares; it must declare `as_of`. A declared `previous` that
    isn't given gets the result.json of the run to compare with. `cell_timeout` is in seconds. Errors of this
    package raised in the notebook are raised here again; any other failure is a RunFailed that says where the
    notebook can be seen as far as it got.
    """
    values = check(report.path, given)
    as_of = _as_of(report, values)
    before = None if values.get("previous") else latest(reports, report.name, subject.book, as_of, subject.model)
    values, created, clock = _compared(values, before), datetime.now(UTC), time.monotonic()
    with scratch(reports, reports / report.name / as_of.isoformat(), _proposals(created, values)) as work:
        draft = Manifest(
            run_id=work.destination.name,
            report=report.name,
            title=report.title,
            as_of=as_of,
            language=str(values.get("lang", "en")),
            book=subject.book,
            model=subject.model,
            tag=subject.tag,
            parameters=values,
            fingerprint=fingerprint(report.path, subject.book_hash, subject.model_hash),
            created=created,
            previous=before.manifest.run_id if before else "",
        )
        execution = Execution(progress)
        with kept_for_inspection(reports / ".failed" / draft.run_id, execution):
            execute(report.path, values, execution, cell_timeout)
            execution.save(work.files / NOTEBOOK)
            render(work.files / NOTEBOOK, draft, work.files)
            made = _finished(draft, work.files, time.monotonic() - clock)
        made.write(work.files)
        work.promote()
    render_portal(reports)
    return Run(work.destination, made)


def exit_code(verdict: Verdict) -> int:
    """The exit code of a finished report: 0 within, 10 watch, no evidence or nothing could be checked, 20 breach."""
    return _EXIT_CODES[verdict]


def _as_of(report: Report, values: Mapping[str, Scalar]) -> date:
    if "as_of" not in values:
        raise Misuse(f"{report.name}: declares no parameter as_of, so it can't be run as a report")
    return parse_date(str(values["as_of"]), "as_of")


def _compared(values: dict[str, Scalar], before: Run | None) -> dict[str, Scalar]:
    if before is None or "previous" not in values:
        return values
    return {**values, "previous": str(before.path / RESULT)}


def _proposals(created: datetime, values: Mapping[str, Scalar]) -> Iterator[str]:
    return (run_id(created, values, attempt) for attempt in count())


def _finished(draft: Manifest, folder: Path, seconds: float) -> Manifest:
    overall = Verdict(read_result(folder / RESULT)["overall"])
    return replace(draft, seconds=round(seconds, 1), verdict=overall, files=tuple(names(folder)))
