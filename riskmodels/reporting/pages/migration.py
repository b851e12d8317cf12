"""The migration of a book's ratings as a report: debtors re-rated at quarter ends, and where their grades went."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from riskmodels.book.open import open_book
from riskmodels.core import text
from riskmodels.core.checks import CheckResult
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.models import rating
from riskmodels.models.recipes import StoredModel, open_model
from riskmodels.models.shelf import find_model, train
from riskmodels.models.transitions import Hysteresis
from riskmodels.portfolio.migration import Migration, quarter_ends
from riskmodels.reporting.pages import (
    migration_default,
    migration_front,
    migration_matrices,
    migration_tests,
    migration_tiers,
)
from riskmodels.reporting.pages.page import AtClose, Before, page
from riskmodels.validation.migration import validate_transitions

NEWEST = "rating"
"""Instead of a folder: the book's newest rating, trained when it has none."""


@dataclass(frozen=True)
class RatingMigration(AtClose):
    """Where the grades of a book's debtors went, seen from the close of a date."""

    stored: StoredModel
    rule: Hysteresis
    years: int
    seed: int

    @cached_property
    def found(self) -> Migration:
        """What is measured."""
        ends = quarter_ends(self.whole, self.as_of)
        scored = rating.at_quarter_ends(self.stored.models, self.whole, ends, self.as_of)
        return Migration(self.whole, self.as_of, scored, rating.SCALE, self.rule, self.years, self.seed)

    @cached_property
    def checks(self) -> list[CheckResult]:
        """The tests of how the grades in force moved, over all periods of twelve months."""
        text.use(self.lang)
        return validate_transitions(self.found.cohorts)

    front = page(migration_front.front)
    rerating = page(migration_front.rerating_page)
    matrices = page(migration_matrices.matrices_page)
    default = page(migration_default.default_page)
    homogeneity = page(migration_default.homogeneity_page)
    mobility = page(migration_matrices.mobility_page)
    tiers = page(migration_tiers.tiers_page)
    recorded = page(migration_matrices.recorded_page)
    tests = page(migration_tests.tests_page)
    appendix = page(migration_front.appendix_page)


def rating_migration(
    book: str,
    as_of: str,
    model: str = NEWEST,
    lang: str = "en",
    margin: float = 0.1,
    quarters: int = 2,
    years: int = 3,
    seed: int = 0,
) -> RatingMigration:
    """The grades of the debtors of the book at `book`, re-rated at the quarter ends known at the close of `as_of`.

    `model` is a rating's folder, or "rating": the newest trained by then, made now when there is none. A grade moves
    when its PD passes the bound by `margin` or stays beyond it for `quarters` quarter ends; `years` is how far the
    curves of default go, where the book is as long. Misuse for a model of another purpose or of a later date.
    """
    text.use(lang)
    day = parse_date(as_of, "as_of")
    stored = open_model(_folder(model, Path(book), day.isoformat(), seed))
    if stored.purpose != NEWEST or stored.trained > day:
        raise Misuse(
            f"model: found one for {stored.purpose} trained on {stored.trained}, expected a rating trained by {day}"
        )
    return RatingMigration(
        open_book(book), day, lang, Before(None, {}), stored, Hysteresis(margin, quarters), years, seed
    )


def _folder(model: str, path: Path, as_of: str, seed: int) -> Path:
    day = parse_date(as_of, "as_of")
    try:
        folder = find_model(model or NEWEST, path, day)
    except Misuse:
        if model not in ("", NEWEST):
            raise
        folder = None
    return folder or train(NEWEST, path, day, seed)
