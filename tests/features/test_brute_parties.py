"""What is known of parties and their surroundings equals loops over a book cut at the date, to the last bit."""

from datetime import date, timedelta

import brute_parties
import numpy as np
import pandas as pd
import pytest
from brute_parties import Known
from feature_books import book_of
from hypothesis import given, settings
from hypothesis import strategies as st
from party_books import dated, party_frames

from riskmodels.book.schema.parties import EVENT_KINDS
from riskmodels.features import build
from riskmodels.features.catalogue.bank import BANK
from riskmodels.features.catalogue.core_enterprise import CORE_ENTERPRISE
from riskmodels.features.catalogue.events import EVENT
from riskmodels.features.catalogue.financial import FINANCIAL
from riskmodels.features.catalogue.industry import INDUSTRY_AND_MARKET
from riskmodels.features.catalogue.soft import SOFT
from riskmodels.features.feature import Linked, column, subjects_of

CATALOGUE = (*FINANCIAL, *BANK, *EVENT, *SOFT, *INDUSTRY_AND_MARKET, *CORE_ENTERPRISE)
DATES = [date(2024, 3, 31), date(2024, 12, 31), date(2025, 8, 7), date(2026, 6, 30)]
IDS = {"debtor": "debtor_id", "client": "client_id", "chain": "anchor_id", "industry": "industry"}


@pytest.fixture(scope="module")
def book():
    return book_of(party_frames(1), currency="CNY")


@pytest.fixture(scope="module")
def known(book):
    return {pd.Timestamp(d): Known(book, d, "CNY") for d in DATES}


@pytest.fixture(scope="module")
def frames(book):
    return {subject: build(book, subject, DATES, CATALOGUE) for subject in IDS}


def own(subject):
    return [e for e in CATALOGUE if not isinstance(e, Linked) and subject in subjects_of(e)]


def assert_same(frame, wanted, entries, subject):
    for entry in entries:
        name = column(entry, subject)
        values = np.array([w[entry.name] for w in wanted], float)
        np.testing.assert_array_equal(frame[name].to_numpy(), values, err_msg=name)


@pytest.mark.parametrize("subject", ["debtor", "client", "chain"])
def test_features_of_parties_equal_loops_over_the_cut_book(frames, known, subject):
    frame = frames[subject]
    keys = zip(frame[IDS[subject]], frame["as_of"])
    wanted = [brute_parties.of_party(known[day], party, subject) for party, day in keys]
    assert_same(frame, wanted, own(subject), subject)


def test_features_of_industries_equal_loops_over_the_cut_book(frames, known):
    frame = frames["industry"]
    wanted = [brute_parties.of_industry(known[r.as_of], r.industry) for r in frame.itertuples()]
    assert len(frame) >= 8
    assert_same(frame, wanted, own("industry"), "industry")


def test_the_random_book_says_something_of_every_feature(frames):
    for subject in ("debtor", "client", "industry"):
        assert [c for e in own(subject) if frames[subject][c := column(e, subject)].nunique() < 2] == []


def test_an_industry_and_a_core_enterprise_are_shown_beside_those_who_belong_to_them(frames, known):
    lent = [e for e in CATALOGUE if isinstance(e, Linked)]
    parts = {"industry": brute_parties.of_industry, "chain": lambda k, c: brute_parties.of_party(k, c, "chain")}
    for row in frames["debtor"].itertuples():
        k = known[row.as_of]
        its = {of: parts[of](k, name) if (name := k.belongs(row.debtor_id, of)) else {} for of in parts}
        wanted = [its[e.of].get(e.feature.name, np.nan) for e in lent]
        np.testing.assert_array_equal([getattr(row, column(e, "debtor")) for e in lent], wanted)


def test_an_invoice_shows_the_industry_its_debtor_was_in_on_the_day_before_its_issue(book):
    lent = tuple(e for e in INDUSTRY_AND_MARKET if isinstance(e, Linked))
    frame = build(book, "invoice", catalogue=lent).set_index("invoice_id")
    issued = book.frame("invoices").query("issued_on > '2024-06-01'").iloc[::25]
    for invoice in issued.itertuples():
        day = invoice.issued_on.date() - timedelta(days=1)
        known = Known(book, day, "CNY")
        name = known.industry(invoice.debtor_id, day)
        its = brute_parties.of_industry(known, name) if name else {}
        wanted = [its.get(e.feature.name, np.nan) for e in lent]
        np.testing.assert_array_equal(frame.loc[invoice.invoice_id, [column(e, "invoice") for e in lent]], wanted)


def flows(inflows):
    """Bank flows of one client from January 2023 on: inflow, outflow and the day known."""
    ends = pd.date_range("2023-01-31", periods=len(inflows), freq="ME")
    late = pd.to_timedelta([days for _, _, days in inflows], unit="D")
    cells = {"inflow": [i / 100 for i, _, _ in inflows], "outflow": [o / 100 for _, o, _ in inflows]}
    return dated(pd.DataFrame({"party_id": "C0", "month": ends, "currency": "CNY", **cells, "known_on": ends + late}))


def happened(events):
    """Events of one client: days after 2023, kind, severity and how late it was read."""
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta([d for d, _, _, _ in events], unit="D")
    late = pd.to_timedelta([late for *_, late in events], unit="D")
    cells = {"kind": [k for _, k, _, _ in events], "severity": [s for _, _, s, _ in events]}
    ids = [f"E{i}" for i in range(len(events))]
    return dated(
        pd.DataFrame({"event_id": ids, "party_id": "C0", **cells, "occurred_on": days, "known_on": days + late})
    )


AMOUNT = st.integers(0, 10**12)
MONTHS = st.lists(st.tuples(AMOUNT, AMOUNT, st.sampled_from([0, 10, 100, 400])), min_size=1, max_size=20)
THINGS = st.lists(
    st.tuples(st.integers(0, 900), st.sampled_from(EVENT_KINDS), st.integers(1, 5), st.sampled_from([0, 5, 200])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(MONTHS, THINGS, st.integers(0, 1200))
def test_whatever_a_bank_or_a_court_tells_is_counted_exactly(months, events, after):
    invoices = party_frames(1)["invoices"].head(2).assign(client_id="C0", known_on=pd.Timestamp("2022-12-31"))
    told = book_of({"invoices": invoices, "bank_flows": flows(months), "party_events": happened(events)})
    day = date(2023, 1, 1) + timedelta(days=after)
    frame = build(told, "client", day, (*BANK, *EVENT))
    known = Known(told, day, told.currency)
    wanted = [brute_parties.of_party(known, "C0", "client")]
    on = [e for e in (*BANK, *EVENT) if column(e, "client") in frame]
    assert len(on) > 30
    assert_same(frame, wanted, on, "client")
