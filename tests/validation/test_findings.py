"""The register of findings: what raises one, what carries it, what closes it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.validation.findings import Earlier, Finding, Retest, State, register
from riskmodels.validation.opinion import AUC
from riskmodels.validation.suite import default_limits

FIRST, SECOND, THIRD = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)
PSI, KS, MONTHLY = "validation.stability.psi.score", "validation.discrimination.ks", "validation.monitoring.psi.score"
GOOD, WATCHED, BAD = 0.8, 0.65, 0.5


def result(name, value, *, primary=True, **told):
    return CheckResult(name, name, value, Limits.at_least(0.6, 0.7), primary=primary, **told)


def after(results, as_of=FIRST, earlier=None):
    return register(results, as_of, default_limits(), earlier, key=(AUC,))


def next_run(findings, as_of, results, watched=()):
    return after(results, as_of, Earlier(FIRST, findings, frozenset(watched)))


@pytest.mark.parametrize(
    ("found", "severity"),
    [
        (result(AUC, BAD), "S1"),
        (result(PSI, BAD), "S2"),
        (result(KS, BAD, primary=False), "S3"),
        (result(MONTHLY, BAD, primary=False), "S2"),
        (result(MONTHLY, WATCHED, primary=False), "S3"),
        (not_run(PSI, "PSI", "no development sample was given", primary=True), "S4"),
        (replace(result(PSI, GOOD, detectable=0.3), limits=Limits(0.6, material=0.1)), "S4"),
    ],
)
def test_the_red_cell_decides_how_grave_a_finding_is(found, severity):
    (finding,) = after([found])
    assert (finding.severity, finding.raised_by, finding.state) == (severity, found.name, State.OPEN)


@pytest.mark.parametrize(
    "found",
    [
        result(AUC, GOOD),
        result(PSI, WATCHED),
        not_run(KS, "KS", "no events"),
    ],
)
def test_what_is_within_or_new_on_watch_or_no_vote_raises_nothing(found):
    assert after([found]) == ()


def test_a_watch_that_stands_for_a_second_run_is_a_finding():
    assert next_run((), SECOND, [result(PSI, WATCHED)], watched=[PSI])[0].severity == "S3"


def test_a_graver_finding_is_due_sooner():
    severe, high = after([result(AUC, BAD), result(PSI, BAD)])
    assert (severe.due, high.due) == (date(2026, 4, 30), date(2026, 6, 29))


def test_the_sentence_tells_the_value_from_the_line_it_is_beyond():
    (finding,) = after([replace(result(AUC, 0.59999), unit="score")])
    assert finding.finding == f"{AUC}: 0.59999, beyond 0.60000"


def test_a_check_beyond_again_is_carried_and_not_raised_twice():
    findings = after([result(AUC, BAD)])
    (carried,) = next_run(findings, SECOND, [result(AUC, BAD)])
    assert (carried.id, carried.carried, carried.retest) == ("F-01", 1, Retest.FAILED)
    assert carried.due == findings[0].due


def test_a_run_of_the_same_date_again_carries_nothing_further():
    findings = after([result(AUC, BAD)])
    (again,) = next_run(findings, FIRST, [result(AUC, BAD)])
    assert again.carried == 0


def test_the_monthly_figure_of_a_check_that_is_beyond_raises_nothing_of_its_own():
    monthly = result(MONTHLY, BAD, primary=False, detail={"check": PSI})
    assert [f.raised_by for f in after([result(PSI, BAD), monthly])] == [PSI]
    assert [f.raised_by for f in after([result(PSI, GOOD), monthly])] == [MONTHLY]


def test_a_re_test_proposes_closing_and_a_second_one_closes():
    proposed = next_run(after([result(AUC, BAD)]), SECOND, [result(AUC, GOOD)])
    assert (proposed[0].state, proposed[0].retest, proposed[0].closed_on) == (State.PROPOSED, Retest.PASSED, None)
    (closed,) = after([result(AUC, GOOD)], THIRD, Earlier(SECOND, proposed))
    assert (closed.state, closed.closed_on) == (State.CLOSED, THIRD)


def test_people_close_what_the_re_test_passed():
    findings = tuple(replace(f, state=State.CLOSED) for f in after([result(AUC, BAD)]))
    assert next_run(findings, SECOND, [result(AUC, GOOD)])[0].closed_on == SECOND


def test_people_cannot_close_what_is_still_beyond():
    findings = tuple(replace(f, state=State.CLOSED) for f in after([result(AUC, BAD)]))
    (finding,) = next_run(findings, SECOND, [result(AUC, WATCHED)])
    assert (finding.state, finding.retest) == (State.OPEN, Retest.FAILED)


def test_a_check_that_was_not_run_closes_nothing_by_itself():
    (finding,) = next_run(after([result(AUC, BAD)]), SECOND, [not_run(AUC, "AUC", "no events", primary=True)])
    assert (finding.state, finding.retest, finding.severity) == (State.OPEN, Retest.NOT_RUN, "S1")


def test_a_finding_grows_graver_and_is_due_anew():
    noted = after([not_run(AUC, "AUC", "no events", primary=True)])
    (finding,) = next_run(noted, SECOND, [result(AUC, BAD)])
    assert (noted[0].severity, finding.severity, finding.due) == ("S4", "S1", date(2026, 7, 30))


def test_what_was_closed_stays_closed_and_a_new_breach_has_a_new_id():
    old = Finding("F-07", "S1", "old", AUC, state=State.CLOSED, opened_on=FIRST, closed_on=FIRST)
    before, new = next_run((old,), SECOND, [result(AUC, BAD)])
    assert before == old
    assert (new.id, new.raised_by, new.carried) == ("F-08", AUC, 0)


def test_what_people_add_is_new_in_its_first_run_and_carried_from_then_on():
    (new,) = next_run((Finding("F-01", "S2", "segment left out", "validator"),), SECOND, [])
    assert (new.carried, new.opened_on, new.due) == (0, SECOND, date(2026, 9, 28))
    assert after([], THIRD, Earlier(SECOND, (new,)))[0].carried == 1


def test_what_people_raised_by_hand_only_people_close():
    mine = Finding("F-01", "S2", "segment left out", "validator", due=SECOND, opened_on=FIRST)
    (open_still,) = next_run((mine,), THIRD, [result(AUC, GOOD)])
    assert (open_still.state, open_still.overdue(THIRD), open_still.overdue(SECOND)) == (State.OPEN, True, False)
    (closed,) = next_run((replace(mine, state=State.CLOSED),), THIRD, [])
    assert closed.closed_on == THIRD
    assert not closed.overdue(THIRD)


@given(st.lists(st.lists(st.sampled_from([GOOD, WATCHED, BAD, None]), min_size=3, max_size=3), max_size=6))
def test_ids_are_never_used_twice_and_a_check_has_one_finding_standing(runs):
    findings, last = (), None
    for n, values in enumerate(runs):
        results = [
            not_run(name, name, "no", primary=True) if value is None else result(name, value)
            for name, value in zip((AUC, PSI, KS), values, strict=True)
        ]
        day = date(2026, n + 1, 28)
        findings, last = after(results, day, Earlier(last, findings)), day
        standing = [f.raised_by for f in findings if f.state is not State.CLOSED]
        assert len(set(standing)) == len(standing)
    assert [f.id for f in findings] == [f"F-{n:02d}" for n in range(1, len(findings) + 1)]
