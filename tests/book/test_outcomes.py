"""Outcomes look forward from a date and say how long they must wait."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.load import load
from riskmodels.book.mapping import read_mapping
from riskmodels.book.open import open_book
from riskmodels.book.outcomes import Default, default_outcomes, default_population, invoice_outcomes


@pytest.fixture
def book(ledger, tmp_path, invoices):
    """The ledger, and one late invoice of somebody else by which it goes on to the end of 2026."""
    later = ["i9", "c9", "d9", "CNY", "1.00", "2026-12-31", "2027-03-31"]
    load(ledger(pd.concat([invoices, pd.DataFrame([later], columns=invoices.columns)])), tmp_path / "b.duckdb")
    return open_book(tmp_path / "b.duckdb")


@pytest.fixture(scope="module")
def ibm(real_data, tmp_path_factory):
    out = tmp_path_factory.mktemp("ibm") / "ibm.duckdb"
    load(real_data("ibm_late_payment", "invoices.csv"), out, read_mapping("ibm_late_payment"))
    return open_book(out)


def late(book, as_of, dpd=0):
    return invoice_outcomes(book, as_of, dpd).set_index("invoice_id")["late"]


def test_an_invoice_not_yet_due_is_censored_not_good(book):
    assert late(book, date(2025, 3, 1)).isna().all()


def test_an_invoice_still_open_past_its_due_date_is_late_before_it_is_paid(book):
    seen = late(book, date(2025, 4, 30))
    assert seen["i3"] == 1.0
    assert late(book, date(2025, 4, 30), dpd=30).isna()["i3"]


def test_a_part_payment_does_not_settle(book):
    frame = invoice_outcomes(book, date(2025, 7, 31)).set_index("invoice_id")
    assert str(frame.loc["i2", "settled_on"].date()) == "2025-06-30"
    assert frame.loc["i2", "days_late"] == 102
    assert not invoice_outcomes(book, date(2025, 6, 29)).set_index("invoice_id").loc["i2", "settled"]


def test_a_debtor_defaults_when_a_material_balance_passes_ninety_days(book):
    frame = default_outcomes(book, "debtor_id", [date(2025, 2, 28)], date(2026, 2, 28)).set_index("debtor_id")
    # d1 leaves i3 (due 2025-04-01) unpaid; d2 owes 50.50 of i2 (due 2025-03-20) on day 91 and pays it later
    assert str(frame.loc["d1", "defaulted_on"].date()) == "2025-07-01"
    assert str(frame.loc["d2", "defaulted_on"].date()) == "2025-06-19"
    assert frame["defaulted"].tolist() == [1.0, 1.0]


def test_a_small_balance_is_not_a_default(book):
    rule = Default(least=60)
    frame = default_outcomes(book, "debtor_id", [date(2025, 2, 28)], date(2026, 2, 28), rule).set_index("debtor_id")
    assert frame["defaulted"].to_dict() == {"d1": 1.0, "d2": 0.0}


def test_a_window_that_is_not_over_is_censored(book):
    frame = default_outcomes(book, "debtor_id", [date(2025, 2, 28)], date(2026, 2, 27))
    assert frame["defaulted"].isna().all()


def test_an_obligor_in_default_at_the_origin_is_left_out(book):
    frame = default_outcomes(book, "debtor_id", [date(2025, 7, 1)], date(2026, 12, 31))
    assert frame.empty


# Late 35.56 %, more than 30 days late 0.32 %, 621 invoices issued on or after 2013-06-05: the data's own page of facts.
def test_the_late_payment_file_has_its_published_rates(ibm):
    frame = invoice_outcomes(ibm, date(2014, 1, 10))
    assert round(frame["late"].mean(), 4) == 0.3556
    assert round((frame["days_late"] > 30).mean(), 4) == 0.0032
    assert (frame["issued_on"] >= "2013-06-05").sum() == 621


def test_before_the_end_the_young_invoices_of_the_file_are_censored(ibm):
    frame = invoice_outcomes(ibm, date(2013, 12, 2))
    young = frame["late"].isna()
    assert young.sum() == 114
    assert young.tolist() == (frame["due_on"] >= "2013-12-02").tolist()


def test_an_early_payer_counts_only_when_the_late_could_be_seen(book):
    # i1 (due 2025-03-05) is open; whoever paid before its due date would be seen as good too early
    assert late(book, date(2025, 3, 5)).isna()["i1"]
    assert late(book, date(2025, 3, 10))["i1"] == 1.0


def ledger_book(tmp_path, invoices, payments):
    folder = tmp_path / "made"
    folder.mkdir()
    head = "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on\n"
    (folder / "invoices.csv").write_text(head + "\n".join(invoices) + "\n")
    head = "payment_id,invoice_id,paid_on,amount,reverses\n"
    (folder / "payments.csv").write_text(head + "\n".join(payments) + "\n")
    return open_book(folder)


def test_a_bounced_payment_does_not_settle_and_the_real_one_does(tmp_path):
    made = ledger_book(
        tmp_path,
        ["a,c,d,EUR,100,2025-01-01,2025-01-31"],
        ["p,a,2025-01-30,100,", "q,a,2025-02-03,-100,p", "r,a,2025-06-30,100,"],
    )
    row = invoice_outcomes(made, date(2025, 6, 30)).iloc[0]
    assert (str(row["settled_on"].date()), row["days_late"], row["late"]) == ("2025-06-30", 150, 1.0)


def test_a_bounced_payment_opens_a_default_again(tmp_path):
    made = ledger_book(
        tmp_path,
        ["a,c,d,EUR,1000,2025-01-01,2025-01-10", "b,c,d,EUR,1,2026-06-01,2026-07-01"],
        ["p,a,2025-04-01,1000,", "q,a,2025-05-01,-1000,p"],
    )
    found = default_outcomes(made, "debtor_id", [date(2025, 1, 5)], date(2026, 6, 1)).iloc[0]
    assert (str(found["defaulted_on"].date()), found["defaulted"]) == ("2025-05-01", 1.0)


def test_an_old_small_balance_is_a_default_once_it_is_all_that_is_owed(tmp_path):
    made = ledger_book(
        tmp_path,
        [
            "a,c,d,EUR,50,2024-12-01,2025-01-10",
            "b,c,d,EUR,20000,2025-01-01,2025-08-31",
            "z,c,e,EUR,1,2026-06-01,2026-07-01",
        ],
        ["p,b,2025-08-01,20000,"],
    )
    found = default_outcomes(made, "debtor_id", [date(2025, 1, 5)], date(2026, 6, 1)).iloc[0]
    assert (str(found["defaulted_on"].date()), found["defaulted"]) == ("2025-08-01", 1.0)


def test_a_ledger_that_ends_makes_no_outcomes_beyond_its_end(ledger, tmp_path):
    # the last row is of 2025-06-30: what is not paid by 2027 may have been paid in a ledger nobody sent
    load(ledger(), tmp_path / "b.duckdb")
    ended = open_book(tmp_path / "b.duckdb")
    assert late(ended, date(2027, 12, 31))["i3"] == 1.0
    assert late(ended, date(2027, 12, 31), dpd=90).isna()["i3"]
    assert default_outcomes(ended, "debtor_id", [date(2025, 2, 28)], date(2027, 12, 31))["defaulted"].isna().all()


@pytest.mark.parametrize("key", ["debtor_id", "client_id"])
def test_whom_a_sample_of_defaults_leaves_out_is_counted_by_reason(book, key):
    origins = [date(2025, 1, 31), date(2025, 4, 30), date(2025, 6, 30), date(2026, 6, 30)]
    counts = default_population(book, key, origins)
    parts = counts[["other_currency", "owing_nothing", "in_default", "performing"]]
    assert (counts["known"] == parts.sum(axis=1)).all()
    rows = default_outcomes(book, key, origins, date(2026, 12, 31)).groupby("origin").size()
    assert counts.set_index("origin")["performing"].to_dict() == rows.reindex(counts["origin"], fill_value=0).to_dict()
    assert (counts[["owing_nothing", "in_default"]].sum() > 0).all()
