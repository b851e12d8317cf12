"""The development of a rating: from the book to a candidate model, one method per decision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from riskmodels.book.open import open_book
from riskmodels.core import text
from riskmodels.core.checks import CheckResult
from riskmodels.core.dates import parse_date
from riskmodels.models.recipes import StoredModel, open_model
from riskmodels.models.shelf import train
from riskmodels.reporting.pages import (
    development_bands,
    development_card,
    development_closing,
    development_drivers,
    development_front,
    development_sample,
)
from riskmodels.reporting.pages.page import AtClose, page, read_before
from riskmodels.validation.development.evidence import Development


@dataclass(frozen=True)
class ScorecardDevelopment(AtClose):
    """A rating made of what a book knew at a date, and how each decision came about, as a report."""

    stored: StoredModel

    @cached_property
    def made(self) -> Development:
        """What is measured."""
        text.use(self.lang)
        return Development.of(self.whole, self.stored)

    @property
    def checks(self) -> list[CheckResult]:
        """All checks."""
        return self.made.checks

    def of_group(self, *groups: str) -> list[CheckResult]:
        """The checks of some groups."""
        return [c for c in self.checks if c.group in groups]

    front = page(development_front.front)
    sample = page(development_sample.sample_page)
    definition = page(development_sample.definition_page)
    drivers = page(development_drivers.drivers_page)
    bins = page(development_drivers.bins_page)
    scorecard = page(development_card.card_page)
    bands = page(development_bands.bands_page)
    grades = page(development_bands.grades_page)
    challenger = page(development_card.challenger_page)
    appendix = page(development_closing.appendix_page)


def scorecard_development(
    book: str, as_of: str, lang: str = "en", seed: int = 0, previous: str = "", tendency: float = 0.0
) -> ScorecardDevelopment:
    """The rating made of what the book at `book` knew at the close of `as_of`, kept beside it, and how it was made.

    A model that these inputs made before is opened, not made again. `previous` is the result.json to compare with;
    `tendency` is what PDs are anchored on, 0 for the long-run mean of the book's yearly default rates.
    """
    text.use(lang)
    day = parse_date(as_of, "as_of")
    folder = train("rating", Path(book), day, seed, tendency=tendency or None)
    return ScorecardDevelopment(open_book(book), day, lang, read_before(previous), open_model(folder))
