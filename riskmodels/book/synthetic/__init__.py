"""A synthetic receivables book whose true probabilities are known.

A party's latent quality moves its payment days and its chance to stop paying; 91 days after it stops it is in default.
Every coefficient stands in demo_truth.toml; the truth is told beside the book, never in it.
"""

from riskmodels.book.synthetic.generate import Synthetic, synthesise
from riskmodels.book.synthetic.knobs import parse_changes
from riskmodels.book.synthetic.store import write

__all__ = ["Synthetic", "parse_changes", "synthesise", "write"]
