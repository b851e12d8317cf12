"""The feature review of a book: what can't be judged says so, a leak is caught with its values, outcomes are mature."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "features"))

from feature_books import book_of, random_frames

from riskmodels.book.synthetic import synthesise
from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.errors import Misuse
from riskmodels.features import CATALOGUE, Feature, Flow
from riskmodels.features import Facts as Stream
from riskmodels.features.facts import INVOICES
from riskmodels.features.feature import LOWERS, RAISES
from riskmodels.features.formulas import total
from riskmodels.validation.features import leak, outcome
from riskmodels.validation.features.each import beyond, default_limits
from riskmodels.validation.features.offered import of_part, part_of
from riskmodels.validation.features.part import part_of_book
from riskmodels.validation.features.population import living
from riskmodels.validation.features.review import FeatureReview

AS_OF = date(2026, 6, 30)


@pytest.fixture(scope="module")
def tables():
    return synthesise(4_000, 3, AS_OF, 36).tables


@pytest.fixture(scope="module")
def book(tables):
    return book_of(tables).as_of(AS_OF)


@pytest.fixture(scope="module")
def review(book):
    return FeatureReview(book, AS_OF, part="Concentration")


def found(review: FeatureReview, name: str):
    return next(c for c in review.checks if c.name == name)


def test_every_check_has_a_limit_and_every_limit_a_check(review):
    names = {c.name for c in review.checks}
    limits = {n for n in default_limits() if not n.startswith("features.each.")}
    assert names == limits


def test_the_features_at_fault_are_those_that_the_checks_count(review):
    for check in review.checks:
        if check.name.split(".")[1] in ("coverage", "stability") and check.value:
            assert len(check.detail["features"]) == check.value
            assert set(check.detail["features"]) <= set(review.columns)
    held = review.features.loc[review.features["verdict"] == Verdict.BREACH, "feature"]
    assert set(held) == set(review.faults.loc[review.faults["verdict"] == Verdict.BREACH, "feature"])


def test_a_limit_of_ones_own_takes_the_place_of_the_default(review):
    strict = replace(review, limits={**default_limits(), "features.each.filled": Limits.at_least(1.0)})
    strict.__dict__["proof"] = review.proof
    short = review.coverage.loc[review.coverage["filled"] < 1, "feature"]
    assert len(short)
    assert set(strict.faults.loc[strict.faults["fault"] == "filled", "feature"]) == set(short)


def test_what_was_late_foretells_what_will_be_and_a_sign_turned_round_is_found(book):
    late = tuple(e for e in CATALOGUE if e.name in ("mean_days_late_365d", "late_share_365d"))
    review = FeatureReview(book, AS_OF, outcome="late", catalogue=(late[0], replace(late[1], sign=-late[1].sign)))
    directions = review.power.set_index("feature")["direction"]
    assert directions[f"debtor_{late[0].name}"] == "agrees"
    assert directions[f"debtor_{late[1].name}"] == "contradicts"
    faults = beyond(review.measures, review.limits)
    wrong = faults[faults["fault"] == "wrong_p"]
    assert wrong["feature"].tolist() == [f"debtor_{late[1].name}"]


def test_only_keys_in_business_are_looked_at(book, tables):
    day = date(2025, 6, 30)
    alive = living(book, ["debtor_id"], [day])
    known = tables["invoices"]["known_on"]
    year = (known <= pd.Timestamp(day)) & (known > pd.Timestamp(day) - pd.Timedelta(days=365))
    assert set(alive["debtor_id"]) == set(tables["invoices"].loc[year, "debtor_id"])
    assert living(book, ["anchor_id"], [day]) is None


def test_origins_are_those_whose_window_is_over(book):
    days = outcome.origins(book, AS_OF, 12)
    assert max(days) == date(2025, 6, 30)
    assert min(days) >= date(2022, 9, 30)
    assert {d.month for d in days} <= {3, 6, 9, 12}


def test_late_is_told_of_what_was_invoiced_after_the_origin():
    day, due = pd.Timestamp("2024-03-31"), pd.Timestamp("2024-06-01")
    issued = [day - pd.Timedelta(days=1), *([day + pd.Timedelta(days=10)] * 4)]
    invoices = pd.DataFrame(
        {
            "invoice_id": list("abcde"),
            "client_id": "C",
            "debtor_id": ["good", "good", "late", "late", "young"],
            "currency": "CNY",
            "amount": [100.0, 100.0, 5.0, 95.0, 10.0],
            "issued_on": issued,
            "due_on": [due, due, due, due, pd.Timestamp("2026-01-01")],
            "known_on": issued,
        }
    )
    paid = [due, due, due, due + pd.Timedelta(days=31)]
    payments = pd.DataFrame(
        {
            "payment_id": list("wxyz"),
            "invoice_id": list("abcd"),
            "paid_on": paid,
            "known_on": paid,
            "amount": [100.0, 100.0, 5.0, 95.0],
        }
    )
    book = book_of({"invoices": invoices, "payments": payments})
    told = outcome.late_outcomes(book, ["debtor_id"], [date(2024, 3, 31)], date(2024, 7, 15))
    told = told.set_index("debtor_id")["outcome"]
    assert told["good"] == 0.0
    assert told["late"] == 1.0
    assert np.isnan(told["young"])


def test_a_part_of_the_book_has_each_table_and_only_its_debtors_invoices(book):
    part = part_of_book(book, 5)
    again = part_of_book(book, 5)
    assert part.frame("invoices").equals(again.frame("invoices"))
    assert 0 < len(part.frame("invoices")) < len(book.frame("invoices"))
    invoices = set(part.frame("invoices")["invoice_id"])
    for table in ("payments", "credit_notes", "disputes", "advances"):
        rows = part.frame(table)
        assert len(rows)
        assert set(rows["invoice_id"]) <= invoices
    assert set(part.frame("repayments")["advance_id"]) <= set(part.frame("advances")["advance_id"])


def last_payment_ever(t):
    """Invoices with their last payment: a fact of later rows, smuggled in by a group."""
    last = t["payments"].group_by("invoice_id").agg(final_on=lambda p: p.paid_on.max())
    return INVOICES.rows(t).join(last, "invoice_id", how="left").drop("invoice_id_right")


def leaky() -> Feature:
    smuggled = Stream("smuggled", ("payments",), last_payment_ever)
    return Feature(
        "paid_late_ever", "A test's", "count", RAISES, total, (Flow(smuggled, lambda r: r.final_on > r.due_on),)
    )


def sound() -> Feature:
    return Feature("invoices_ever", "A test's", "count", LOWERS, total, (Flow(INVOICES, lambda r: 1),))


def test_a_leak_is_a_breach_and_what_moved_its_values_is_shown():
    book = book_of(random_frames(5, n=60)).as_of(date(2025, 11, 30))
    review = FeatureReview(book, date(2025, 11, 30), catalogue=(leaky(), sound()))
    check = found(review, "features.leak.moved")
    assert (check.value, check.verdict) == (1, Verdict.BREACH)
    assert check.detail["features"] == ["debtor_paid_late_ever"]
    assert review.features.set_index("feature").at["debtor_paid_late_ever", "faults"][0] == "leak"
    evidence = review.proof.evidence
    assert set(evidence["table"]) == {"payments"}
    assert (evidence["before"] != evidence["after"]).all()


def test_a_sound_catalogue_is_proved_and_what_it_was_proved_on_is_said():
    book = book_of(random_frames(5))
    proof = leak.prove((sound(),), book, "debtor", [date(2024, 12, 31)], debtors=3)
    assert proof.moved == ()
    assert proof.size["invoices"] == len(proof.part.frame("invoices")) < len(book.frame("invoices"))


def test_a_book_of_invoices_alone_says_what_is_switched_off_and_what_cannot_be_told(tables):
    some = (*of_part(CATALOGUE, "Concentration"), *of_part(CATALOGUE, "Disputes"))
    review = FeatureReview(book_of({"invoices": tables["invoices"]}).as_of(AS_OF), AS_OF, catalogue=some)
    off = found(review, "features.catalogue.switched_off")
    assert 0 < off.value < 1
    assert "no rows in table disputes" in off.detail["reasons"]
    assert found(review, "features.power.bad").reason == "the book has no payments, so nothing is known of who paid"
    assert found(review, "features.leak.moved").verdict is Verdict.WITHIN


def test_a_book_that_gives_no_feature_is_reviewed_all_the_same(tables):
    review = FeatureReview(book_of({"invoices": tables["invoices"]}).as_of(AS_OF), AS_OF, part="Payment behaviour")
    assert review.columns == []
    assert {c.verdict for c in review.checks if c.name != "features.catalogue.switched_off"} == {Verdict.NOT_RUN}


def test_a_young_book_has_no_drift_to_tell(tables):
    young = tables["invoices"][tables["invoices"]["issued_on"] >= "2026-05-01"]
    review = FeatureReview(book_of({"invoices": young}).as_of(AS_OF), AS_OF, part="Concentration")
    assert review.unjudged("months") == "the book knows 2 month ends, fewer than 4"
    assert review.measures[["psi", "fall"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"key": "bank"}, "key: found 'bank', expected one of debtor, client, pair"),
        ({"months": 1}, "months: found 1, expected 4 to 120"),
        ({"part": "nothing"}, "part: found 'nothing', expected one of Payment behaviour, "),
        ({"outcome": "ruin"}, "outcome: found 'ruin', expected one of default, late"),
    ],
)
def test_a_senseless_request_is_one_line(book, asked, said):
    with pytest.raises(Misuse, match=said):
        FeatureReview(book, AS_OF, **asked)


def test_every_feature_of_a_key_is_of_a_part_of_the_catalogue():
    assert {e.name for e in CATALOGUE} <= set(part_of())
