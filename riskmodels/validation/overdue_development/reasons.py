"""Why open invoices are expected late: a few of them one by one, and which features move the whole book.

Those told one by one are not due yet: what is past due is with collections already, and its age says most of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.models import overdue
from riskmodels.models.cash.claims import open_invoices
from riskmodels.models.delay_reasons import delay_contributions
from riskmodels.models.explain import BASE
from riskmodels.models.inputs import columns_of
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.recipes import StoredModel

SHOWN = 5
"""Invoices told one by one."""
EXPLAINED, REFERENCE = 1_000, 2_000
"""Most invoices, evenly spread, that the book's figures and the average invoice are taken from: trees take long."""


@dataclass(frozen=True)
class OpenReasons:
    """The open invoices of a book at a date and what makes their days late.

    invoices : those the model can tell of: invoice_id, debtor_id, currency, due_on, open_amount, terms_days, age_days,
        days_late (expected), late (P) and the model's columns. untold : how many it can't tell of.
    picked : contributions (days by column, and `base`) of those told one by one, indexed as `invoices`.
    spread : contributions of invoices evenly spread over all of them.
    """

    invoices: pd.DataFrame
    untold: int
    picked: pd.DataFrame
    spread: pd.DataFrame

    @classmethod
    def of(cls, book: Book, as_of: date, stored: StoredModel) -> OpenReasons:
        """The reasons at the close of `as_of` by the champion of a stored overdue model."""
        model: PaymentTime = stored.models["champion"]
        told, untold = told_of(book, as_of, model)
        rows, every = picks(told, book.currency), spaced(len(told), EXPLAINED)
        picked, spread = (explained(stored, told.loc[index]) for index in (rows, told.index[every]))
        return cls(told, untold, picked, spread)

    def by_driver(self) -> pd.DataFrame:
        """One row per column, the strongest first: driver, days (mean of sizes), adds, takes (means), share that adds.

        `adds` and `takes` are means over all invoices, so that days = adds - takes.
        """
        days = self.spread.drop(columns=BASE)
        sides = {"adds": days.clip(lower=0).mean(), "takes": days.clip(upper=0).mean(), "share": (days > 0).mean()}
        table = pd.DataFrame({"days": days.abs().mean(), **sides}).rename_axis("driver").reset_index()
        return table.sort_values("days", ascending=False, kind="stable", ignore_index=True)


def picks(invoices: pd.DataFrame, currency: str, most: int = SHOWN) -> pd.Index:
    """Invoices of a currency not due yet with the largest open amount x expected days late, one for each debtor."""
    young = (invoices["age_days"] <= invoices["terms_days"]) & (invoices["currency"] == currency)
    size = (invoices["open_amount"] * invoices["days_late"])[young & (invoices["days_late"] > 0)]
    ordered = invoices.loc[size.sort_values(ascending=False, kind="stable").index]
    return ordered.drop_duplicates("debtor_id").index[:most]


def spaced(n: int, most: int) -> np.ndarray:
    """At most so many of n places, evenly spread: all of them where there are no more."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.int64))


def told_of(book: Book, as_of: date, model: PaymentTime) -> tuple[pd.DataFrame, int]:
    """Open invoices a model can tell of, as `OpenReasons.invoices`, by invoice_id, and how many others there are."""
    sample = overdue.scoring_sample(book, as_of)
    amounts = open_invoices(book, as_of)[["invoice_id", "open_amount"]]
    invoices = sample.merge(amounts, on="invoice_id").sort_values("invoice_id", ignore_index=True)
    terms, past_due = invoices["terms_days"], invoices["age_days"] - invoices["terms_days"]
    seen = terms.between(0, model.longest_terms_) & (past_due < float(model.grid_[-1]))
    told = invoices[seen].reset_index(drop=True)
    if told.empty:
        return told.assign(days_late=0.0, late=0.0), len(invoices)
    answers = model.answers(columns_of(model, told), told["terms_days"], told["age_days"])
    days = answers["expected_days"] - told["terms_days"]
    return told.assign(days_late=days, late=answers["late"]), len(invoices) - len(told)


def explained(stored: StoredModel, rows: pd.DataFrame) -> pd.DataFrame:
    """Days late of invoices by column, and `base`, those of the average invoice of the sample it was developed on.

    Invoices are rows of `told_of`; the frame is that of `delay_contributions`, by the champion.
    """
    model: PaymentTime = stored.models["champion"]
    X, known = columns_of(model, rows), columns_of(model, stored.development)
    if X.empty:
        return X.assign(**{BASE: 0.0})
    average = known.iloc[spaced(len(known), REFERENCE)]
    return delay_contributions(model, X, rows["terms_days"], average, rows["age_days"])
