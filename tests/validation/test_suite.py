"""The suite: the pathological samples first, then verdicts on samples whose truth is known."""

import json

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.errors import Misuse
from riskmodels.validation.checks import CHECKS
from riskmodels.validation.formulas import formulas
from riskmodels.validation.losses.checks import DILUTION, LGD
from riskmodels.validation.migration.checks import CHECKS as MIGRATION
from riskmodels.validation.suite import default_limits, validate

AUC = "validation.discrimination.auc.out_of_time"
NEEDS_OUTCOMES = [c.name for c in CHECKS if c.name.split(".")[1] in ("discrimination", "calibration")]


def by_name(results):
    return {r.name: r for r in results}


def ran(results):
    return {r.name for r in results if r.verdict is not Verdict.NOT_RUN}


def test_no_mature_outcome_leaves_every_test_of_the_model_not_run(sample):
    found = by_name(validate(sample().assign(outcome=np.nan), sample(seed=1)))
    assert not ran(found[name] for name in NEEDS_OUTCOMES)
    assert "all 4000 cases are censored" in found[AUC].reason
    assert found["validation.data.censored_share"].verdict is Verdict.BREACH


def test_an_empty_sample_is_not_run_at_all(sample):
    assert not ran(validate(sample().iloc[:0], sample(seed=1), drivers=["driver"]))


@pytest.mark.parametrize(("outcome", "words"), [(0.0, "none is bad"), (1.0, "all are bad")])
def test_one_class_is_never_within(sample, outcome, words):
    found = by_name(validate(sample().assign(outcome=outcome)))
    assert words in found[AUC].reason
    assert all(found[name].verdict in (Verdict.NOT_RUN, Verdict.BREACH) for name in NEEDS_OUTCOMES)


def test_nine_bad_cases_are_too_few_to_say_anything(sample):
    cases = sample()
    few = pd.concat([cases[cases["outcome"] == 1].head(9), cases[cases["outcome"] == 0].head(200)])
    found = by_name(validate(few.assign(probability=0.04)))
    assert not ran(found[name] for name in NEEDS_OUTCOMES)
    assert found[AUC].reason == "too few events: 9 bad and 200 good cases, at least 10 of each are needed"


def test_a_model_that_expects_many_and_meets_none_is_wrong_rather_than_untestable(sample):
    found = by_name(validate(sample().assign(outcome=0.0)))
    assert found["validation.calibration.observed_expected"].verdict is Verdict.BREACH


def test_a_constant_probability_has_no_discrimination(sample):
    found = by_name(validate(sample().assign(probability=0.08)))
    assert (found[AUC].verdict, found[AUC].reason) == (Verdict.NOT_RUN, "all cases have one score")
    assert found["validation.calibration.slope"].verdict is Verdict.NOT_RUN


@pytest.mark.parametrize(
    ("column", "check", "words"),
    [
        ("grade", "validation.calibration.worst_grade.holm_p", "no grades in the sample"),
        ("weight", "validation.discrimination.auc.amount_weighted", "no amounts in the sample"),
        ("challenger", "validation.discrimination.auc_challenger.delta", "no challenger in the sample"),
    ],
)
def test_an_absent_column_gives_a_reason(sample, column, check, words):
    assert by_name(validate(sample().drop(columns=column)))[check].reason == words


def test_without_a_development_sample_nothing_is_compared_with_it(sample):
    results = [r for r in validate(sample()) if r.group == "stability" or "fall" in r.name]
    assert {r.reason for r in results} == {"no development sample was given"}


def test_a_sample_without_its_columns_is_refused():
    with pytest.raises(Misuse, match=r"sample: missing columns \['outcome'\]"):
        validate(pd.DataFrame({"probability": [0.1]}))


def test_an_outcome_that_is_not_an_outcome_is_refused():
    with pytest.raises(Misuse, match=r"outcome: found \[2\.0\], expected 1, 0 or missing"):
        validate(pd.DataFrame({"probability": [0.1, 0.2], "outcome": [1, 2.0]}))


def test_probabilities_outside_zero_to_one_are_counted_not_used(sample):
    cases = sample()
    cases.loc[:399, "probability"] = [1.5, np.nan] * 200
    found = by_name(validate(cases))
    assert found["validation.data.unusable_share"].value == pytest.approx(0.1)
    assert found[AUC].n == 3_600


def test_a_calibrated_model_on_new_cases_is_within_everywhere(sample):
    found = validate(sample(seed=2), sample(seed=1), drivers=["driver"])
    expected = {c.name: Verdict.WITHIN for c in CHECKS}
    unasked = [n for n in expected if n.endswith(("years.p", "lights.p", "realised_expected"))]
    expected |= dict.fromkeys(unasked, Verdict.NOT_RUN)
    # with defaults that share a factor, one year shows next to nothing
    expected["validation.calibration.portfolio.correlated_p"] = Verdict.NO_EVIDENCE
    # few large cases decide it, and its level is shared with two other tests
    expected["validation.discrimination.auc.amount_weighted"] = Verdict.NO_EVIDENCE
    assert {r.name: r.verdict for r in found if r.name in expected} == expected


def test_pds_half_as_high_as_the_truth_breach_calibration_and_not_discrimination(sample):
    found = by_name(validate(sample(seed=2, understated=2)))
    for part in ("observed_expected", "portfolio.jeffreys_p", "worst_grade.holm_p", "hosmer_lemeshow.p"):
        assert found[f"validation.calibration.{part}"].verdict is Verdict.BREACH
    assert found[AUC].verdict is Verdict.WITHIN


def test_a_moved_population_breaches_stability(sample):
    now = sample(seed=2)
    moved = now.assign(driver=now["driver"] + 2, probability=np.minimum(3 * now["probability"], 1))
    found = by_name(validate(moved, sample(seed=1), drivers=["driver"]))
    assert found["validation.stability.psi.score"].verdict is Verdict.BREACH
    assert found["validation.stability.csi.worst"].detail["driver"] == "driver"
    assert found["validation.stability.csi.worst"].verdict is Verdict.BREACH


def test_a_shift_no_larger_than_chance_is_not_blamed(sample):
    found = by_name(validate(sample(150, seed=2), sample(150, seed=3)))["validation.stability.psi.score"]
    assert found.limits.watch_high == pytest.approx(found.detail["critical"])
    assert found.limits.watch_high > 0.10


def test_an_auc_that_fell_breaches_its_test(sample):
    noisy = sample(seed=2)
    noisy["probability"] = np.random.default_rng(9).permutation(noisy["probability"])
    found = by_name(validate(noisy, sample(seed=1)))["validation.discrimination.auc_fall.p"]
    assert found.verdict is Verdict.BREACH


def test_the_interval_knows_that_invoices_of_an_obligor_depend(sample):
    cases = sample()
    repeated = pd.concat([cases.assign(obligor=range(len(cases)))] * 4)
    once, wide = (by_name(validate(s))[AUC] for s in (cases.drop(columns="obligor"), repeated))
    assert np.ptp(wide.interval) == pytest.approx(np.ptp(once.interval), rel=0.01)
    assert wide.detail["obligors"] == len(cases)


def test_limits_of_the_caller_replace_those_of_the_package(sample):
    strict = {AUC: Limits.at_least(0.99, source="committee")}
    assert by_name(validate(sample(), limits=strict))[AUC].verdict is Verdict.BREACH


def test_every_check_has_a_limit_with_a_source_and_every_limit_a_check():
    asked = {c.name for c in (*CHECKS, *LGD, *DILUTION, *MIGRATION)}
    further = {n for n in default_limits() if n.split(".")[1] in ("monitoring", "findings", "timing")}
    assert set(default_limits()) - further == asked
    assert all(limits.source for limits in default_limits().values())


def test_results_are_plain_values(sample):
    results = validate(sample(seed=2), sample(seed=1), drivers=["driver"])
    assert json.loads(json.dumps([r.as_dict() for r in results]))


def test_the_order_of_rows_changes_nothing(sample):
    cases = sample(1_000)
    first, again = (by_name(validate(s)) for s in (cases, cases.sample(frac=1, random_state=1)))
    assert [first[n].value for n in first] == pytest.approx([again[n].value for n in again], nan_ok=True)


def test_a_test_of_independent_cases_is_not_run_on_many_cases_of_few_obligors(sample):
    cases = sample(4000)
    few = cases.assign(obligor=np.arange(len(cases)) % 100)
    names = ("portfolio.jeffreys_p", "worst_grade.holm_p", "hosmer_lemeshow.p", "spiegelhalter.p")
    for name in names:
        result = by_name(validate(few))[f"validation.calibration.{name}"]
        assert result.verdict is Verdict.NOT_RUN
        assert "4,000 cases belong to 100 obligors" in result.reason
    assert by_name(validate(few))[AUC].verdict is not Verdict.NOT_RUN


def test_every_test_says_its_formula_and_no_formula_is_of_nothing():
    named = {c.name for c in CHECKS}
    assert {c.name for c in CHECKS if c.h0 or c.unit == "p"} <= set(formulas()) | {n for n in named if "migration" in n}
    assert set(formulas()) <= named
