"""How often proposals are right: precision and recall of links between receipts and invoices, by score and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.models.matching.propose import AUTOMATIC
from riskmodels.models.matching.replay import links_of, replayed


@dataclass(frozen=True)
class Accuracy:
    """Links proposed at or above a score, those right to the cent, and those there are; precision and recall of them.

    A link is a receipt, an invoice and an amount. Without a proposal precision is 1: nothing was booked wrongly.
    """

    score: float
    proposed: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the proposed links that are right."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Share of the true links that are proposed."""
        return self.right / self.true if self.true else 1.0


def matched(book: Book, as_of: date) -> tuple[pd.DataFrame, int]:
    """Every link that was proposed for the receipts up to `as_of`, and the number of true links.

    A receipt that is matched to nothing by then has no true link: whatever is proposed for it counts as wrong.
    Columns: receipt_id, received_on, invoice_id, amount (minor units), score, evidence, right.
    """
    seen = book.as_of(as_of)
    seen.need("receipts")
    truth = links_of(seen)
    rows = [
        (p.receipt_id, day, *link, p.score, " + ".join(p.evidence), link in truth.get(p.receipt_id, ()))
        for day, p in replayed(seen, truth)
        for link in p.links
    ]
    columns = ["receipt_id", "received_on", "invoice_id", "amount", "score", "evidence", "right"]
    return pd.DataFrame(rows, columns=columns), sum(map(len, truth.values()))


def booked_later(book: Book, proposals: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The links of `match_receipts` for receipts that the book has booked by now, and the number of true links of them.

    Columns: receipt_id, invoice_id, amount (minor units), score, right. Receipts never booked to an invoice are left
    out: nobody knows what was right.
    """
    truth = links_of(book)
    known = proposals[proposals["receipt_id"].isin(truth)]
    links = known[known["invoice_id"] != ""].assign(amount=lambda x: (100 * x["allocated"]).round().astype("int64"))
    pairs = zip(links["receipt_id"], links["invoice_id"], links["amount"])
    right = [(invoice, amount) in truth[receipt] for receipt, invoice, amount in pairs]
    true = sum(len(truth[receipt]) for receipt in known["receipt_id"].unique())
    return links[["receipt_id", "invoice_id", "amount", "score"]].assign(right=np.array(right, dtype=bool)), true


def accuracy(links: pd.DataFrame, true: int, score: float = AUTOMATIC) -> Accuracy:
    """Precision and recall of the proposed links whose score is at least `score`."""
    sure = links[links["score"] >= score]
    return Accuracy(score, len(sure), int(sure["right"].sum()), true)
