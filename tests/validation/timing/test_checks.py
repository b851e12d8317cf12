"""The suite of payment time on plain frames: it flags what is wrong, and says what it can't see or use."""

import numpy as np
import pytest

import riskmodels as rm
from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.limits import packaged_limits
from riskmodels.validation.timing.checks import CHECKS
from tests.validation.timing.worlds import invoices

LEVELS = [f"validation.timing.observed_expected.{k}" for k in (0, 30, 60, 90)]


def judged(**world):
    return {r.name: r for r in rm.validate_payments(invoices(**{"seed": 0, "parties": 500, **world}))}


def test_every_check_has_a_limit_and_every_limit_a_check():
    assert {c.name for c in CHECKS} == set(packaged_limits("riskmodels.validation.timing"))


def test_every_test_says_its_hypothesis_and_where_its_method_stands():
    assert all(c.method and c.family == "timing" for c in CHECKS if c.h0)
    assert sum(bool(c.h0) for c in CHECKS) == 14


@pytest.mark.parametrize("seed", range(10))
def test_right_chances_break_no_limit(seed):
    found = judged(seed=seed, spread=0.5)
    assert not [r.name for r in found.values() if r.verdict in (Verdict.BREACH, Verdict.WATCH) and "auc" not in r.name]


@pytest.mark.parametrize("seed", range(10))
def test_chances_too_low_by_six_tenths_are_flagged_where_the_power_says_so(seed):
    found = judged(seed=seed, factor=1.6)
    first = found[LEVELS[0]]
    assert first.detectable < 1.5
    assert first.verdict is Verdict.BREACH
    assert first.adjusted_p < 0.001
    assert found["validation.timing.curve.gap"].verdict is Verdict.BREACH


def test_few_invoices_are_no_evidence_rather_than_within():
    found = judged(parties=40, each=10)
    thin = found["validation.timing.observed_expected.60"]
    assert thin.verdict is Verdict.NO_EVIDENCE
    assert thin.detectable > thin.limits.material == 1.5


def test_a_result_says_how_it_treated_repeated_parties_and_what_it_could_have_missed():
    found = judged()
    for name in (*LEVELS[:2], "validation.timing.curve.gap", "validation.timing.auc.0"):
        assert found[name].dependence == "clustered by debtor and client"
        assert found[name].h0
        assert 0 < found[name].p_value <= found[name].adjusted_p
        assert found[name].detectable > 0


def test_what_a_frame_lacks_is_not_run_with_its_reason():
    frame = invoices(1)[["late", "days_late", "settled"]]
    found = {r.name: r for r in rm.validate_payments(frame)}
    assert found[LEVELS[0]].verdict is not Verdict.NOT_RUN
    assert found[LEVELS[0]].dependence == "cases taken as independent"
    for name, words in {
        LEVELS[1]: "more than 30 days past due can't be told",
        "validation.timing.curve.gap_amount": "no amounts",
        "validation.timing.days.error": "no expected days",
        "validation.timing.days.later": "not defined",
        "validation.timing.band.coverage": "no bands",
        "validation.timing.auc.gain": "no habits",
        "validation.timing.cash.bias": "no book",
    }.items():
        assert found[name].verdict is Verdict.NOT_RUN
        assert words in found[name].reason


def test_expected_days_and_bands_of_a_frame_are_judged():
    frame = invoices(2, spread=2.0).assign(expected_days_late=5.0, low_80_days_late=-20.0, high_80_days_late=40.0)
    found = {r.name: r for r in rm.validate_payments(frame)}
    assert found["validation.timing.days.error"].value > 0
    band = found["validation.timing.band.coverage"]
    assert set(band.detail) == {"stated", "kupiec", "kupiec_p", "kupiec_finds"}
    assert 0 < band.detail["kupiec_finds"] < band.detectable
    assert band.p_value > band.detail["kupiec_p"]


def test_a_bad_case_of_too_few_is_not_run():
    frame = invoices(3, parties=5, each=4)
    assert all(r.verdict is Verdict.NOT_RUN for r in rm.validate_payments(frame) if ".auc." in r.name)


def test_invoices_that_are_all_too_young_are_not_run():
    frame = invoices(3).assign(days_late=-5.0, settled=False)
    assert {r.verdict for r in rm.validate_payments(frame)} == {Verdict.NOT_RUN}


def test_limits_of_the_reader_stand_in_the_place_of_the_package_s():
    tight = {LEVELS[0]: Limits.between((0.999999, 1.000001), source="mine")}
    found = {r.name: r for r in rm.validate_payments(invoices(0), tight)}
    assert found[LEVELS[0]].limits.source == "mine"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"late": 1.2}, "late: found 1800 values.* between 0 and 1"),
        ({"over_30": np.nan}, "over_30: found 1800 values"),
        ({"over_60": 0.99}, "rows that rise, expected chances that fall"),
        ({"days_late": np.inf}, "days_late: found 1800 values.* finite days"),
        ({"amount": -1.0}, "amount: found 1800 values.* zero or more"),
        ({"settled": "yes"}, "settled: found 'yes' in 1800 rows, expected true or false"),
        ({"expected_days_late": "soon"}, "expected_days_late: found 1800 values"),
    ],
)
def test_a_column_that_can_t_be_used_is_named(change, words):
    with pytest.raises(DataRefused, match=words):
        rm.validate_payments(invoices(0).assign(**change))


def test_a_frame_without_what_came_or_without_rows_is_refused():
    with pytest.raises(Misuse, match=r"payments: missing columns \['settled'\]; it has"):
        rm.validate_payments(invoices(0).drop(columns="settled"))
    with pytest.raises(DataRefused, match="found no rows"):
        rm.validate_payments(invoices(0).head(0))


def test_the_order_of_rows_changes_nothing_but_rounding():
    frame = invoices(4)
    one, other = rm.validate_payments(frame), rm.validate_payments(frame.sample(frac=1, random_state=0))
    for a, b in zip(one, other, strict=True):
        assert (a.value, a.p_value) == (pytest.approx(b.value, nan_ok=True), pytest.approx(b.p_value, abs=2e-3))
