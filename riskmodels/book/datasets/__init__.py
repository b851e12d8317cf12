"""Data to learn and to test on, one call each: the demo book with its truth, and public sets from a folder.

The public sets are files under a folder given by path, else under RISKMODELS_DATA, else under ../shared/data. Each file
is held against the hash that its figures were taken from. `catalogue()` lists them.
"""

from riskmodels.book.datasets.catalogue import catalogue
from riskmodels.book.datasets.credit import GERMAN_CODES, german, hmeq, lgd, taiwan_default
from riskmodels.book.datasets.demo import Demo, demo
from riskmodels.book.datasets.ledgers import highradius_open, ibm_late_payment
from riskmodels.book.datasets.migration import (
    dated_ratings,
    jarrow_lando_turnbull,
    simulated_migration,
    sp_matrices,
    sp_notches,
)
from riskmodels.book.datasets.process import bpi2012

__all__ = [
    "GERMAN_CODES",
    "Demo",
    "bpi2012",
    "catalogue",
    "dated_ratings",
    "demo",
    "german",
    "highradius_open",
    "hmeq",
    "ibm_late_payment",
    "jarrow_lando_turnbull",
    "lgd",
    "simulated_migration",
    "sp_matrices",
    "sp_notches",
    "taiwan_default",
]
