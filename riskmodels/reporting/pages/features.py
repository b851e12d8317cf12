"""The feature review: the features of one key judged before they go into a model, one method per page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from riskmodels.book.open import open_book
from riskmodels.core import text
from riskmodels.core.checks import CheckResult
from riskmodels.core.dates import parse_date
from riskmodels.reporting.pages import (
    features_alike,
    features_closing,
    features_coverage,
    features_front,
    features_power,
    features_stability,
)
from riskmodels.reporting.pages.features_words import titles
from riskmodels.reporting.pages.page import AtClose, page, read_before
from riskmodels.validation.features.review import FeatureReview


@dataclass(frozen=True)
class FeatureReport(AtClose):
    """The features of `key` at the last `months` month ends of a book, held against an outcome, as a report.

    `part` keeps to one part of the catalogue, such as Payment behaviour; `outcome` is default or late.
    """

    key: str = "debtor"
    months: int = 24
    part: str = ""
    outcome: str = "default"

    @cached_property
    def review(self) -> FeatureReview:
        """What is measured."""
        text.use(self.lang)
        return FeatureReview(self.book, self.as_of, self.key, self.months, self.part, self.outcome)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Each feature in words, by its column."""
        return titles(self)

    def of_group(self, group: str) -> list[CheckResult]:
        """The checks of one group."""
        return [c for c in self.review.checks if c.group == group]

    front = page(features_front.front)
    coverage = page(features_coverage.coverage_page)
    stability = page(features_stability.stability_page)
    power = page(features_power.power_page)
    alike = page(features_alike.alike_page)
    leak = page(features_alike.leak_page)
    appendix = page(features_closing.appendix_page)


def feature_review(
    book: str,
    as_of: str,
    lang: str = "en",
    key: str = "debtor",
    months: int = 24,
    part: str = "",
    outcome: str = "default",
    previous: str = "",
) -> FeatureReport:
    """The review of the features of a key of the book at `book`, from the close of `as_of`.

    `previous` is the result.json to compare with.
    """
    text.use(lang)
    day = parse_date(as_of, "as_of")
    report = FeatureReport(open_book(book), day, lang, read_before(previous), key, months, part, outcome)
    # A wrong parameter is said before any work is done.
    _ = report.review
    return report
