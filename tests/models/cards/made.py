"""Cards and rows the tests of cards share: a card of hostile names, and rows that fall on every border."""

import numpy as np
import pandas as pd

from riskmodels.models.binning import Cuts, Groups
from riskmodels.models.cards import CardDriver, PointsCard
from riskmodels.models.scorecard.points import Scale

HOSTILE = (
    """x"; DROP TABLE rows; --""",
    "o'neil \\' or 1=1 --",
    "名称，行业",
    "`tick` @BASE@ {brace} %s",
)


def hostile_card():
    """Four drivers whose names and categories try to become code; whole points, log-odds of no special form."""
    drivers = (
        number(HOSTILE[0], Cuts((-2.5, 0.0, 0.1, 1e6), ((-999.0, -998.0), (0.05,))), 3),
        category(HOSTILE[1], Groups((("it's", "a\\b"), ("x\ny", 'q"q'), ("贸易",)), (("N/A",),)), 5),
        number(HOSTILE[2], Cuts((np.nextafter(35.0, np.inf),)), 7),
        category(HOSTILE[3], Groups((("a", ""), ("'); import os #", "${x}"))), 11),
    )
    return PointsCard(drivers, 487, -1.0986122886681098, Scale(600, 19, 50), "made")


def number(name, bins, seed):
    return _driver(name, bins, bins.size - 1, seed)


def category(name, bins, seed):
    return _driver(name, bins, bins.size, seed)


def _driver(name, bins, codes, seed):
    rng = np.random.default_rng(seed)
    odds = tuple(rng.normal(0, 1, codes).tolist())
    return CardDriver(name, bins, tuple(np.rint(-72 * np.array(odds)).tolist()), odds)


def rows_for(card, n=100_000, seed=0):
    """Rows on and beside every edge, specials, missing, unseen, both zeros, huge and tiny, and plain random ones."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({d.name: _values(d, n, rng) for d in card.drivers})


def _values(driver, n, rng):
    bins = driver.bins
    if isinstance(bins, Groups):
        known = [value for group in (*bins.members, *bins.specials) for value in group]
        return rng.choice(np.array([None, "never seen", "A ", "NULL", *known], dtype=object), n)
    edges = np.array([*bins.edges, *(v for s in bins.specials for v in s)])
    near = [edges, np.nextafter(edges, np.inf), np.nextafter(edges, -np.inf)]
    odd = [np.nan, 0.0, -0.0, 1e308, -1e308, 5e-324, -5e-324]
    spread = rng.normal(0, 3 * (np.abs(edges).max(initial=1.0)), n // 2)
    pool = np.concatenate([*near, odd])
    values = np.concatenate([spread, rng.choice(pool, n - len(spread))])
    return rng.permutation(values)


def python_scores(source, frame):
    """What the exported module gives for each row of a frame."""
    namespace = {}
    exec(compile(source, "scorer.py", "exec"), namespace)
    return pd.DataFrame([namespace["score"](row) for row in frame.to_dict("records")])
