"""Samples the tests of LGD share."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.book import Book
from riskmodels.datasets import demo
from riskmodels.models.lgd.workout import Workout, realised_losses


@pytest.fixture(scope="session")
def losses():
    """Claims of 150 obligors with a driver of each sign, a category, missing values, and losses at both ends."""
    rng = np.random.default_rng(11)
    n, obligors = 1200, 150
    obligor = rng.integers(0, obligors, n)
    cover, age = rng.beta(2, 2, n), rng.uniform(0, 10, n)
    sector = rng.choice(["trade", "mining", "textile"], n, p=[0.5, 0.2, 0.3])
    level = 0.6 - 2.5 * cover + 0.1 * age + 0.7 * (sector == "mining") + 0.5 * rng.normal(size=obligors)[obligor]
    middle = 1 / (1 + np.exp(-level))
    y = np.clip(rng.beta(1.2 * middle, 1.2 * (1 - middle)), 0, 1)
    y = np.where(y < 0.05, 0.0, np.where(y > 0.95, 1.0, y))
    frame = pd.DataFrame({"cover": cover, "age": age, "sector": sector})
    frame.loc[rng.random(n) < 0.1, "cover"] = np.nan
    return frame, y, obligor


@pytest.fixture(scope="session")
def book_of():
    """Makes a book of the given tables, each a list of rows."""
    return made


def made(**tables):
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}

    def attach(con):
        for name, frame in frames.items():
            con.register(f"given_{name}", frame)
        return {name: f"given_{name}" for name in frames}

    return Book("made", attach)


@pytest.fixture(scope="session")
def book():
    """A demo book with some seventy claims in default."""
    return demo(invoices=8000, seed=20).book


@pytest.fixture(scope="session")
def demo_losses(book):
    """What was lost on them within a year."""
    return realised_losses(book, date(2026, 6, 30), Workout(months=12))


@pytest.fixture(scope="session")
def as_of():
    """The day from which the demo book is seen."""
    return date(2026, 6, 30)
