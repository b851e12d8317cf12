"""What a check did about cases that depend on each other, in words."""

from __future__ import annotations

from riskmodels.core.text import gettext as _
from riskmodels.validation.case import Case
from riskmodels.validation.dependence import treatment


def treated(case: Case) -> str:
    """By which parties errors are clustered, and that each outcome counts once where an outcome takes months."""
    return _said(case, treatment(case.parties))


def by_obligor(case: Case) -> str:
    """The same where errors are clustered by obligor alone."""
    return _said(case, treatment(set(case.parties) & {"obligor"}))


def as_independent(case: Case) -> str:
    """That cases are taken as independent, each outcome counting once where an outcome takes months."""
    return _said(case, treatment(()))


def _said(case: Case, words: str) -> str:
    if not (case.horizon and case.cluster is not None and "period" in case.sample):
        return words
    once = _("one row per obligor and {months} months").format(months=case.horizon)
    return _("{first}, {second}").format(first=once, second=words)
