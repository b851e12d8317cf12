"""Every feature of contracts, papers, amounts and chains equals loops over a cut book, and sees no future."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from brute_subjects import Loops
from brute_view import ContractView
from contract_books import contract_book
from feature_books import book_of

from riskmodels.features import assert_no_leak, build
from riskmodels.features.catalogue.amounts import AMOUNTS
from riskmodels.features.catalogue.chains import CHAINS
from riskmodels.features.catalogue.delivery import DELIVERY
from riskmodels.features.catalogue.funds import FUNDS_USED
from riskmodels.features.catalogue.limits import LIMITS
from riskmodels.features.catalogue.papers import PAPERS
from riskmodels.features.catalogue.security import SECURITY
from riskmodels.features.feature import Linked

ENTRIES = (*LIMITS, *FUNDS_USED, *SECURITY, *PAPERS, *DELIVERY, *AMOUNTS, *CHAINS)
LENT = tuple(e for e in ENTRIES if isinstance(e, Linked))
IDS = {"debtor": ["debtor_id"], "client": ["client_id"], "pair": ["client_id", "debtor_id"], "chain": ["anchor_id"]}
DATES = [date(2024, 3, 1), date(2024, 9, 17), date(2025, 6, 1)]


@pytest.fixture(scope="module")
def book():
    return contract_book(1)


@pytest.fixture(scope="module")
def loops(book):
    return {np.datetime64(d): Loops(ContractView(book, d, book.currency), LENT) for d in DATES}


@pytest.mark.parametrize("subject", IDS)
def test_every_feature_of_a_contract_or_paper_equals_loops_over_the_cut_book(book, loops, subject):
    frame = build(book, subject, DATES, ENTRIES)
    wanted = [
        loops[day.to_numpy()].features(subject, dict(zip(IDS[subject], ids)))
        for day, *ids in zip(frame["as_of"], *(frame[c] for c in IDS[subject]))
    ]
    assert len(frame) > 4
    for name in frame.columns.difference([*IDS[subject], "as_of"], sort=False):
        values = np.array([w[name.removeprefix(f"{subject}_")] for w in wanted], float)
        np.testing.assert_array_equal(frame[name].to_numpy(), values, err_msg=name)


def test_a_feature_of_a_contract_or_paper_cannot_see_the_future():
    assert_no_leak(ENTRIES, contract_book(3, invoices=60), date(2025, 1, 15))


def one(entries, frames, key, day):
    """The features of a book's only row as of a day, without the key's name before theirs."""
    found = build(book_of(frames), key, day, tuple(e for e in ENTRIES if e.name in entries))
    return [found[f"{key}_{name}"].item() for name in entries]


def frame(**cells):
    """A table of one row, dates as the book has them."""
    row = {"invoice_id": "I", "client_id": "C", "debtor_id": "D", "currency": "CNY", "amount": 100.0} | cells
    return pd.DataFrame([row]).map(lambda x: pd.Timestamp(x) if isinstance(x, date) else x)


MAY = date(2024, 5, 1)
SOLD = frame(issued_on=MAY, due_on=date(2024, 8, 1), known_on=MAY, confirmed_on=date(2024, 5, 4))


def test_a_contract_is_in_force_through_its_last_day():
    last = date(2024, 7, 31)
    cells = {"facility_id": "F", "valid_from": MAY, "limit": 500.0, "closes_on": last, "known_on": MAY}
    frames = {"invoices": SOLD, "facilities": frame(**cells)}
    names = ("limit_now", "contract_count_now", "days_to_contract_end_now")
    assert one(names, frames, "client", last) == [500, 1, 0]
    assert one(names, frames, "client", last + timedelta(days=1)) == [0, 0, -1]


def test_an_invoice_counts_among_the_confirmed_or_not_once_its_thirty_days_are_over():
    never = frame(invoice_id="J", issued_on=date(2024, 5, 2), due_on=date(2024, 8, 1), known_on=date(2024, 5, 2))
    frames = {"invoices": pd.concat([SOLD, never])}
    shares = [
        one(("confirmed_share_90d",), frames, "client", date(2024, *day))[0] for day in ((5, 30), (5, 31), (6, 1))
    ]
    np.testing.assert_array_equal(shares, [np.nan, 1, 0.5])


def test_a_repayment_known_before_its_advance_counts_with_it():
    advance = frame(advance_id="A", advanced_on=MAY, due_on=date(2024, 6, 1), known_on=date(2024, 5, 20))
    repaid = frame(repayment_id="R", advance_id="A", paid_on=MAY, principal=30.0, known_on=date(2024, 5, 10))
    frames = {"invoices": SOLD, "advances": advance, "repayments": repaid}
    names = ("funds_in_use_now", "overdue_funds_now")
    used = [one(names, frames, "pair", date(2024, *day)) for day in ((5, 19), (5, 20), (6, 1), (6, 2))]
    assert used == [[0, 0], [70, 0], [70, 0], [70, 70]]


def test_a_party_leaves_its_chain_when_it_names_none():
    versions = [{"anchor_id": "D", "valid_from": MAY}, {"anchor_id": None, "valid_from": date(2024, 6, 1)}]
    parties = pd.concat([frame(party_id="C", **v, known_on=v["valid_from"]) for v in versions])
    frames = {"invoices": SOLD, "parties": parties}
    for day, members, since in ((date(2024, 5, 31), 1, 30), (date(2024, 6, 1), 0, np.nan)):
        assert one(("member_count_now",), frames, "chain", day) == [members]
        np.testing.assert_array_equal(one(("days_in_chain_now",), frames, "client", day), [since])
