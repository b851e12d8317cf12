"""From verdicts to an overall opinion, by a rule a committee can recite."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.text import gettext as _

AUC = "validation.discrimination.auc.out_of_time"
AUC_FALL = "validation.discrimination.auc_fall.delta"
OBSERVED_EXPECTED = "validation.calibration.observed_expected"
KEY_CHECKS = (AUC, AUC_FALL, OBSERVED_EXPECTED)
"""Does it rank, does it still rank as it did, is its level right."""
RANKING_CHECKS = (AUC, AUC_FALL)
"""The key checks of a score that ranks and gives no probability."""
UNASKED = (AUC_FALL,)
"""Key checks that an opinion doesn't wait for: they are only asked where a development sample is at hand."""


def opinion(results: Sequence[CheckResult], asked: Sequence[str] = KEY_CHECKS) -> tuple[int | None, str]:
    """The opinion 1 to 4 and its sentence: adequate; minor, major, severe deficiencies; None where nothing is shown.

    Only primary checks vote. 4 when a key check (AUC on later data, its fall since development, observed over
    expected) is beyond its limit; 3 when another is; none when a key check was not run, or could have missed what
    matters; 2 when one is on watch; 1 otherwise. `asked` are the key checks of a score: without probabilities it has no
    level.
    """
    votes = [r for r in results if r.primary]
    key = [r for r in votes if r.name in asked]
    if severe := _titles(key, Verdict.BREACH):
        return 4, _("Severe deficiencies: {checks} beyond the limit.").format(checks=severe)
    if major := _titles(votes, Verdict.BREACH):
        return 3, _("Major deficiencies: {checks} beyond the limit.").format(checks=major)
    if blind := _titles(key, Verdict.NO_EVIDENCE):
        return None, _("No opinion: these cases are too few to show {checks}.").format(checks=blind)
    if missing := _missing(key, asked):
        return None, _("No opinion: {checks} not run.").format(checks=missing)
    if minor := _titles(votes, Verdict.WATCH):
        return 2, _("Minor deficiencies: {checks} on watch.").format(checks=minor)
    return 1, _("Adequate: every check that votes is inside its warning line.")


def _titles(results: Sequence[CheckResult], verdict: Verdict) -> str:
    return _(", ").join(r.title for r in results if r.verdict is verdict)


def _missing(key: Sequence[CheckResult], asked: Sequence[str]) -> str:
    needed = [r for r in key if r.name not in UNASKED]
    titles = [r.title for r in needed if r.verdict is Verdict.NOT_RUN]
    return _(", ").join([*titles, *(name for name in asked if name not in {*UNASKED, *(r.name for r in key)})])
