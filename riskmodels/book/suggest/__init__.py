"""A mapping proposed for somebody's file: from the names of its columns, English or Chinese, and a sample of its rows.

>>> suggest("invoices.csv").toml
"""

from riskmodels.book.suggest.suggestion import Suggestion, suggest

__all__ = ["Suggestion", "suggest"]
