"""Scores stored as files, each row a subject at a date, with the outcomes that a book has come to know since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, default_outcomes, invoice_outcomes
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.overdue_rule import rule_of
from riskmodels.validation.frame_cells import numbers, periods
from riskmodels.validation.frame_table import ENDINGS, open_table

SUBJECTS = ("debtor_id", "client_id", "invoice_id")
NEEDED = ("as_of", "probability")
RULED = ("dpd", "months")
"""What a score of overdue debtors or clients says of its rule."""


def score_files(place: str) -> list[Path]:
    """The files of stored scores that a path names, of a pattern such as scores/*.parquet all; none for other paths."""
    path = Path(place)
    if path.suffix.lower() not in ENDINGS:
        return []
    found = sorted(path.parent.glob(path.name)) if "*" in path.name else [path]
    if not found:
        raise Misuse(f"{place}: no such file, expected files of stored scores")
    return found


def scored_cases(files: Sequence[Path], book: Book, as_of: date) -> tuple[pd.DataFrame, int]:
    """The scores with their outcomes as the book knew them at the close of `as_of`, and the months an outcome takes.

    A file has a subject's id (debtor_id, client_id or invoice_id), as_of, probability and, if known, grade, dpd and
    months, as `riskmodels score` writes it. Debtors and clients that owed nothing or were in that state already are
    left out; an invoice counts once, at its first score.
    """
    scores = pd.concat([_read(file) for file in files], ignore_index=True)
    key = next((k for k in SUBJECTS if k in scores), "")
    if not key or scores[key].isna().any():
        raise DataRefused(
            f"{files[0]}: found scores of different subjects, expected all of one of {', '.join(SUBJECTS)}"
        )
    seen = scores[scores["period"] <= pd.Timestamp(as_of)]
    if seen.empty:
        raise DataRefused(f"{files[0]}: found no score by the close of {as_of}, expected some")
    if key == "invoice_id":
        return _invoices(seen, book, as_of), 0
    return _parties(seen, key, book, as_of)


def _read(file: Path) -> pd.DataFrame:
    table = open_table(file, {name: name for name in NEEDED})
    key = next((k for k in SUBJECTS if k in table.names), "")
    for name in NEEDED:
        table.column(name, name)
    if not key:
        raise DataRefused(f"{file}: found columns {', '.join(table.names)}, expected one of {', '.join(SUBJECTS)}")
    read = {key: table.text(key), "period": periods(table, "as_of"), "probability": numbers(table, "probability")}
    read |= {"grade": table.text("grade")} if "grade" in table.names else {}
    read |= {name: table.numbers(name) for name in RULED if name in table.names}
    return pd.DataFrame(read)


def _invoices(scores: pd.DataFrame, book: Book, as_of: date) -> pd.DataFrame:
    known = invoice_outcomes(book, as_of).rename(
        columns={"late": "outcome", "amount": "weight", "debtor_id": "obligor", "client_id": "client"}
    )
    first = scores.sort_values("period", kind="stable").drop_duplicates("invoice_id")
    return first.merge(known[["invoice_id", "outcome", "weight", "obligor", "client"]], on="invoice_id")


def _parties(scores: pd.DataFrame, key: str, book: Book, as_of: date) -> tuple[pd.DataFrame, int]:
    rules = scores[list(RULED)].drop_duplicates() if set(RULED) <= set(scores) else pd.DataFrame()
    if len(rules) > 1:
        raise DataRefused(f"dpd, months: found {len(rules)} rules in the scores, expected one")
    rule = Default() if rules.empty else rule_of(*(int(value) for value in rules.iloc[0]))
    origins = [day.date() for day in sorted(scores["period"].unique())]
    known = default_outcomes(book, key, origins, as_of, rule).rename(
        columns={"origin": "period", "defaulted": "outcome", "balance": "weight"}
    )
    known["period"] = known["period"].astype(scores["period"].dtype)
    found = scores.merge(known[[key, "period", "outcome", "weight"]], on=[key, "period"])
    return found.assign(obligor=found[key]), rule.months
