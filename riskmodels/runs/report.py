"""A report asked for by name: its book and model found, its parameters given, the run made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from riskmodels.book.open import open_book
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.paths import folder_of_runs
from riskmodels.core.text import LANGUAGES
from riskmodels.models.shelf import find_model, model_digest, model_name, read_card
from riskmodels.reporting.pages.judged_people import People
from riskmodels.runs.execute import Subject, run
from riskmodels.runs.kernel import Progress
from riskmodels.runs.notebooks import find
from riskmodels.runs.parameters import check
from riskmodels.runs.registry import Run
from riskmodels.validation.findings_file import read_earlier


def run_report(
    name: str,
    book: Path,
    as_of: str,
    model: str = "",
    settings: Mapping[str, str] | None = None,
    reports: Path = Path("reports"),
    progress: Progress | None = None,
) -> Run:
    """The promoted run of the report `name` on a book at a date.

    `model` is a model's folder or a purpose; without it a report that takes a model gets the newest of the purpose it
    names itself, or of any, or none.
    """
    report, day = find(name), parse_date(as_of, "--as-of")
    opened = open_book(book)
    opened.as_of(day)
    folder_of_runs(reports)
    if own := sorted({"book", "as_of", "model"} & set(settings or {})):
        raise Misuse(f"--set: found {own[0]}, which has an option of its own: --{own[0].replace('_', '-')}")
    given: dict[str, object] = {"book": str(book), "as_of": day.isoformat(), **(settings or {})}
    tag = "DEMO" if opened.meta.get("source") == "synthetic" else ""
    subject = Subject(opened.name, opened.fingerprint, tag=tag)
    offered = {p.name: str(p.default) for p in report.parameters}
    if "model" in offered:
        folder = find_model(model or offered["model"], book, day)
        given["model"] = str(folder) if folder else ""
        subject = _with_model(subject, folder, day)
    elif model:
        raise Misuse(f"--model: {report.name} takes no model")
    values = check(report.path, given)
    _refuse_people(values)
    if (lang := values.get("lang", LANGUAGES[0])) not in LANGUAGES:
        raise Misuse(f"lang: found {lang!r}, expected one of {', '.join(LANGUAGES)}")
    return run(report, given, subject, reports, progress=progress)


def _refuse_people(values: Mapping[str, Any]) -> None:
    """Refuse an opinion without a reason and a register that can't be read, where the report takes them."""
    if "opinion" in values:
        People(opinion=values["opinion"], opinion_reason=values["opinion_reason"])
        read_earlier(str(values["previous"]), str(values["findings"]))


def _with_model(subject: Subject, folder: Path | None, day: date) -> Subject:
    if folder is None:
        return subject
    card = read_card(folder)
    if card["as_of"] > day.isoformat():
        raise Misuse(f"{folder}: found a model trained on {card['as_of']}, expected one trained by {day}, the as-of")
    return replace(subject, model=model_name(card), model_hash=model_digest(folder))
