"""From verdicts to an overall opinion, by a rule a committee can recite."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.text import gettext as _

KEY_CHECKS = ("validation.discrimination.auc.out_of_time", "validation.calibration.observed_expected")


def opinion(results: Sequence[CheckResult]) -> tuple[int, str]:
    """The opinion 1 to 4 and its sentence: adequate; minor, major, severe deficiencies.

    4 when a key check (AUC on later data, observed over expected) is beyond its limit; 3 when another check is, or a
    key check was not run; 2 when a check is on watch; 1 otherwise.
    """
    breaches, watches = (_titles(results, v) for v in (Verdict.BREACH, Verdict.WATCH))
    if key := _titles(_key(results), Verdict.BREACH):
        return 4, _("Severe deficiencies: {checks} beyond the limit.").format(checks=key)
    if breaches:
        return 3, _("Major deficiencies: {checks} beyond the limit.").format(checks=breaches)
    if missing := _missing(results):
        return 3, _("Not shown to be adequate: {checks} not run.").format(checks=missing)
    if watches:
        return 2, _("Minor deficiencies: {checks} on watch.").format(checks=watches)
    return 1, _("Adequate: every check that was run is inside its warning line.")


def _key(results: Sequence[CheckResult]) -> list[CheckResult]:
    return [r for r in results if r.name in KEY_CHECKS]


def _titles(results: Sequence[CheckResult], verdict: Verdict) -> str:
    return _(", ").join(r.title for r in results if r.verdict is verdict)


def _missing(results: Sequence[CheckResult]) -> str:
    ran = {r.name for r in results if r.verdict is not Verdict.NOT_RUN}
    titles = {r.name: r.title for r in results}
    return _(", ").join(titles.get(name, name) for name in KEY_CHECKS if name not in ran)
