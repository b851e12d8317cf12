"""The model validation: a scored sample judged, and one method per page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.open import open_book
from riskmodels.core import text
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.limits import override_limits
from riskmodels.models.recipes import StoredModel, open_model
from riskmodels.reporting.pages import (
    judgement_appendix,
    judgement_business,
    judgement_coherence,
    judgement_data,
    judgement_drivers,
    judgement_findings,
    judgement_front,
    judgement_grades,
    judgement_level,
    judgement_loss,
    judgement_monitoring,
    judgement_process,
    judgement_rank,
    judgement_robustness,
    judgement_scope,
    judgement_stability,
    judgement_timing,
)
from riskmodels.reporting.pages.judged_people import People
from riskmodels.reporting.pages.judged_source import ModelSource, Source
from riskmodels.reporting.pages.judgement_coherence import Agreement, agreement
from riskmodels.reporting.pages.judgement_words import Words
from riskmodels.reporting.pages.page import Before, page, read_before
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.findings import Earlier, Finding
from riskmodels.validation.findings_file import read_earlier
from riskmodels.validation.migration import Moves, transitions_of
from riskmodels.validation.monitoring import Monitoring
from riskmodels.validation.opinion import KEY_CHECKS, RANKING_CHECKS, opinion
from riskmodels.validation.override import Given, override
from riskmodels.validation.suite import case_of, default_limits, validate_case
from riskmodels.validation.timing.case import Timing
from riskmodels.validation.timing.checks import validate_timing


@dataclass(frozen=True)
class ModelValidation:
    """What is judged, from the close of which date, in which language, beside which run and by which limits."""

    source: Source
    as_of: date
    lang: str
    before: Before
    limits: Mapping[str, Limits] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=Earlier)
    people: People = field(default_factory=People)

    @property
    def lacking(self) -> str:
        """Why nothing can be judged; empty when there is a scored sample."""
        return self.source.lacking

    @property
    def stored(self) -> StoredModel | None:
        """The stored model, where one is judged."""
        return self.source.stored

    @property
    def model(self) -> StoredModel:
        """The stored model; sections that need it are not asked for without one."""
        if self.stored is None:
            raise Misuse(f"{self.source.name}: has no stored model")
        return self.stored

    @property
    def book(self) -> Book:
        """The book as it was known; sections that need it are not asked for without one."""
        if self.source.book is None:
            raise Misuse(f"{self.source.name}: is no book")
        return self.source.book

    @property
    def currency(self) -> str:
        """The currency of the amounts."""
        return self.source.currency

    @property
    def words(self) -> Words:
        """What the report calls the cases and the outcome."""
        return self.source.words

    @property
    def sample(self) -> pd.DataFrame:
        """The scored cases, without an outcome where that isn't known yet."""
        return self.source.sample

    @property
    def development(self) -> pd.DataFrame | None:
        """The sample the model was developed on, scored, where it is at hand."""
        return self.source.development

    @property
    def drivers(self) -> tuple[str, ...]:
        """Columns that the score is made of."""
        return self.source.drivers

    @cached_property
    def case(self) -> Case:
        """The sample as checks see it."""
        return case_of(self.sample, self.development, self.drivers, self.source.horizon)

    @cached_property
    def checks(self) -> list[CheckResult]:
        """All checks of the validation; not run, and why, where nothing can be judged."""
        text.use(self.lang)
        if self.lacking:
            return judgement_front.unrun_checks(self)
        agreed = self.agreement.checks if self.agreement else ()
        timed = validate_timing(self.paid[0], self.limits) if self.paid[0] else ()
        return [*validate_case(self.case, self.limits), *timed, *agreed, *self.source.checks()]

    @cached_property
    def moves(self) -> Moves | str:
        """How graded obligors moved in the last twelve months, as the suite judges it, or in words why nobody knows."""
        found = transitions_of(self.sample, self.development)
        return found if isinstance(found, str) else found.moves

    @cached_property
    def paid(self) -> tuple[Timing | None, str]:
        """Payment times foretold and come, or None and why they can't be judged."""
        return judgement_timing.timing_of(self)

    @cached_property
    def agreement(self) -> Agreement | None:
        """A model of overdue parties against the invoice model; None for a model of another purpose."""
        return agreement(self)

    @property
    def opinion(self) -> tuple[int | None, str]:
        """The opinion 1 to 4 that the checks come to, None where they show too little, and its sentence."""
        return opinion(self.checks, KEY_CHECKS if self.case.score == PROBABILITY else RANKING_CHECKS)

    @property
    def given(self) -> Given:
        """The opinion that counts: the validator's where one is given, beside the computed one."""
        return override(*self.opinion, self.people.opinion, self.people.opinion_reason)

    @cached_property
    def monitoring(self) -> Monitoring | None:
        """The key figures month by month; None where cases have no day."""
        return judgement_monitoring.monitored(self)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The register of findings after this run."""
        return judgement_findings.registered(self)

    def of_group(self, group: str) -> list[CheckResult]:
        """The checks of one group."""
        return [c for c in self.checks if c.group == group]

    front = page(judgement_front.front)
    scope = page(judgement_scope.scope)
    data = page(judgement_data.data)
    concept = page(judgement_drivers.drivers)
    process = page(judgement_process.process)
    discrimination = page(judgement_rank.discrimination)
    calibration = page(judgement_level.calibration)
    grades = page(judgement_grades.grades)
    stability = page(judgement_stability.stability)
    loss = page(judgement_loss.loss)
    timing = page(judgement_timing.timing)
    robustness = page(judgement_robustness.robustness)
    business = page(judgement_business.business)
    coherence = page(judgement_coherence.coherence)
    watched = page(judgement_monitoring.monitoring)
    register = page(judgement_findings.findings)
    appendix = page(judgement_appendix.appendix)


def model_validation(
    book: str, as_of: str, model: str = "", lang: str = "en", previous: str = "", limits: str = "", **people: Any
) -> ModelValidation:
    """The validation of the model in the folder `model` on a book, from the close of `as_of`.

    Without a model every check is not run, with the reason. `previous` is the result.json to compare with, `limits` a
    TOML file of limits in the place of some of the package's, `people` what a `People` holds.
    """
    text.use(lang)
    day = parse_date(as_of, "as_of")
    whole = open_book(book)
    whole.as_of(day)
    stored = open_model(Path(model)) if model else None
    if stored and stored.trained > day:
        raise Misuse(f"model: trained on {stored.trained}, after the close of {day} it is to be judged from")
    lines = override_limits(default_limits(), Path(limits)) if limits else {}
    told, earlier = People(**people), read_earlier(previous, str(people.get("findings", "")))
    source = ModelSource(Path(book), whole, day, stored)
    return ModelValidation(source, day, lang, read_before(previous), lines, earlier, told)
