"""Whether the amounts of a sample are those of the ledger: obligor by obligor, or invoice sum against invoice sum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from riskmodels.book.book import Book

CENT = 0.005


@dataclass(frozen=True)
class Tie:
    """The amounts of a sample at a date and of the ledger: sums, the sum of absolute differences, and rows that differ.

    `whole` is what the ledger has in all, of judged obligors or not.
    """

    on: date
    sample: float
    ledger: float
    whole: float
    gap: float
    differing: int
    n: int

    @property
    def share(self) -> float:
        """The differences as a share of the ledger's sum; NaN of nothing."""
        return self.gap / self.ledger if self.ledger else float("nan")


def tied_by_obligor(sample: pd.DataFrame, book: Book, key: str, on: date) -> Tie:
    """The weights of a sample's obligors (`key` debtor_id or client_id) on a day against what they owed by the ledger.

    Owed is what was invoiced less payments and credit notes, in the book's currency, as known at the day's close;
    write-offs don't lower it, as they don't in the outcome.
    """
    owed = _owed(book.as_of(on), key)
    mine = sample[sample["period"] == pd.Timestamp(on)].groupby("obligor")["weight"].sum()
    return _tied(mine.astype(float), owed, on)


def tied_by_invoice(sample: pd.DataFrame, book: Book) -> Tie:
    """The weights of a sample's invoices, by day of issue, against the ledger's invoices issued on those days."""
    query = "SELECT issued_on, sum(amount)::DOUBLE AS amount FROM invoices GROUP BY 1"
    issued = book.sql(query).set_index("issued_on")["amount"]
    issued.index = pd.to_datetime(issued.index)
    first, last = sample["period"].min(), sample["period"].max()
    mine = sample.groupby("period")["weight"].sum().astype(float)
    return _tied(mine, issued[(issued.index >= first) & (issued.index <= last)], last.date())


def _owed(book: Book, key: str) -> pd.Series:
    reduced = [t for t in ("payments", "credit_notes") if book.has(t)]
    less = "".join(
        f" UNION ALL SELECT i.{key}, -r.amount FROM {t} r JOIN invoices i USING (invoice_id) "
        "WHERE i.currency = $currency"
        for t in reduced
    )
    query = f"""
        SELECT {key} AS obligor, sum(amount)::DOUBLE AS owed
        FROM (SELECT {key}, amount FROM invoices WHERE currency = $currency{less}) GROUP BY 1
    """
    return book.sql(query, {"currency": book.currency}).set_index("obligor")["owed"]


def _tied(mine: pd.Series, ledger: pd.Series, on: date) -> Tie:
    theirs = ledger.reindex(mine.index).fillna(0.0).astype(float)
    gaps = (mine - theirs).abs()
    sums = float(mine.sum()), float(theirs.sum()), float(ledger.clip(lower=0).sum())
    return Tie(on, *sums, float(gaps.sum()), int((gaps > CENT).sum()), len(mine))
