"""Random books shared by the tests of features."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from feature_books import book_of, random_frames


@pytest.fixture(scope="session")
def book():
    """A random book in one currency."""
    return book_of(random_frames(1))


@pytest.fixture(scope="session")
def mixed_book():
    """A random book in three currencies, mostly CNY."""
    return book_of(random_frames(2, currencies=("CNY", "USD", "EUR")))
