"""Loading: sources become a book, staged as text, parsed, held against the contract, written whole or not at all."""

from riskmodels.book.load.outcome import Loaded
from riskmodels.book.load.place import replace
from riskmodels.book.load.run import load
from riskmodels.book.load.store import write_table

__all__ = ["Loaded", "load", "replace", "write_table"]
