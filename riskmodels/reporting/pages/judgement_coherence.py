"""The page of agreement: overdue parties by their own model and by the invoice model summed up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.recipes import StoredModel, open_model
from riskmodels.models.shelf import PARTIES, newest
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, NotRun, Section, Table
from riskmodels.reporting.pages.judged_source import ModelSource
from riskmodels.reporting.pages.judgement_shared import measures
from riskmodels.validation.coherence import Coherence, against_invoices, uncompared

if TYPE_CHECKING:
    from riskmodels.core.checks import CheckResult
    from riskmodels.reporting.pages.judgement import ModelValidation


@dataclass(frozen=True)
class Agreement:
    """What two models say of one origin, and the invoice model; or why that can't be told."""

    origin: date
    found: Coherence | None = None
    invoices: StoredModel | None = None
    reason: str = ""

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """The checks, not run where the models can't be held together."""
        return self.found.checks if self.found else uncompared(self.reason)


def agreement(judged: ModelValidation) -> Agreement | None:
    """The newest origin judged, by both models; None where the model isn't one of overdue parties."""
    if not isinstance(judged.source, ModelSource) or judged.lacking or judged.model.purpose not in PARTIES:
        return None
    origin = judged.sample["as_of"].max().date()
    folder = newest("overdue", judged.source.path, origin)
    if folder is None:
        reason = _("the book has no overdue model of invoices trained by {date}").format(date=origin)
        return Agreement(origin, reason=reason)
    return _agreed(judged, origin, open_model(folder))


def _agreed(judged: ModelValidation, origin: date, stored: StoredModel) -> Agreement:
    recipe, model, sample = judged.model.recipe, stored.models["champion"], judged.sample
    if recipe.RULE.dpd > model.grid_[-1]:
        words = _("the invoice model saw nothing beyond {days} days past due")
        return Agreement(origin, reason=words.format(days=f"{model.grid_[-1]:g}"))
    scored = sample[sample["as_of"] == pd.Timestamp(origin)]
    told = against_invoices(scored, recipe.ID, recipe.RULE, model, judged.book, origin)
    return Agreement(origin, told, stored)


def coherence(judged: ModelValidation) -> Iterator[Block]:
    """Both answers by band beside what came of it; nothing for models of another purpose."""
    agreed = judged.agreement
    if agreed is None:
        return
    name, checks = _("Coherence"), judged.of_group("coherence")
    if agreed.found is None or agreed.invoices is None:
        yield Section.of("6", name, _("Not run"), "", checks)
        yield NotRun(name, agreed.reason)
        return
    yield Section.of("6", name, _finding(agreed.found), _lead(judged), checks)
    yield measures(checks, "coherence_measures", _("Measures of agreement"))
    yield _bands(agreed.found, _caption(agreed, agreed.invoices))


def _finding(found: Coherence) -> str:
    whole = found.table.iloc[-1]
    n = int(whole["parties"])
    expected = {name: figure(n * whole[name], "count") for name in ("probability", "summed", "dependent")}
    if whole["rate"] != whole["rate"]:
        words = _(
            "Of {n} this model expects {probability} to be overdue, their invoices {summed} if paid independently "
            "and {dependent} if alike"
        )
        return words.format(n=f"{n:,}", **expected)
    words = _(
        "Of {n}, {came} came to be overdue: this model expected {probability}, their invoices {summed} if paid "
        "independently and {dependent} if alike"
    )
    return words.format(n=f"{n:,}", came=figure(n * whole["rate"], "count"), **expected)


def _lead(judged: ModelValidation) -> str:
    words = _(
        "The invoice model tells the chance of each open invoice to pass {dpd} days past due within {months} months. "
        "Summed up is the chance that this happens to a material part of what a party owes: as if its invoices were "
        "paid independently of each other, and as if all were paid alike. Invoices issued later are in neither."
    )
    rule = judged.model.recipe.RULE
    return words.format(dpd=rule.dpd, months=rule.months)


def _bands(found: Coherence, caption: str) -> Table:
    columns = [
        Column("band", _("Band")),
        Column("parties", _("Parties"), "count"),
        Column("invoices", _("Open invoices"), "count", quiet=True),
        Column("probability", _("This model"), "share"),
        Column("summed", _("Invoices, independent"), "share"),
        Column("dependent", _("Invoices, alike"), "share"),
        Column("ratio", _("Independent over this model"), "multiple"),
        Column("rate", _("Observed"), "share"),
    ]
    shown = [c for c in columns if c.key != "rate" or found.table["rate"].notna().all()]
    bands, whole = found.table.iloc[:-1], found.table.iloc[-1:].assign(band=_("Total"))
    title = _("Expected to be overdue, by fifths of this model's probability, lowest first")
    return Table.of("coherence", bands, shown, title=title, totals=whole, caption=caption)


def _caption(agreed: Agreement, invoices: StoredModel) -> str:
    words = _(
        "Close of {date}; invoice model trained on {trained}, sha256 {digest}. Counted are open invoices that can pass "
        "the days within the window."
    )
    return words.format(date=agreed.origin, trained=invoices.trained, digest=invoices.digest[:12])
