"""Loss given default and dilution of a book: what was lost, what to expect, what covers it, what is credited."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from riskmodels.book.open import open_book
from riskmodels.core import text
from riskmodels.core.checks import CheckResult
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import DataRefused
from riskmodels.core.text import gettext as _
from riskmodels.models import dilution
from riskmodels.models.lgd.claims import open_claims
from riskmodels.models.lgd.comparison import paired, simplest
from riskmodels.models.lgd.cover import Experience, expected_cover, experience
from riskmodels.models.lgd.downturn import Downturn, downturn
from riskmodels.models.lgd.drivers import LossSample, loss_sample
from riskmodels.models.lgd.trial import FOLDS, trial
from riskmodels.models.lgd.waterfall import Waterfall
from riskmodels.models.lgd.workout import RealisedLosses, realised_losses
from riskmodels.reporting.pages import (
    losses_backtest,
    losses_closing,
    losses_cover,
    losses_dilution,
    losses_front,
    losses_models,
    losses_pairs,
    losses_realised,
)
from riskmodels.reporting.pages.page import AtClose, page, read_before
from riskmodels.validation.losses.since import claims_since, dilution_since


@dataclass(frozen=True)
class LossAndDilution(AtClose):
    """What claims of a book lost and invoices were diluted by, as far as it knew at a date, as a report."""

    seed: int

    @cached_property
    def losses(self) -> RealisedLosses:
        """The claims that defaulted."""
        return realised_losses(self.whole, self.as_of)

    @cached_property
    def no_losses(self) -> str:
        """Why nothing can be said of losses; empty when something can."""
        text.use(self.lang)
        if not self.book.has("advances", "amount"):
            return _("no advances in the book, so nothing tells what was owed")
        if not (self.book.has("repayments") or self.book.has("payments")):
            return _("no repayments and no payments in the book, so nothing tells what came back")
        try:
            over = self.losses.claims["over"].any()
        except DataRefused as refused:
            return str(refused)
        if not over:
            return _("of {n} claims in default no workout is over").format(n=len(self.losses.claims))
        return ""

    @cached_property
    def no_dilution(self) -> str:
        """Why nothing can be said of dilution; empty when something can."""
        text.use(self.lang)
        if not self.book.has("credit_notes", "amount"):
            return _("no credit notes in the book, so nothing tells what was diluted")
        table = dilution.vintages(self.history, self.pattern) if len(self.history.invoiced) else pd.DataFrame()
        if table.empty or not table["ripe"].any() or self.history.open <= 0:
            return _("no month of invoices whose credit notes are in, or nothing open")
        return ""

    @cached_property
    def sample(self) -> LossSample:
        """What models of LGD are fitted on."""
        return loss_sample(self.losses.final)

    @cached_property
    def no_models(self) -> str:
        """Why no model of LGD can be tried; empty when one can."""
        if self.no_losses:
            return self.no_losses
        obligors, words = (
            pd.Series(self.sample.groups).nunique(),
            _("{n} debtors with finished workouts, {folds} needed"),
        )
        return words.format(n=obligors, folds=2 * FOLDS) if obligors < 2 * FOLDS else ""

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """What each model says of claims of debtors it didn't see."""
        return trial(self.sample, self.seed)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Models against each other on the same claims."""
        return paired(self.sample.y, self.predictions, self.sample.groups)

    @cached_property
    def stress(self) -> Downturn:
        """What bad times add."""
        final = self.losses.final
        return downturn(final["lgd"], final["default_on"])

    @cached_property
    def past(self) -> Experience:
        """How cover paid in finished workouts."""
        return experience(self.book, self.losses)

    @cached_property
    def open(self) -> pd.DataFrame:
        """The claims that are open."""
        return open_claims(self.book, self.as_of)

    @cached_property
    def covered(self) -> Waterfall:
        """What covers them."""
        return expected_cover(self.open, self.past)

    @cached_property
    def history(self) -> dilution.DilutionHistory:
        """Invoices and credit notes."""
        return dilution.dilution_history(self.whole, self.as_of)

    @cached_property
    def pattern(self) -> dilution.Maturation:
        """How credit notes come."""
        return dilution.maturation(self.history)

    @cached_property
    def reserve(self) -> dilution.DilutionReserve:
        """What to hold against dilution."""
        return dilution.dynamic_reserve(self.history)

    @cached_property
    def claims_since(self) -> pd.DataFrame:
        """The claims whose workout ended within the year, beside what was expected of them a year ago."""
        used = "mean" if self.no_models else simplest(self.differences)
        return claims_since(self.book, self.losses, self.as_of, used, self.seed)

    @cached_property
    def dilution_since(self) -> pd.DataFrame:
        """What pairs diluted since, beside what was expected of them a year ago."""
        return dilution_since(self.whole, self.as_of)

    @cached_property
    def checks(self) -> list[CheckResult]:
        """Estimates of a year ago against what came; not run, and why, where the book can't say."""
        text.use(self.lang)
        return [*losses_backtest.loss_checks(self), *losses_backtest.dilution_checks(self)]

    front = page(losses_front.front)
    realised = page(losses_realised.realised_page)
    models = page(losses_models.models_page)
    cover = page(losses_cover.cover_page)
    bad_times = page(losses_cover.downturn_page)
    ripening = page(losses_dilution.ripening_page)
    pairs = page(losses_pairs.pairs_page)
    held = page(losses_dilution.reserve_page)
    backtest = page(losses_backtest.backtest_page)
    appendix = page(losses_closing.appendix_page)


def loss_and_dilution(book: str, as_of: str, lang: str = "en", seed: int = 0, previous: str = "") -> LossAndDilution:
    """What the book at `book` knew of losses and dilution at the close of `as_of`.

    `seed` deals debtors to folds. `previous` is the result.json to compare with.
    """
    text.use(lang)
    return LossAndDilution(open_book(book), parse_date(as_of, "as_of"), lang, read_before(previous), seed)
