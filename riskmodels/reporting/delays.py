"""Why each open invoice is expected so late, for an invoice of one's own: in days by driver, and in a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from riskmodels.book.open import open_book
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.text import said_in
from riskmodels.models.overdue import ID
from riskmodels.models.recipes import StoredModel, open_model
from riskmodels.models.shelf import find_model, read_card
from riskmodels.reporting.pages.delay_words import delay_sentences
from riskmodels.validation.overdue_development.reasons import explained, told_of

PURPOSE, REASONS = "overdue", "reasons"


def explain_delays(model: str, path: Path, as_of: str | date, lang: str = "en") -> pd.DataFrame:
    """One row per open invoice that an overdue model can tell of: what makes it late, in days and in a sentence.

    Columns: invoice_id, days_late (expected, past the due date, negative for early), base (those of an average invoice
    of the same terms and age), each driver's days, which trees have for `timing` too, and reasons, the sentence in
    `lang`, en or zh. But for rounding, days_late is base and the drivers summed up. Rows go by invoice_id. `model` is
    that of `score`: a folder, or "overdue" for the newest one of the book; its champion is explained.

    >>> explain_delays("overdue", "data/demo.duckdb", "2026-06-30").nlargest(5, "days_late")
    """
    day = parse_date(as_of, "--as-of")
    return said_in(lang, lambda: _explained(Path(path), day, _overdue_model(model, Path(path), day)))


def with_reasons(scores: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Scores of open invoices with `reasons`, the sentences of `explain_delays`, empty where it has none."""
    sentences = told.set_index(ID)[REASONS]
    return scores.assign(reasons=scores[ID].map(sentences).fillna("").astype("str"))


def _overdue_model(model: str, path: Path, day: date) -> StoredModel:
    """The overdue model that is meant; one of another purpose, or trained later than the day, is refused."""
    folder = find_model(model or PURPOSE, path, day)
    assert folder is not None  # something was named: it is there, or it was refused
    card = read_card(folder)
    if card["purpose"] != PURPOSE:
        raise Misuse(f"--reasons: {folder}: found a model for {card['purpose']!r}, expected one for {PURPOSE!r}")
    if card["as_of"] > day.isoformat():
        raise Misuse(f"{folder}: found a model trained on {card['as_of']}, expected one trained by {day}, the as-of")
    return open_model(folder)


def _explained(path: Path, day: date, stored: StoredModel) -> pd.DataFrame:
    book = open_book(path)
    told, _untold = told_of(book, day, stored.models["champion"])
    days = explained(stored, told)
    sentences = delay_sentences(days, told, currency=book.currency)
    return pd.concat([told[[ID, "days_late"]], days, sentences.rename(REASONS)], axis=1)
