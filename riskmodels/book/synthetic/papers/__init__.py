"""The papers of the synthetic world: documents of invoices, the public register, guarantees, and what is forged."""

from __future__ import annotations

from typing import Any

import pandas as pd

from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.papers.documents import documents
from riskmodels.book.synthetic.papers.guarantees import guarantees_table
from riskmodels.book.synthetic.papers.labels import labels
from riskmodels.book.synthetic.papers.registry import registry_table


def tables(history: History) -> dict[str, pd.DataFrame]:
    """The register's hits and the guarantees."""
    return {"registry_hits": registry_table(history), "guarantees": guarantees_table(history)}


def of_invoices(history: History) -> dict[str, Any]:
    """What is on paper for each invoice, as columns of the invoices."""
    return documents(history)


def truth(history: History) -> dict[str, pd.DataFrame]:
    """Which invoices are frauds, and which only look like one."""
    return labels(history)
