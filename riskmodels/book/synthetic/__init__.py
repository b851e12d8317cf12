"""A synthetic receivables book whose true probabilities are known.

A debtor's latent quality moves its payment days and its chance to stop paying; 91 days after it stops it is in default.
"""

from riskmodels.book.synthetic.generate import Synthetic, synthesise
from riskmodels.book.synthetic.store import write

__all__ = ["Synthetic", "synthesise", "write"]
