"""Invoices paid under planted hazards, and what is known of them when a book is closed."""

import numpy as np
import pandas as pd

GRID = (-20, -10, 0, 10, 20, 40, 60)
BASE = np.array([-2.0, -1.5, -0.3, -0.2, -0.5, -0.2, 0.0])


def hazards(x):
    """Planted hazards by interval: x delays payment, half as much once past due."""
    past = np.array([0, 0, 0, 1, 1, 1, 1])
    return 1 / (1 + np.exp(-(BASE - x[:, None] * (1 - 0.5 * past))))


def paid_after(x, seed, terms=30):
    """Days from issue to payment under the planted hazards, spread evenly over the interval; never paid: 1e9."""
    return _drawn(np.random.default_rng(seed), x, terms)


def ledger(n, seed, terms=30):
    """Invoices with a normal x, and days from their issue to payment as in `paid_after`."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return pd.DataFrame({"x": x}), _drawn(rng, x, terms)


def _drawn(rng, x, terms):
    n = len(x)
    paid = rng.random((n, len(GRID))) < hazards(x)
    place, ever = paid.argmax(axis=1), paid.any(axis=1)
    lows, highs = np.array([-terms, *GRID[:-1]]), np.array(GRID)
    day = lows[place] + (highs - lows)[place] * (1 - rng.random(n))
    return np.where(ever, day + terms, 1e9)


def true_survival(x):
    return np.cumprod(1 - hazards(x), axis=1)


def censored(duration, seed, last=90):
    """What is known when the book is closed on a day spread evenly over the invoices' first `last` days."""
    seen = np.random.default_rng(seed + 1).uniform(1, last, len(duration))
    return np.minimum(duration, seen), duration <= seen
