"""Receivables finance risk: a book cut at a date becomes features, models, checks and reports."""

__version__ = "0.1.0"
