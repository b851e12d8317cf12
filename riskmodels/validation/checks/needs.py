"""What checks need of a case, each answering with the reason a reader is given when it isn't there."""

from __future__ import annotations

from riskmodels.core.text import gettext as _
from riskmodels.validation.case import PROBABILITY, Case
from riskmodels.validation.checks.check import Need

MIN_EVENTS = 10
MIN_CASES = 100
MOST_PER_OBLIGOR = 2


def cases(case: Case) -> str:
    """At least one case."""
    return "" if len(case.sample) else _("no cases in the sample")


def outcomes(case: Case) -> str:
    """At least one mature outcome."""
    if case.n:
        return ""
    return cases(case) or _("no mature outcomes: all {n} cases are censored (too young) or unusable").format(
        n=len(case.sample)
    )


def probabilities(case: Case) -> str:
    """Probabilities, not only an order of risk."""
    return (
        "" if case.score == PROBABILITY else _("the card has no scale: its points rank cases and give no probability")
    )


def both_classes(case: Case) -> str:
    """Mature outcomes, bad and good ones."""
    if missing := outcomes(case):
        return missing
    if 0 < case.events < case.n:
        return ""
    kind = _("none is bad") if case.events == 0 else _("all are bad")
    return _("one class only: of {n} mature cases {kind}").format(n=case.n, kind=kind)


def enough_events(case: Case) -> str:
    """At least MIN_EVENTS bad and as many good mature cases."""
    if missing := both_classes(case):
        return missing
    fewer = min(case.events, case.n - case.events)
    return "" if fewer >= MIN_EVENTS else _too_few(case)


def scores_differ(case: Case) -> str:
    """More than one score among the mature cases."""
    return "" if len(case.risk) == 0 or (case.risk != case.risk[0]).any() else _("all cases have one score")


def enough_expected(case: Case) -> str:
    """At least MIN_EVENTS bad cases, observed or expected.

    A model that expects many and meets none is wrong, not untestable.
    """
    if missing := outcomes(case):
        return missing
    return "" if max(case.events, case.probability.sum()) >= MIN_EVENTS else _too_few(case)


def independent_events(case: Case) -> str:
    """Enough events, and cases that may be taken as independent: at most MOST_PER_OBLIGOR to an obligor, on average."""
    if missing := enough_events(case):
        return missing
    obligors = case.n if case.cluster is None else len(set(case.cluster.tolist()))
    text = _("the test takes cases as independent, but {n} cases belong to {obligors} obligors")
    return "" if case.n <= MOST_PER_OBLIGOR * obligors else text.format(n=f"{case.n:,}", obligors=f"{obligors:,}")


def counted_once(case: Case) -> str:
    """Enough events, and cases that may be taken as independent: of one obligor none, or only in windows apart.

    Asked of `Case.cohorts`, in which windows of one obligor don't overlap.
    """
    apart = case.horizon and case.cluster is not None and "period" in case.mature
    return enough_events(case) if apart else independent_events(case)


def several_obligors(case: Case) -> str:
    """Cases of more than one obligor, where obligors are told."""
    one = case.cluster is not None and case.n > 1 and not case.cluster.any()
    return _("all cases belong to one obligor, so that how far they depend on each other can't be told") if one else ""


def column(name: str, reason: str) -> Need:
    """An optional column, with enough events among the rows that have it; `reason` (marked text) if it is absent."""

    def need(case: Case) -> str:
        """Why the column can't be used; empty when it can."""
        absent = name not in case.mature or case.mature[name].isna().all()
        return _(reason) if absent else enough_events(case.having(name))

    return need


def reference(case: Case) -> str:
    """A reference (development) sample."""
    return "" if case.reference is not None else _("no development sample was given")


def reference_events(case: Case) -> str:
    """A reference sample with enough events."""
    if case.reference is None:
        return reference(case)
    reason = enough_events(case.reference)
    return reason and _("development sample: {reason}").format(reason=reason)


def reference_scores_differ(case: Case) -> str:
    """More than one score in the reference sample, where there is one."""
    reason = scores_differ(case.reference) if case.reference is not None else ""
    return reason and _("development sample: {reason}").format(reason=reason)


def enough_cases(case: Case) -> str:
    """At least MIN_CASES cases, mature or not, in the sample and the reference."""
    if case.reference is None:
        return reference(case)
    fewer = min(len(case.sample), len(case.reference.sample))
    text = _("too few cases: {found} in the smaller sample, at least {least} are needed")
    return "" if fewer >= MIN_CASES else text.format(found=fewer, least=MIN_CASES)


def _too_few(case: Case) -> str:
    text = _("too few events: {bad} bad and {good} good cases, at least {least} of each are needed")
    return text.format(bad=case.events, good=case.n - case.events, least=MIN_EVENTS)
