"""Where what is judged comes from: a stored model and its book. Other sources say the same of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import default_population
from riskmodels.book.quality import days_silent, default_limits
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.errors import Misuse
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.recipes import StoredModel
from riskmodels.portfolio.balances import ledger_balance
from riskmodels.reporting.pages.judgement_words import Words, words_of
from riskmodels.validation.reperformed import reperformed

OUTCOME_MONTHS = {"rating": 12}
"""How long an obligor's outcome takes, by purpose; other samples hold each outcome once as they are."""


class Source(Protocol):
    """A scored sample to judge and what is known of where it comes from.

    `lacking` says why there is nothing to judge, empty when there is something; then alone the others are asked.
    """

    @property
    def lacking(self) -> str:
        """Why nothing can be judged."""

    @property
    def name(self) -> str:
        """What the report calls the book or the file."""

    @property
    def sample(self) -> pd.DataFrame:
        """The scored cases: see `Case`."""

    @property
    def development(self) -> pd.DataFrame | None:
        """The sample the model was developed on, scored; None where it isn't at hand."""

    @property
    def drivers(self) -> tuple[str, ...]:
        """Columns of both samples that the score is made of."""

    @property
    def horizon(self) -> int:
        """Months an obligor's outcome takes, 0 where each case has its own."""

    @property
    def words(self) -> Words:
        """What the report calls the cases and the outcome."""

    @property
    def currency(self) -> str:
        """The currency of the amounts."""

    @property
    def stored(self) -> StoredModel | None:
        """The stored model, where there is one."""

    @property
    def book(self) -> Book | None:
        """The book as it was known, where there is one."""

    @property
    def about(self) -> str:
        """One line on what is judged, for the masthead."""

    @property
    def identity(self) -> dict[str, str]:
        """What the run is made of: the model with its version; the first 12 hex digits of model, data and code."""

    @property
    def excluded(self) -> tuple[tuple[str, int], ...]:
        """Who was left out before the sample was made: reasons and how many."""

    @property
    def defined(self) -> tuple[tuple[str, str], ...]:
        """What the outcome hangs on, as pairs of words and values."""

    @property
    def exposure(self) -> float | None:
        """The amount at stake, where it is known."""

    def checks(self) -> list[CheckResult]:
        """Checks of the source itself, beyond those of its sample."""


@dataclass(frozen=True)
class ModelSource:
    """A stored model (None when the book has none yet) and the book it is judged on, from the close of a date.

    `path` is where the book is stored, and its other models beside it.
    """

    path: Path
    whole: Book
    as_of: date
    stored: StoredModel | None

    @property
    def lacking(self) -> str:
        """That the book has no model, or can't have one."""
        if self.stored is not None:
            return ""
        if not self.whole.has("payments"):
            return _("the book has no payments, so there are no outcomes to train or judge a model on")
        return _("the book has no model yet")

    @property
    def name(self) -> str:
        """The book's name."""
        return self.whole.name

    @cached_property
    def book(self) -> Book:
        """The book as it was known."""
        return self.whole.as_of(self.as_of)

    @property
    def model(self) -> StoredModel:
        """The stored model; refused without one."""
        if self.stored is None:
            raise Misuse(f"{self.whole.name}: has no model to judge")
        return self.stored

    @cached_property
    def sample(self) -> pd.DataFrame:
        """What the model had not seen when it was trained, scored; without an outcome where that isn't known yet."""
        recipe = self.model.recipe
        return recipe.scored(self.model.models, recipe.validation_sample(self.book, self.model.trained, self.as_of))

    @property
    def development(self) -> pd.DataFrame:
        """The sample it was trained on, scored."""
        return self.model.development

    @property
    def drivers(self) -> tuple[str, ...]:
        """The columns the champion uses."""
        return tuple(self.model.drivers)

    @property
    def horizon(self) -> int:
        """Twelve months for a rating."""
        return OUTCOME_MONTHS.get(self.model.purpose, 0)

    @property
    def words(self) -> Words:
        """The words of the model's purpose."""
        return words_of(self.model)

    @property
    def currency(self) -> str:
        """The book's currency."""
        return self.whole.currency

    @property
    def about(self) -> str:
        """The book, the close, and the model by its training date and hash."""
        if self.stored is None:
            return _("Book {book}, close of {date}; no model").format(book=self.name, date=self.as_of)
        words = _(
            "Validation on book {book}, close of {date}; trained on what was known on {trained}, {n} drivers, "
            "sha256 {digest}"
        )
        told = {"trained": self.stored.trained, "n": len(self.stored.drivers), "digest": self.stored.digest[:12]}
        return words.format(book=self.name, date=self.as_of, **told)

    @property
    def identity(self) -> dict[str, str]:
        """The model by purpose, date, version and hash; hashes of the book as known and the code that made it."""
        code, model = self.model.card["code_sha256"], self.model
        words = _("{purpose}, trained {date}, riskmodels {version}, sha256 {digest}")
        told = words.format(purpose=model.purpose, date=model.trained, version=model.version, digest=model.digest[:12])
        return {"data": self.book.fingerprint[:12], "code": code[:12], "model": told}

    @cached_property
    def excluded(self) -> tuple[tuple[str, int], ...]:
        """Obligors known at the origins that a model of obligors doesn't judge; nobody of an invoice model."""
        recipe = self.model.recipe
        if recipe.ID not in ("debtor_id", "client_id"):
            return ()
        origins = [day.date() for day in sorted(self.sample["as_of"].unique())]
        counts = default_population(self.book, recipe.ID, origins, recipe.RULE).sum(numeric_only=True)
        reasons = {
            _("No invoice in the book's currency"): counts["other_currency"],
            _("Owing nothing"): counts["owing_nothing"],
            _("In that state already"): counts["in_default"],
            _("Without features"): counts["performing"] - len(self.sample),
        }
        return tuple((reason, int(n)) for reason, n in reasons.items())

    @property
    def defined(self) -> tuple[tuple[str, str], ...]:
        """Days past due, materiality and window, on whom the outcome is seen, and what else counts as an ending."""
        told, party = self.model.card["outcome"], self.model.recipe.ID.removesuffix("_id")
        level = {"debtor": _("debtor"), "client": _("client"), "invoice": _("invoice")}[party]
        rows = [(_("Level"), level), (_("Days past due"), f"> {told['dpd']}")]
        if "share" in told:
            least = figure(told["least_amount"], "money", self.currency)
            share = figure(told["share"], "share")
            rows.append(
                (_("Material"), _("{share} of what is owed, at least {least}").format(share=share, least=least))
            )
        if told["window_months"]:
            rows.append((_("Window"), _("{n} months").format(n=told["window_months"])))
        credit = _("credit notes settle like payments; what is disputed or written off stays open")
        return (*rows, (_("Dilution, disputes"), credit), (_("Technical overdue"), _("none set aside")))

    @property
    def exposure(self) -> float:
        """The open balance of the book in its currency."""
        return ledger_balance(self.book, self.currency)

    def checks(self) -> list[CheckResult]:
        """Whether the training data still stand, the book is up to date, and a re-performance comes to the same."""
        redone = reperformed(self.model, self.sample, self.book)
        return [self._training_data(), days_silent(self.book, default_limits()), *redone]

    def _training_data(self) -> CheckResult:
        same = self.whole.as_of(self.model.trained).fingerprint == self.model.card["book_sha256"]
        name, title = "validation.data.training_data_changed", _("Training data changed since")
        limits = Limits.at_most(0, source=_("identity of the data"))
        return CheckResult(name, title, float(not same), limits, "count", primary=True)
