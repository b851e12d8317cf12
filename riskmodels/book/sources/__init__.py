"""Sources of every kind brought onto one DuckDB connection as text tables, each row with its place in the source.

A source is a path (a CSV, Parquet, Excel or DuckDB file, or a folder of CSV and Parquet files) or an address (a
PostgreSQL schema, a database of Spark). Whatever the kind, DuckDB turns the values into text, so that equal data give
equal books.
"""

from riskmodels.book.sources.address import located, name_of, place_of, stem_of
from riskmodels.book.sources.refusal import refusal, unreadable
from riskmodels.book.sources.relation import ROW, columns_of, one_line, quoted
from riskmodels.book.sources.stage import stage
from riskmodels.book.sources.staged import Staged

__all__ = [
    "ROW",
    "Staged",
    "columns_of",
    "located",
    "name_of",
    "one_line",
    "place_of",
    "quoted",
    "refusal",
    "stage",
    "stem_of",
    "unreadable",
]
