"""The checks of a stored model by the validator's own hand: scored again, exported, rebuilt and tied to the ledger."""

from __future__ import annotations

from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.recipes import StoredModel
from riskmodels.validation.reconciliation import Tie, tied_by_invoice, tied_by_obligor
from riskmodels.validation.reperformance import Agreement, exports, rebuilt, rescored

PARTIES = ("debtor_id", "client_id")
TITLES = {
    "process.rescored": mark("Stored scores that another scoring doesn't give"),
    "process.export.sql": mark("Rows on which the exported SQL differs from the model"),
    "process.export.python": mark("Rows on which the exported Python function differs from the model"),
    "data.rebuilt": mark("Obligors whose drivers the ledger now gives otherwise"),
    "data.ledger": mark("Amounts that the ledger doesn't have"),
}
TOLERANCE = 1e-6
"""Share of the ledger's amounts by which a sample may differ: what sums of cents lose."""


def reperformed(stored: StoredModel, sample: pd.DataFrame, book: Book) -> list[CheckResult]:
    """The five checks of TITLES, each a share of what was compared: rows, obligors, or amounts.

    `sample` is the later one, scored; `book` the one the model was trained on, cut at a later date.
    """
    return [
        _agreed("process.rescored", rescored(stored)),
        *_exported(stored, sample),
        _rebuilt(stored, book),
        _tied(stored, sample, book),
    ]


def _exported(stored: StoredModel, sample: pd.DataFrame) -> list[CheckResult]:
    champion = stored.models["champion"]
    if not (hasattr(champion, "points_card") or hasattr(champion, "logit_")):
        reason = _("only a scorecard is exported; the champion is a {kind}").format(kind=type(champion).__name__)
        return [_unrun(f"process.export.{name}", reason) for name in ("sql", "python")]
    return [_agreed(f"process.export.{name}", found) for name, found in exports(champion, sample).items()]


def _rebuilt(stored: StoredModel, book: Book) -> CheckResult:
    if stored.recipe.ID not in PARTIES:
        return _unrun("data.rebuilt", _("the stored sample doesn't name its invoices"))
    origin = stored.development["period"].max().date()
    return _agreed("data.rebuilt", rebuilt(stored, book, origin), {"origin": str(origin)})


def _tied(stored: StoredModel, sample: pd.DataFrame, book: Book) -> CheckResult:
    found = tie(stored, sample, book)
    limits = Limits.at_most(TOLERANCE, source=_("the same amounts, summed twice; a millionth for cents"))
    told = {"on": str(found.on), "sample": found.sample, "ledger": found.ledger, "whole": found.whole}
    return _result("data.ledger", found.share, limits, found.n, told)


def tie(stored: StoredModel, sample: pd.DataFrame, book: Book) -> Tie:
    """The later sample's amounts against the ledger's: of obligors at the newest origin, or of all invoices."""
    if stored.recipe.ID not in PARTIES:
        return tied_by_invoice(sample, book)
    return tied_by_obligor(sample, book, stored.recipe.ID, sample["period"].max().date())


def _agreed(name: str, found: Agreement, known: dict[str, Any] | None = None) -> CheckResult:
    largest = found.largest if found.largest < float("inf") else None
    told = {"largest_difference": largest, "differing": found.differing, **(known or {})}
    limits = Limits.at_most(0, source=_("the same figures, computed twice"))
    return _result(name, found.share, limits, found.n, told)


def _result(name: str, share: float, limits: Limits, n: int, told: dict[str, Any]) -> CheckResult:
    title = _(TITLES[name])
    if share != share:
        return _unrun(name, _("there is nothing to compare"))
    return CheckResult(f"validation.{name}", title, share, limits, "share", n, detail=told)


def _unrun(name: str, reason: str) -> CheckResult:
    return not_run(f"validation.{name}", _(TITLES[name]), reason, unit="share")
