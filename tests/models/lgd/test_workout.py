from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.lgd.flows import covered, loss_given_default, present_values
from riskmodels.models.lgd.workout import SOURCES, Workout, realised_losses, recovery_curve

AS_OF = date(2026, 6, 30)
RULE = Workout(rate=0.1)


def invoice(key, debtor="D1", due="2024-03-31", issued="2024-01-01", amount=1000.0, **more):
    own = {"invoice_id": key, "facility_id": "F1", "client_id": "C1", "debtor_id": debtor, "currency": "CNY"}
    return own | {"amount": amount, "issued_on": issued, "due_on": due} | more


def advance(key, amount=800.0, on="2024-01-01"):
    return {"advance_id": f"A-{key}", "invoice_id": key, "advanced_on": on, "amount": amount, "due_on": "2024-03-31"}


def repayment(key, on, amount, payer="debtor", interest=0.0, n=0):
    own = {"repayment_id": f"R-{key}-{on}-{n}", "advance_id": f"A-{key}", "paid_on": on, "payer": payer}
    return own | {"principal": amount, "interest": interest, "fee": 0.0}


FACILITY = {
    "facility_id": "F1",
    "valid_from": "2023-01-01",
    "client_id": "C1",
    "currency": "CNY",
    "annual_rate": 0.12,
    "margin_rate": 0.05,
    "recourse": True,
}
LATER = invoice("I9", "D9", due="2026-12-31", issued="2026-06-01")  # the book goes on until the as-of
COST = {"action_id": "X1", "invoice_id": "I1", "acted_on": "2024-10-08", "cost": 50.0, "rung": "legal"}
TABLES = {
    "invoices": [invoice("I1"), LATER],
    "advances": [advance("I1")],
    "facilities": [FACILITY],
    "actions": [COST],
    "repayments": [repayment("I1", "2024-12-27", 300.0, "client"), repayment("I1", "2025-06-30", 1000.0)],
}


@pytest.fixture
def losses(book_of):
    return realised_losses(book_of(**TABLES), AS_OF, RULE)


def test_the_claim_is_the_advance_and_what_accrued_not_the_invoice(losses):
    claim = losses.claims.iloc[0]
    assert claim["default_on"] == pd.Timestamp("2024-06-30")  # 91 days past due
    assert claim["accrued"] == pytest.approx(800 * 0.12 * 181 / 360)
    assert claim["ead"] == pytest.approx(800 + claim["accrued"])
    assert claim["holdback"] == pytest.approx(1 - claim["ead"] / 1000)


def test_the_loss_is_that_worked_out_by_hand(losses):
    claim = losses.claims.iloc[0]
    ead = 800 + 800 * 0.12 * 181 / 360
    # margin 40 at once, a cost of 50 after 100 days, the client's 300 after 180, the debtor's rest after 365
    expected = {"cash margin": 40.0, "costs": -50 * 1.1 ** (-100 / 365), "client": 300 * 1.1 ** (-180 / 365)}
    expected["debtor"] = (ead - 290) / 1.1
    for source, worth in expected.items():
        assert claim[source] == pytest.approx(worth), source
    assert claim["lgd"] == pytest.approx(1 - sum(expected.values()) / ead)
    assert not claim["cured"]


def test_the_parts_of_the_sources_make_up_what_was_recovered(losses):
    claims = losses.claims
    assert claims[list(SOURCES)].sum(axis=1).to_numpy() == pytest.approx(claims["recovered"])
    assert losses.by_source()["share of the exposure"].sum() == pytest.approx(1 - claims["lgd"].iloc[0])


def test_a_workout_that_is_not_over_is_counted_and_has_no_loss(book_of):
    early = realised_losses(book_of(**TABLES), date(2026, 6, 29), RULE)
    assert len(early.claims) == 1
    assert early.final.empty
    assert early.claims["lgd"].isna().all()
    assert early.summary().set_index("figure")["value"]["workouts that aren't over, left out"] == 1


def test_a_claim_paid_in_full_stays_out_until_its_window_is_over(book_of):
    quick = TABLES | {"repayments": [repayment("I1", "2024-07-10", 2000.0)]}
    assert realised_losses(book_of(**quick), date(2025, 6, 30), RULE).final.empty
    claim = realised_losses(book_of(**quick), AS_OF, RULE).final.iloc[0]
    assert claim["cured"]
    assert 0 < claim["lgd"] < 0.01


def test_a_book_that_ended_ends_the_workouts_it_can_tell_of(book_of):
    ended = TABLES | {"invoices": [invoice("I1")]}
    assert realised_losses(book_of(**ended), AS_OF, RULE).final.empty


def test_what_becomes_known_later_changes_no_loss(book_of):
    later = TABLES | {
        "repayments": [
            *({**row, "known_on": row["paid_on"]} for row in TABLES["repayments"]),
            {**repayment("I1", "2025-01-02", 500.0, n=1), "known_on": "2026-07-01"},
        ]
    }
    before, after = (realised_losses(book_of(**t), AS_OF, RULE).claims["lgd"] for t in (TABLES, later))
    assert before.to_numpy() == pytest.approx(after.to_numpy())


def test_what_comes_after_the_window_counts_as_nothing(book_of):
    late = TABLES | {"repayments": [repayment("I1", "2026-07-01", 800.0)], "actions": []}
    late.pop("actions")
    claim = realised_losses(book_of(**late), date(2026, 7, 31), RULE).final.iloc[0]
    assert claim["lgd"] == pytest.approx(1 - 40 / claim["ead"])


def test_a_claim_paid_back_before_its_debtor_defaults_is_none(book_of):
    paid = TABLES | {
        "invoices": [invoice("I1"), invoice("I2"), LATER],
        "advances": [advance("I1"), advance("I2")],
        "repayments": [repayment("I2", "2024-04-02", 800.0)],
    }
    assert list(realised_losses(book_of(**paid), AS_OF, RULE).claims["invoice_id"]) == ["I1"]


def test_interest_paid_before_the_default_no_longer_stands(book_of):
    served = TABLES | {"repayments": [repayment("I1", "2024-04-10", 300.0, interest=300 * 0.12 * 100 / 360)]}
    claim = realised_losses(book_of(**served), AS_OF, RULE).claims.iloc[0]
    assert claim["principal"] == pytest.approx(500)
    assert claim["accrued"] == pytest.approx(500 * 0.12 * 181 / 360)


def test_all_claims_of_a_debtor_default_with_it(book_of):
    both = TABLES | {
        "invoices": [invoice("I1"), invoice("I2", due="2024-06-15"), LATER],
        "advances": [advance("I1"), advance("I2")],
    }
    claims = realised_losses(book_of(**both), AS_OF, RULE).claims
    assert (claims["default_on"] == pd.Timestamp("2024-06-30")).all()


def test_costs_beyond_what_came_in_lose_more_than_the_exposure(book_of):
    dear = TABLES | {"repayments": [repayment("I1", "2024-01-01", 0.01)], "actions": [{**COST, "cost": 200.0}]}
    claim = realised_losses(book_of(**dear), AS_OF, Workout(rate=0.0, margin=False)).claims.iloc[0]
    assert claim["lgd"] == pytest.approx(1 + 200 / claim["ead"])
    assert claim["capped"] == 1


def test_the_contract_s_rate_discounts_when_none_is_stated(book_of):
    claims = realised_losses(book_of(**TABLES), AS_OF, Workout()).claims
    assert (claims["rate"] == 0.12).all()


def test_absent_tables_switch_their_sources_off_with_a_reason(book_of):
    bare = {
        "invoices": TABLES["invoices"],
        "advances": TABLES["advances"],
        "payments": [
            {"payment_id": "P1", "invoice_id": "I1", "paid_on": "2024-12-27", "amount": 200.0},
            {
                "payment_id": "P2",
                "invoice_id": "I1",
                "paid_on": "2024-12-27",
                "amount": 99.0,
                "received_account": "client",
            },
        ],
    }
    found = realised_losses(book_of(**bare), AS_OF, Workout(rate=0.0))
    sources = {"repayments", "costs", "cash margin", "payer", "accrued"}
    assert set(found.off) == sources | {"disputed", "guaranteed"}
    assert "payments that reached the factor" in found.off["repayments"]
    # what went to the client's own account is no recovery
    assert found.claims["payer not told"].iloc[0] == 200
    assert found.claims["lgd"].iloc[0] == pytest.approx(0.75)


def test_a_bill_is_cash_when_it_matures(book_of):
    bill = {
        "payment_id": "P1",
        "invoice_id": "I1",
        "paid_on": "2024-07-10",
        "amount": 200.0,
        "matures_on": "2024-12-27",
    }
    tables = {"invoices": TABLES["invoices"], "advances": TABLES["advances"], "payments": [bill]}
    claim = realised_losses(book_of(**tables), AS_OF, RULE).claims.iloc[0]
    assert claim["payer not told"] == pytest.approx(200 * 1.1 ** (-180 / 365))


@pytest.mark.parametrize(
    ("without", "rule", "words"),
    [
        ("advances", RULE, "made: no rows in table advances"),
        ("repayments", RULE, "made: no rows in tables repayments and payments; expected one"),
        ("facilities", Workout(), "facilities.annual_rate: found none for 1 of 1 claims"),
    ],
)
def test_what_a_loss_can_t_do_without_is_refused_in_one_line(book_of, without, rule, words):
    tables = {name: rows for name, rows in TABLES.items() if name != without}
    with pytest.raises(DataRefused, match=words):
        realised_losses(book_of(**tables), AS_OF, rule)


def test_a_workout_of_no_months_or_a_rate_above_one_is_misuse(book_of):
    with pytest.raises(Misuse, match="months: found 0"):
        realised_losses(book_of(**TABLES), AS_OF, Workout(months=0))
    with pytest.raises(Misuse, match="rate: found 12, expected a yearly rate"):
        realised_losses(book_of(**TABLES), AS_OF, Workout(rate=12))


def test_a_book_without_defaults_has_no_losses(book_of):
    sound = TABLES | {"invoices": [invoice("I1", due="2026-06-30"), LATER]}
    found = realised_losses(book_of(**sound), AS_OF, RULE)
    assert found.claims.empty
    assert found.summary()["value"].iloc[0] == 0


def test_the_curve_ends_at_what_was_recovered(losses, book_of):
    curve = recovery_curve(book_of(**TABLES).as_of(AS_OF), losses)
    assert curve["covered"].iloc[-1] == pytest.approx(1 - losses.claims["lgd"].iloc[0])
    assert curve["covered"].iloc[0] == pytest.approx(40 / losses.claims["ead"].iloc[0])


def test_losses_of_the_demo_book_have_flows_from_debtors_and_clients(demo_losses):
    final = demo_losses.final
    assert len(final) > 50
    assert final["lgd"].between(0, 1.5).all()
    assert not demo_losses.claims["over"].all()
    assert (final[["debtor", "client"]].sum() > 0).all()


FLOWS = st.lists(
    st.tuples(st.integers(0, 3), st.floats(0, 700), st.floats(-50, 200), st.integers(0, 7)), min_size=1, max_size=30
)


@settings(max_examples=60, deadline=None)
@given(FLOWS)
def test_a_claim_is_never_covered_beyond_itself_and_its_flows_add_up(rows):
    rows = sorted(rows)
    claim, days, amount, source = (np.array(column) for column in zip(*rows))
    ead = np.array([100.0, 250.0, 400.0, 60.0])
    used = covered(ead, claim, amount)
    for k in range(4):
        mine = claim == k
        assert used[mine].sum() == pytest.approx(min(ead[k], amount[mine].sum()) if mine.any() else 0, abs=1e-6)
    table = present_values(ead, np.zeros(4), claim, days, amount, source, 8)
    assert table.sum() == pytest.approx(used.sum(), abs=1e-6)
    assert (loss_given_default(ead, table.sum(axis=1)) >= 0).all()


def test_a_claim_without_flows_loses_all():
    none = np.zeros(0)
    codes = none.astype(int)
    table = present_values(np.array([100.0]), np.array([0.1]), codes, none, none, codes, 8)
    assert loss_given_default(np.array([100.0]), table.sum(axis=1)) == 1
