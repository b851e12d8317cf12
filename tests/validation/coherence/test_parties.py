"""Invoices summed up by party against the party model: the product, the band table, the verdict."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Verdict
from riskmodels.core.errors import DataRefused
from riskmodels.models.overdue_parties import rule_of
from riskmodels.models.payment_time import PaymentTime
from riskmodels.validation.coherence import coherence, open_invoices, summed_up

ORIGIN, RULE = date(2025, 6, 30), rule_of(30, 3)
IN, OUT = pd.Timestamp("2025-08-01"), pd.Timestamp("2025-12-01")


def planted(seed=0, n=400):
    """Parties with one to six open invoices, whose own probability is that of independent invoices."""
    rng = np.random.default_rng(seed)
    party = np.repeat(np.arange(n), rng.integers(1, 7, n))
    p = rng.beta(1, 15, n)[party]
    invoices = pd.DataFrame({"party": party, "probability": p, "crosses_on": IN, "amount": 1.0})
    true = 1 - invoices.assign(kept=1 - p).groupby("party")["kept"].prod()
    return invoices, pd.DataFrame({"party": true.index, "probability": true.to_numpy()})


def test_a_party_is_overdue_unless_every_invoice_is_paid():
    invoices = pd.DataFrame(
        {"party": ["a", "a", "b", "c"], "probability": [0.5, 0.2, 1.0, 0.9], "crosses_on": [IN, IN, IN, OUT]}
    ).assign(amount=100.0)
    found = summed_up(invoices, ORIGIN, RULE).set_index("party")
    assert found["summed"].tolist() == pytest.approx([0.6, 1.0, 0.0])
    assert found["dependent"].tolist() == pytest.approx([0.5, 1.0, 0.0])
    assert found["invoices"].tolist() == [2, 1, 0]


def test_small_invoices_make_a_party_overdue_only_together():
    facts = {"party": "a", "probability": 0.5, "crosses_on": IN}
    invoices = pd.DataFrame([{**facts, "amount": 4.0}] * 2 + [{**facts, "probability": 0.0, "amount": 92.0}])
    found = summed_up(invoices, ORIGIN, RULE).iloc[0]
    assert (found["summed"], found["dependent"]) == (0.25, 0.5)


def test_models_that_agree_are_within():
    invoices, parties = planted()
    found = coherence(parties, invoices, ORIGIN, RULE)
    assert found.table["ratio"].to_numpy() == pytest.approx(1.0)
    assert found.table["parties"].tolist() == [80, 80, 80, 80, 80, 400]
    assert {c.verdict for c in found.checks} == {Verdict.WITHIN}


def test_models_that_contradict_each_other_are_a_breach():
    invoices, parties = planted()
    turned = parties.assign(probability=1 - parties["probability"])
    verdicts = {c.name.split(".")[-1]: c.verdict for c in coherence(turned, invoices, ORIGIN, RULE).checks}
    assert verdicts == {"rank": Verdict.BREACH, "level": Verdict.BREACH, "share_apart": Verdict.BREACH}


def test_a_party_without_open_invoices_has_a_sum_of_nothing():
    invoices, parties = planted()
    more = pd.concat([parties, pd.DataFrame({"party": [999], "probability": [0.3]})], ignore_index=True)
    told = coherence(more, invoices, ORIGIN, RULE).parties.set_index("party").loc[999]
    assert (told["invoices"], told["summed"], told["dependent"]) == (0, 0.0, 0.0)


def test_outcomes_stand_beside_both():
    invoices, parties = planted()
    found = coherence(parties.assign(outcome=1.0), invoices, ORIGIN, RULE)
    assert (found.table["rate"] == 1.0).all()


def test_few_parties_are_not_run_rather_than_within():
    invoices, parties = planted(n=20)
    for check in coherence(parties, invoices, ORIGIN, RULE).checks:
        assert check.verdict == Verdict.NOT_RUN
        assert check.reason == "20 parties, 30 needed"


def test_probabilities_outside_0_to_1_are_refused():
    with pytest.raises(DataRefused, match="probability: found 1 values outside 0 to 1"):
        summed_up(pd.DataFrame({"party": [1], "probability": [1.2], "crosses_on": [IN]}), ORIGIN, RULE)


def test_a_payment_model_s_invoices_are_those_still_able_to_cross():
    rng = np.random.default_rng(1)
    X = pd.DataFrame({"x": rng.normal(size=600)})
    duration = rng.uniform(5, 120, 600)
    model = PaymentTime(grid=(-20, 0, 30, 60, 90)).fit(X, np.full(600, 30), duration, np.ones(600))
    issued = pd.to_datetime(["2025-06-20", "2025-05-20", "2025-04-01"])
    invoices = pd.DataFrame(
        {"debtor_id": ["a", "b", "c"], "amount": 100.0, "issued_on": issued, "due_on": issued + pd.Timedelta(30, "D")}
    )
    found = open_invoices(model, X.head(3), invoices, "debtor_id", ORIGIN, RULE)
    assert found["party"].tolist() == ["a", "b"]
    assert found["crosses_on"].tolist() == [d + pd.Timedelta(61, "D") for d in issued[:2]]
    assert found["probability"].iloc[1] > found["probability"].iloc[0] > 0
