"""The demo book in memory, with the truth behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskmodels.book.book import Book, in_memory


@dataclass(frozen=True)
class Demo:
    """A synthetic `book`, and the `truth` it was drawn from: frames that no feature may see."""

    book: Book
    truth: dict[str, pd.DataFrame]


def demo(invoices: int = 60_000, seed: int = 20, **knobs: Any) -> Demo:
    """The book that `riskmodels demo` writes, in memory, and its truth; the same arguments give the same content.

    `knobs` are those of `riskmodels.book.synthetic.synthesise`. Truth: the true probabilities of each invoice, the
    latent quality of each debtor by month, the defaults, and the parameters behind them.
    """
    from riskmodels.book.synthetic import synthesise  # the generator is no part of reading a file

    made = synthesise(invoices=invoices, seed=seed, **knobs)
    return Demo(Book("demo", in_memory(made.tables), meta=dict(made.meta)), made.truth)
