from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.garble import crowded, garbled
from riskmodels.book.outcomes import default_outcomes
from riskmodels.models.lgd import FractionalLGD
from riskmodels.models.lgd.claims import open_claims
from riskmodels.models.lgd.downturn import downturn
from riskmodels.models.lgd.drivers import disputed, guarantee_caps, guaranteed, loss_sample
from riskmodels.models.lgd.workout import Workout, realised_losses

AS_OF = date(2026, 6, 30)
CLAIM = {"invoice_id": "I1", "facility_id": "F1", "client_id": "C1", "debtor_id": "D1"}
INVOICE = CLAIM | {"currency": "CNY", "amount": 100.0, "issued_on": "2024-01-01", "due_on": "2024-03-31"}


def claims(on="2024-06-30"):
    return pd.DataFrame([CLAIM | {"default_on": pd.Timestamp(on)}])


def test_a_dispute_counts_while_it_is_open_and_known(book_of):
    row = {"dispute_id": "X", "invoice_id": "I1", "opened_on": "2024-05-01", "closed_on": "2024-08-01"}
    made = book_of(invoices=[INVOICE], disputes=[row | {"known_on": "2024-05-10"}])
    found = [disputed(made, claims(on))[0] for on in ("2024-05-09", "2024-05-10", "2024-07-31", "2024-08-01")]
    assert found == [False, True, True, False]


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"beneficiary_id": "D1"}, True),
        ({"beneficiary_id": "C2"}, False),
        ({"facility_id": "F2"}, False),
        ({"valid_to": "2024-06-29"}, False),
        ({"known_on": "2024-07-01"}, False),
    ],
)
def test_a_guarantee_counts_for_whom_and_when_it_stands(book_of, changes, counts):
    row = {"guarantee_id": "G", "valid_from": "2024-01-01", "guarantor_id": "P", "beneficiary_id": "C1"}
    made = book_of(invoices=[INVOICE], guarantees=[row | {"currency": "CNY"} | changes])
    assert guaranteed(made, claims())[0] == counts


def test_without_the_tables_neither_is_known(book_of):
    made = book_of(invoices=[INVOICE])
    assert disputed(made, claims()).isna().all()
    assert guaranteed(made, claims()).isna().all()


def test_claims_default_on_the_day_on_which_their_debtor_does(book, demo_losses):
    """The loss and the probability of default speak of the same event."""
    first = demo_losses.claims.groupby("debtor_id")["default_on"].min()
    days = [day.date() - timedelta(days=1) for day in first]
    told = default_outcomes(book, "debtor_id", days, AS_OF).set_index(["debtor_id", "origin"])["defaulted_on"]
    found = {debtor: told[debtor, day - pd.Timedelta(days=1)] for debtor, day in first.items()}
    assert len(found) > 5
    assert found == first.to_dict()


def test_the_losses_are_those_of_a_plain_loop_over_the_ledger(book, demo_losses):
    """Each claim by itself, day by day, from the tables."""
    advances, repayments, actions = (book.frame(name) for name in ("advances", "repayments", "actions"))
    invoice_of = advances.set_index("advance_id")["invoice_id"]
    repayments["invoice_id"] = repayments["advance_id"].map(invoice_of)
    final = demo_losses.final
    for row in final.sample(30, random_state=0).itertuples():
        back = repayments[repayments["invoice_id"] == row.invoice_id]
        lent = advances.loc[advances["invoice_id"] == row.invoice_id, "amount"].sum()
        before = back[back["paid_on"] <= row.default_on]
        assert row.principal == pytest.approx(lent - before["principal"].sum())
        cash = back[back["paid_on"] > row.default_on]
        flows = [(p.paid_on, 0, p.principal + p.interest + p.fee) for p in cash.itertuples()]
        spent = actions[(actions["invoice_id"] == row.invoice_id) & (actions["acted_on"] > row.default_on)]
        flows += [(a.acted_on, 1, -a.cost) for a in spent.itertuples() if a.cost > 0]
        margin = 0.0 if np.isnan(row.margin_rate) else row.margin_rate * lent
        total, used, worth = margin, min(margin, row.ead), min(margin, row.ead)
        for day, _, amount in sorted(flows):
            if day <= row.default_on + pd.DateOffset(months=12):
                total += amount
                now = min(total, row.ead)
                worth += (now - used) * (1 + row.rate) ** (-(day - row.default_on).days / 365)
                used = now
        assert row.lgd == pytest.approx(max(0.0, 1 - worth / row.ead), abs=1e-9), row.invoice_id


@pytest.mark.parametrize("future", [garbled, crowded])
def test_another_future_changes_no_bit_of_a_loss(book, future):
    rule, day = Workout(months=12), date(2025, 6, 30)
    found, other = (realised_losses(b, day, rule).claims for b in (book, future(book, day)))
    assert found["over"].sum() > 10
    pd.testing.assert_frame_equal(found, other, check_exact=True)


def test_a_model_is_fitted_on_the_demo_book_s_losses(demo_losses):
    sample = loss_sample(demo_losses.final)
    assert {"log_ead", "holdback", "recourse"} <= set(sample.X)
    assert not sample.X.isna().any(axis=None)
    model = FractionalLGD().fit(sample.X, sample.y, groups=sample.groups)
    assert model.predict(sample.X).mean() == pytest.approx(sample.y.mean(), abs=1e-6)
    assert demo_losses.final["capped"].between(0, 1).all()


def test_a_book_of_few_defaults_takes_the_stated_downturn(demo_losses):
    final = demo_losses.final
    found = downturn(final["capped"], final["default_on"])
    assert found.method == "stated add-on"
    assert "quarters have 20 defaults or more; 8 are needed" in found.reason


def test_the_cap_of_a_guarantee_is_parted_among_the_claims_it_stands_for(book_of):
    row = {"guarantee_id": "G", "valid_from": "2024-01-01", "guarantor_id": "P", "beneficiary_id": "C1"}
    made = book_of(invoices=[INVOICE], guarantees=[row | {"currency": "CNY", "cap": 90.0}])
    two = pd.concat([claims(), claims().assign(invoice_id="I2"), claims().assign(invoice_id="I3", client_id="C2")])
    two = two.assign(ead=[20.0, 40.0, 5.0]).reset_index(drop=True)
    assert guarantee_caps(made, two).tolist()[:2] == pytest.approx([30, 60])
    assert guarantee_caps(made, two).isna().tolist() == [False, False, True]


@pytest.mark.parametrize(("currency", "cap", "left"), [("CNY", None, np.inf), ("USD", 90.0, 0.0)])
def test_no_cap_is_no_limit_and_one_in_another_currency_is_worth_nothing(book_of, currency, cap, left):
    row = {"guarantee_id": "G", "valid_from": "2024-01-01", "guarantor_id": "P", "beneficiary_id": "C1"}
    made = book_of(invoices=[INVOICE], guarantees=[row | {"currency": currency, "cap": cap}])
    assert guarantee_caps(made, claims().assign(ead=20.0))[0] == left


def test_open_claims_are_what_is_neither_paid_back_nor_written_off(book_of):
    days = {"known_on": "2024-01-02", "advanced_on": "2024-01-02", "due_on": "2024-03-31"}
    made = book_of(
        invoices=[INVOICE | {"invoice_id": i} for i in ("I1", "I2", "I3")],
        advances=[days | {"advance_id": f"A{i}", "invoice_id": i, "amount": 80.0} for i in ("I1", "I2", "I3")],
        repayments=[
            {"repayment_id": "R1", "advance_id": "AI2", "paid_on": "2024-02-01", "principal": 80.0, "payer": "debtor"},
            {"repayment_id": "R2", "advance_id": "AI1", "paid_on": "2024-02-01", "principal": 30.0, "payer": "debtor"},
        ],
        write_offs=[{"invoice_id": "I3", "written_off_on": "2024-04-01", "amount": 80.0}],
    )
    day = date(2024, 6, 30)
    found = open_claims(made.as_of(day), day)
    assert found[["invoice_id", "principal", "face"]].values.tolist() == [["I1", 50.0, 100.0]]
    assert found["guarantee_cap"].isna().all()
    before = date(2024, 3, 1)
    assert open_claims(made.as_of(before), before)["invoice_id"].tolist() == ["I1", "I3"]
