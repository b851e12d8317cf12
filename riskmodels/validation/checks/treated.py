"""What a check did about cases that depend on each other, in words."""

from __future__ import annotations

from collections.abc import Iterable

from riskmodels.core.text import gettext as _
from riskmodels.validation.case import PARTIES, Case
from riskmodels.validation.dependence import treatment


def treated(case: Case, parties: Iterable[str] = PARTIES) -> str:
    """By which parties errors are clustered, and that each outcome counts once where an outcome takes months."""
    repeated = [p for p in parties if p in case.mature and 1 < case.mature[p].nunique() < case.n]
    return _said(case, treatment(repeated))


def as_independent(case: Case) -> str:
    """That cases are taken as independent, each outcome counting once where an outcome takes months."""
    return _said(case, treatment(()))


def _said(case: Case, words: str) -> str:
    if not (case.horizon and case.cluster is not None and "period" in case.sample):
        return words
    once = _("one row per obligor and {months} months").format(months=case.horizon)
    return _("{first}, {second}").format(first=once, second=words)
