"""From verdicts to an overall opinion, by a rule a committee can recite."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.text import gettext as _
from riskmodels.core.text import language, ngettext

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
    expected) is beyond its limit; 3 when another is; none when a key check could have missed what matters or was not
    run, but for the fall, which is only asked where development is at hand; 2 when one is on watch; 1 otherwise. What
    else votes and was not run doesn't count, and is named. `asked` are the key checks of a score: without probabilities
    it has no level.
    """
    votes = [r for r in results if r.primary]
    key = [r for r in votes if r.name in asked]
    if severe := _titles(key, Verdict.BREACH):
        return 4, _("Severe deficiencies: {checks} beyond the limit.").format(checks=severe)
    if major := _titles(votes, Verdict.BREACH):
        return 3, _("Major deficiencies: {checks} beyond the limit.").format(checks=major)
    watched = _titles(key, Verdict.WATCH)
    if blind := _titles(key, Verdict.NO_EVIDENCE):
        return None, _blind(watched, blind)
    if missing := _missing(key, asked):
        return None, _unrun(watched, missing)
    if minor := _titles(votes, Verdict.WATCH):
        return 2, _with_unrun(_("Minor deficiencies: {checks} on watch.").format(checks=minor), votes)
    return 1, _with_unrun(_("Adequate: every check that votes is inside its warning line."), votes)


def _blind(watched: str, checks: str) -> str:
    """Why there is no opinion where key checks show nothing, what is known of the others first."""
    if watched:
        words = _("No opinion: {watched} on watch, and these cases are too few to show {checks}.")
        return words.format(watched=watched, checks=checks)
    return _("No opinion: these cases are too few to show {checks}.").format(checks=checks)


def _unrun(watched: str, checks: str) -> str:
    if watched:
        return _("No opinion: {watched} on watch, and {checks} not run.").format(watched=watched, checks=checks)
    return _("No opinion: {checks} not run.").format(checks=checks)


def _with_unrun(sentence: str, votes: Sequence[CheckResult]) -> str:
    """The sentence, and which votes it had to do without."""
    n = sum(r.verdict is Verdict.NOT_RUN for r in votes)
    if not n:
        return sentence
    words = ngettext(
        "{n} test that votes could not be run: {checks}.", "{n} tests that vote could not be run: {checks}.", n
    )
    without = words.format(n=n, checks=_titles(votes, Verdict.NOT_RUN))
    return sentence + ("" if language() == "zh" else " ") + without


def _titles(results: Sequence[CheckResult], verdict: Verdict) -> str:
    return _(", ").join(r.title for r in results if r.verdict is verdict)


def _missing(key: Sequence[CheckResult], asked: Sequence[str]) -> str:
    needed = [r for r in key if r.name not in UNASKED]
    titles = [r.title for r in needed if r.verdict is Verdict.NOT_RUN]
    return _(", ").join([*titles, *(name for name in asked if name not in {*UNASKED, *(r.name for r in key)})])
