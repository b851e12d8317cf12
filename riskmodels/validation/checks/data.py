"""Is there enough to judge on: events, cases too young, cases without a usable score."""

from __future__ import annotations

from riskmodels.core.text import mark
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import Check, Measured


def events(case: Case) -> Measured:
    """Bad cases among the mature ones."""
    return Measured(case.events, case.n)


def censored_share(case: Case) -> Measured:
    """Share of cases whose outcome isn't known yet."""
    return Measured(float(case.censored.mean()), len(case.sample), detail={"censored": int(case.censored.sum())})


def unusable_share(case: Case) -> Measured:
    """Share of cases whose score is missing or can't be one (a probability outside [0, 1])."""
    return Measured(float(1 - case.usable.mean()), len(case.sample), detail={"unusable": int((~case.usable).sum())})


DATA: tuple[Check, ...] = (
    Check("validation.data.events", mark("Bad cases observed"), "count", events, (needs.outcomes,)),
    Check(
        "validation.data.censored_share",
        mark("Cases too young to judge"),
        "share",
        censored_share,
        (needs.cases,),
    ),
    Check(
        "validation.data.unusable_share",
        mark("Cases without a usable score"),
        "rate",
        unusable_share,
        (needs.cases,),
        primary=True,
    ),
)
