"""Scored parties at an origin against the invoices a book had open then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default
from riskmodels.models import overdue
from riskmodels.models.inputs import columns_of
from riskmodels.validation.coherence.parties import Coherence, coherence, open_invoices


def against_invoices(scored: pd.DataFrame, key: str, rule: Default, model: Any, book: Book, origin: date) -> Coherence:
    """The parties of one origin (the key, probability, outcome) against a payment-time model's view of its invoices.

    Invoices as known and open at the close of `origin`, in the book's currency; those with longer terms than the
    model ever saw count as if they couldn't become overdue.
    """
    invoices = overdue.scoring_sample(book, origin)
    known = invoices["terms_days"].between(0, model.longest_terms_) & (invoices["currency"] == book.currency)
    seen = invoices[known].rename(columns={"weight": "amount"})
    told = open_invoices(model, columns_of(model, seen), seen, key, origin, rule)
    parties = scored[[key, "probability", "outcome"]].rename(columns={key: "party"})
    return coherence(parties, told, origin, rule)
