"""A file of scored cases validated: looked into, the notebook's parameters given, the run made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from riskmodels.core.errors import Misuse
from riskmodels.core.paths import folder_of_runs
from riskmodels.core.text import LANGUAGES, said_in
from riskmodels.reporting.pages.judged_frame import file_validation, files_hash
from riskmodels.runs.execute import Subject, run
from riskmodels.runs.kernel import Progress
from riskmodels.runs.notebooks import find
from riskmodels.runs.parameters import check
from riskmodels.runs.registry import Run
from riskmodels.validation.frame_columns import Columns


def run_validation(
    file: str,
    columns: Columns,
    as_of: str = "",
    settings: Mapping[str, Any] | None = None,
    reports: Path = Path("reports"),
    progress: Progress | None = None,
) -> Run:
    """The promoted run of the validation of a file's scored cases; by default from the close of its last period.

    Of a file without periods that is the day it was last written.
    `settings` are further parameters of the notebook: reference, drivers, limits, horizon, name, lang, and what people
    bring. Whatever is wrong with the files or the settings is said before the notebook starts.
    """
    if own := sorted({"file", "columns", "as_of", "book", "model"} & set(settings or {})):
        raise Misuse(f"--set: found {own[0]}, which has a place of its own in the command")
    report, given = find("model_validation"), {"file": file, "columns": columns.text, **(settings or {})}
    values = check(report.path, given)
    if values["lang"] not in LANGUAGES:
        raise Misuse(f"lang: found {values['lang']!r}, expected one of {', '.join(LANGUAGES)}")
    folder_of_runs(reports)
    asked: dict[str, Any] = {name: values[name] for name in (*given, "lang")}
    judged = said_in(asked["lang"], lambda: file_validation(**asked, as_of=as_of))
    _ = judged.case  # the samples and drivers are read here
    files = [Path(place) for place in (file, str(values["reference"])) if place]
    subject = Subject(judged.source.name, files_hash(*files))
    return run(report, {**given, "as_of": judged.as_of.isoformat()}, subject, reports, progress=progress)
