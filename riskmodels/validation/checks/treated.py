"""What a check did about cases that depend on each other, in words."""

from __future__ import annotations

from riskmodels.core.text import gettext as _
from riskmodels.validation.case import Case
from riskmodels.validation.dependence import treatment

FEW = 10
"""Clusters below which it is said that they are few."""


def treated(case: Case) -> str:
    """By which parties errors are clustered, and that each outcome counts once where an outcome takes months."""
    return _said(case, _clustered(case, treatment(case.parties), set(case.parties)))


def by_obligor(case: Case) -> str:
    """The same where errors are clustered by obligor alone."""
    told = set(case.parties) & {"obligor"}
    return _said(case, _clustered(case, treatment(told), told))


def as_independent(case: Case) -> str:
    """That cases are taken as independent, each outcome counting once where an outcome takes months."""
    return _said(case, treatment(()))


def _clustered(case: Case, words: str, parties: set[str]) -> str:
    """The words, and how few the clusters are where they are few."""
    counts = [int(case.parties[p].max()) + 1 for p in sorted(parties)]
    if not counts or min(counts) >= FEW:
        return words
    few = _("few: {n} of them, by Student's law with {df} degrees of freedom")
    return _("{first}, {second}").format(first=words, second=few.format(n=min(counts), df=min(counts) - 1))


def _said(case: Case, words: str) -> str:
    if not (case.horizon and case.cluster is not None and "period" in case.sample):
        return words
    once = _("one row per obligor and {months} months").format(months=case.horizon)
    return _("{first}, {second}").format(first=once, second=words)
