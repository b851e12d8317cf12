"""What an overdue model's development measures: which invoices are told, which past days are tried, what is held."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.limits import packaged_limits
from riskmodels.validation.overdue_development.ageing import BUCKETS, AgeingEvidence
from riskmodels.validation.overdue_development.ageing import origins as months_apart
from riskmodels.validation.overdue_development.cash import CashEvidence, origins, telling
from riskmodels.validation.overdue_development.reasons import OpenReasons, picks, spaced

LIMITS = packaged_limits("riskmodels.validation.overdue_development")
LOOSE = {name: Limits.between((-1e9, 1e9)) for name in LIMITS}


def invoices(**told):
    """Six invoices not due yet, of six debtors, each as late as the others."""
    base = {"debtor_id": list("abcdef"), "currency": "CNY", "age_days": 10, "terms_days": 30}
    return pd.DataFrame({**base, "open_amount": 100.0, "days_late": [1.0, 2, 3, 4, 5, 6], **told})


def test_the_largest_amounts_times_days_are_told_first():
    assert picks(invoices(), "CNY").tolist() == [5, 4, 3, 2, 1]
    assert picks(invoices(open_amount=[1e6, 1, 1, 1, 1, 1]), "CNY", 2).tolist() == [0, 5]


def test_a_debtor_is_told_once_by_its_worst_invoice():
    assert picks(invoices(debtor_id=list("aabbbb")), "CNY").tolist() == [5, 1]


def test_what_is_past_due_early_or_of_another_currency_is_not_told():
    found = invoices(age_days=[10, 30, 31, 10, 10, 10], days_late=[-1.0, 2, 3, 4, 5, 6], currency=["CNY"] * 5 + ["USD"])
    assert picks(found, "CNY").tolist() == [4, 3, 1]


def test_spaced_places_reach_both_ends_and_no_place_twice():
    assert spaced(3, 10).tolist() == [0, 1, 2]
    assert spaced(0, 10).tolist() == []
    found = spaced(1_001, 11)
    assert found.tolist() == list(range(0, 1_001, 100))


def test_drivers_are_weighed_by_size_and_their_sides_kept():
    spread = pd.DataFrame({"a": [4.0, -2.0], "b": [-1.0, -1.0], "base": [9.0, 9.0]})
    found = OpenReasons(pd.DataFrame(), 0, spread, spread).by_driver()
    assert found.to_dict("list") == {
        "driver": ["a", "b"],
        "days": [3.0, 1.0],
        "adds": [2.0, 0.0],
        "takes": [-1.0, -1.0],
        "share": [0.5, 0.0],
    }


def test_past_cash_forecasts_don_t_overlap_and_are_over():
    first, as_of = date(2024, 6, 30), date(2025, 6, 30)
    found = origins(first, as_of)
    assert found == [first + timedelta(days=91 * k) for k in range(4)]
    assert found[-1] + timedelta(days=91) <= as_of
    assert origins(date(2022, 6, 30), as_of)[-1] + timedelta(days=91) <= as_of
    assert len(origins(date(2022, 6, 30), as_of)) == 4
    assert origins(as_of, as_of) == origins(as_of, first) == []


def test_past_forecasts_of_buckets_have_a_year_before_and_are_over():
    until = date(2025, 6, 30)
    assert months_apart(until, 36) == [until - timedelta(days=180 * k) for k in (4, 3, 2, 1)]
    assert months_apart(until, 18) == [until - timedelta(days=180)]
    assert months_apart(until, 17) == months_apart(until, 3) == []


def cash(actual):
    """One forecast of 13 weeks of 100 each, bands 10, 20 and 30 to each side, beside what came."""
    begins = pd.Timestamp("2025-01-01")
    ends = [begins + pd.Timedelta(weeks=k) for k in range(1, 14)]
    weeks = pd.DataFrame({"origin": begins, "currency": "CNY", "span": "week", "ends_on": ends, "ahead": range(1, 14)})
    weeks = weeks.assign(expected=100.0, actual=np.asarray(actual, float))
    total = weeks.tail(1).assign(span="horizon", ahead=np.nan, expected=1300.0, actual=weeks["actual"].sum())
    frame = pd.concat([weeks, total], ignore_index=True)
    for band, width in ((50, 0.1), (80, 0.2), (95, 0.3)):
        frame = frame.assign(
            **{f"low_{band}": frame["expected"] * (1 - width), f"high_{band}": frame["expected"] * (1 + width)}
        )
    return frame


def test_errors_are_told_by_how_far_ahead_a_week_was():
    found = CashEvidence("CNY", cash([200] * 4 + [100] * 4 + [50] * 5), "", None, "", LIMITS).spans.set_index("span")
    assert found.index.tolist() == ["1-4", "5-8", "9-13", "week", "horizon"]
    assert found["n"].tolist() == [4, 4, 5, 13, 1]
    assert found["bias"].tolist() == pytest.approx([-0.5, 0.0, 1.0, 1300 / 1450 - 1, 1300 / 1450 - 1])
    assert found["held_95"].tolist() == pytest.approx([0, 1, 0, 4 / 13, 1])


def test_bands_that_hold_every_week_are_too_wide_and_said_to_be():
    eighty, ninety_five, bias = CashEvidence("CNY", cash([100] * 13), "", None, "", LIMITS).checks
    assert (eighty.value, eighty.verdict) == (1.0, Verdict.BREACH)
    assert ninety_five.verdict is bias.verdict is Verdict.WITHIN
    assert eighty.p_value < 0.05


def test_bands_that_hold_no_week_and_a_forecast_twice_too_high_are_breaches():
    found = CashEvidence("CNY", cash([50] * 13), "", None, "", LIMITS).checks
    assert [c.value for c in found] == pytest.approx([0.0, 0.0, 1.0])
    assert {c.verdict for c in found} == {Verdict.BREACH}


def test_weeks_that_were_to_bring_nothing_and_did_are_no_success():
    frame = cash([100] * 8 + [0] * 4 + [5])
    nothing = frame["ahead"].between(9, 13)
    frame.loc[nothing, ["expected", *(f"{side}_{band}" for side in ("low", "high") for band in (50, 80, 95))]] = 0.0
    assert telling(frame)["ahead"].dropna().tolist() == [*range(1, 9), 13]


def buckets(low, high):
    """Past forecasts of one month: what came is 100 in each bucket, 0 in the last, whose band is 0 to 0."""
    rows = {
        "bucket": range(BUCKETS + 2),
        "name": [*"abcdefg", "past due", "all open"],
        "month": 1,
        "expected": 100.0,
    }
    table = pd.DataFrame({**rows, "actual": 100.0, "low_80": low, "high_80": high, "low_95": low, "high_95": high})
    nothing = table["bucket"] == BUCKETS - 1
    table.loc[nothing, ["actual", "low_80", "high_80", "low_95", "high_95"]] = 0.0
    return AgeingEvidence(None, "", None, "", table, "", LIMITS)


def test_a_bucket_that_nothing_reaches_and_the_totals_don_t_count_as_held():
    found = buckets([90.0] * 3 + [110.0] * 6, 120.0).checks
    assert [c.n for c in found] == [BUCKETS - 1] * 2
    assert [c.value for c in found] == pytest.approx([0.5, 0.5])
    assert {c.verdict for c in found} == {Verdict.BREACH}
    assert {c.group for c in found} == {"ageing"}


def test_what_can_t_be_tried_is_not_run_with_its_reason():
    reasons = {"no_history": "none", "no_forecast": "none", "no_test": "too young"}
    found = AgeingEvidence(None, reasons["no_history"], None, "none", pd.DataFrame(), reasons["no_test"], LOOSE).checks
    found += CashEvidence("CNY", pd.DataFrame(), "too young", None, "none", LOOSE).checks
    assert {(c.verdict, c.reason) for c in found} == {(Verdict.NOT_RUN, "too young")}


def test_every_limit_has_a_check():
    made = [*buckets(90.0, 110.0).checks, *CashEvidence("CNY", cash([100] * 13), "", None, "", LIMITS).checks]
    assert {c.name for c in made} == {n for n in LIMITS if n.split(".")[1] in ("cash", "ageing")}
