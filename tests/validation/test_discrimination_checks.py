"""The checks of discrimination: what they tell, how dependence widens them, and what they could have missed."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from riskmodels.core.checks import Verdict
from riskmodels.validation.auc_power import smallest_fall
from riskmodels.validation.case import Case
from riskmodels.validation.checks.check import run_all
from riskmodels.validation.checks.discrimination import DISCRIMINATION
from riskmodels.validation.discrimination import Estimate, auc_fall_p, auc_interval
from riskmodels.validation.suite import default_limits, validate

PREFIX = "validation.discrimination."
FALL, AUC, CHALLENGER = PREFIX + "auc_fall.delta", PREFIX + "auc.out_of_time", PREFIX + "auc_challenger.delta"


def judged(*args, **told):
    return {r.name: r for r in validate(*args, **told) if r.group == "discrimination"}


def test_three_questions_vote_and_each_has_one_primary_check(sample):
    found = judged(sample(), sample(seed=1))
    assert [name for name, r in found.items() if r.primary] == [AUC, FALL, CHALLENGER]


def test_every_test_says_its_hypothesis_its_cases_how_it_took_dependence_and_what_it_could_miss(sample):
    found = judged(sample(), sample(seed=1))
    for result in found.values():
        assert result.h0
        assert result.n == 4_000
        assert result.dependence in ("clustered by debtor", "cases taken as independent")
    assert all(r.detectable > 0 for name, r in found.items() if not name.endswith("ks"))


def test_a_fall_has_the_errors_of_both_samples_and_the_s_test_that_of_the_later_one(sample):
    found = judged(sample(seed=2), sample(seed=1))
    fall, p = found[FALL], found[PREFIX + "auc_fall.p"]
    now, then = (auc_interval(s["outcome"], s["probability"], s["obligor"]) for s in (sample(seed=2), sample(seed=1)))
    both = np.hypot(now.se, then.se)
    assert fall.value == pytest.approx(now.value - then.value)
    assert fall.p_value == pytest.approx(norm.cdf(fall.value / both))
    assert fall.interval == pytest.approx((fall.value - 1.96 * both, fall.value + 1.96 * both), abs=1e-5)
    assert fall.limits.breach_low == pytest.approx(min(-0.05, -norm.isf(0.01) * both))
    assert p.value == pytest.approx(auc_fall_p(then.value, now))
    assert p.detectable < fall.detectable


@pytest.mark.parametrize(("name", "line"), [("auc.out_of_time", 0.65), ("auc.amount_weighted", 0.60)])
def test_an_auc_is_held_to_a_level_less_what_chance_does_to_it(sample, name, line):
    found = judged(sample())[PREFIX + name]
    error = found.detail["standard_error"]
    assert found.limits.breach_low == pytest.approx(line - norm.isf(0.01) * error)
    assert found.limits.watch_low == pytest.approx(line + 0.05 - norm.isf(0.05) * error)


def test_twelve_bad_cases_of_an_auc_of_74_rarely_breach():
    rng, apart = np.random.default_rng(4), norm.ppf(0.74) * np.sqrt(2)
    outcome, breaches = np.repeat([1.0, 0.0], [12, 588]), 0
    for _ in range(200):
        case = Case(pd.DataFrame({"outcome": outcome, "probability": norm.cdf(rng.normal(size=600) + apart * outcome)}))
        breaches += run_all(DISCRIMINATION[:1], case, default_limits())[0].verdict is Verdict.BREACH
    assert breaches <= 4


def test_a_model_that_lost_its_order_breaches_and_a_shuffled_challenger_loses(sample):
    cases = sample(seed=2)
    shuffled = cases.assign(probability=np.random.default_rng(9).permutation(cases["probability"]))
    found = judged(shuffled, sample(seed=1))
    assert found[FALL].verdict is Verdict.BREACH
    assert found[FALL].p_value < 1e-6
    assert found[CHALLENGER].verdict is Verdict.BREACH


def test_few_bad_cases_that_order_well_show_nothing(sample):
    cases = sample(600, seed=5)
    few = pd.concat([cases[cases["outcome"] == 1].head(12), cases[cases["outcome"] == 0]])
    found = judged(few, sample(seed=1))
    assert found[AUC].value > 0.7
    assert found[AUC].verdict is Verdict.NO_EVIDENCE
    assert found[AUC].detectable > found[AUC].limits.material


def test_clients_who_share_luck_widen_what_debtors_alone_would_say(sample):
    rng = np.random.default_rng(6)
    cases = sample(4_000)
    client = rng.integers(0, 60, len(cases))
    luck = rng.normal(size=60)[client]
    odds = cases["driver"] + 1.5 * luck - 3
    cases["outcome"] = (rng.random(len(cases)) < 1 / (1 + np.exp(-odds))).astype(float)
    cases["obligor"] = rng.integers(0, 1_000, len(cases))
    one, both = judged(cases)[AUC], judged(cases.assign(client=client))[AUC]
    assert (one.dependence, both.dependence) == ("clustered by debtor", "clustered by debtor and client")
    assert both.detail["standard_error"] > 1.1 * one.detail["standard_error"]


def test_perfect_order_of_twelve_bad_cases_shows_little_and_of_two_hundred_enough():
    def perfect(bads):
        outcome = np.repeat([1.0, 0.0], [bads, 1_000])
        return pd.DataFrame({"outcome": outcome, "probability": np.repeat([0.9, 0.1], [bads, 1_000])})

    assert judged(perfect(12))[AUC].verdict is Verdict.NO_EVIDENCE
    assert judged(perfect(200))[AUC].verdict is Verdict.WITHIN


def falls(rng, apart, initial, draws=600):
    """Of samples of 100 bad and 1,400 good cases: p of a fall from `initial`, and the fall that would be found."""
    outcome = np.repeat([1, 0], [100, 1_400])
    found = [auc_interval(outcome, rng.normal(size=1_500) + apart * outcome) for _ in range(draws)]
    return np.array([(auc_fall_p(initial, f), smallest_fall(f, initial, 100, 1_400, 0.05)) for f in found]).T


def test_a_true_auc_is_called_fallen_once_in_twenty_and_one_lower_by_what_is_detectable_four_times_in_five():
    rng, apart = np.random.default_rng(8), 1.2
    initial = float(norm.cdf(apart / np.sqrt(2)))
    p, least = falls(rng, apart, initial)
    lower = float(norm.ppf(initial - least.mean()) * np.sqrt(2))
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.025)
    assert (falls(rng, lower, initial)[0] < 0.05).mean() == pytest.approx(0.8, abs=0.06)


def test_the_error_of_the_start_adds_to_what_goes_unseen():
    found = Estimate(0.75, 0.02, 0.7, 0.8)
    none, given = (smallest_fall(found, 0.75, 100, 1_400, 0.05, se) for se in (0.0, 0.03))
    assert given == pytest.approx(np.hypot(none, (norm.isf(0.05) + norm.ppf(0.8)) * 0.03), rel=0.03)


def test_a_fall_to_chance_that_would_go_unseen_leaves_nothing_detectable():
    assert smallest_fall(Estimate(0.6, 0.06, 0.5, 0.7), 0.6, 20, 200, 0.05) == np.inf
    assert np.isnan(smallest_fall(Estimate(0.6, np.nan, 0.5, 0.7), 0.6, 20, 200, 0.05))


def test_amounts_of_nothing_are_not_run_rather_than_within(sample):
    found = judged(sample().assign(weight=0.0))[PREFIX + "auc.amount_weighted"]
    assert found.verdict is Verdict.NOT_RUN
    assert found.reason == "the measure is not defined on these data"


def test_one_score_for_all_is_not_run_rather_than_severe(sample):
    found = judged(sample().assign(probability=0.05), sample(seed=1))
    assert {r.verdict for r in found.values()} == {Verdict.NOT_RUN}
    assert {r.reason for r in found.values()} == {"all cases have one score"}
    then = judged(sample(), sample(seed=1).assign(probability=0.05))
    assert then[FALL].reason == "development sample: all cases have one score"
    assert then[AUC].verdict is Verdict.WITHIN


def test_two_scores_are_judged(sample):
    cases = sample()
    found = judged(cases.assign(probability=np.where(cases["probability"] > 0.05, 0.1, 0.02)))
    assert found[AUC].verdict is not Verdict.NOT_RUN
