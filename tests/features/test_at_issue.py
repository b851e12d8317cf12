"""An invoice at its issue is seen at the close of the day before: what it brings, and what it is compared with."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from brute_papers import merged, of_issue
from brute_subjects import Loops
from brute_view import ContractView
from contract_books import contract_book
from feature_books import book_of

from riskmodels.features import build
from riskmodels.features.catalogue.ageing import AGEING
from riskmodels.features.catalogue.amounts import AMOUNTS
from riskmodels.features.catalogue.chains import CHAINS
from riskmodels.features.catalogue.funds import FUNDS_USED
from riskmodels.features.catalogue.issue import ISSUE
from riskmodels.features.catalogue.limits import LIMITS
from riskmodels.features.catalogue.rhythm import RHYTHM
from riskmodels.features.facts import INVOICES
from riskmodels.features.feature import RAISES, Compared, Feature, Linked, Own
from riskmodels.features.formulas import total
from riskmodels.features.measures import Flow

READ = {c.split("_", 1)[1] for e in ISSUE if isinstance(e, Compared) for c in e.columns}
LENT = tuple(e for e in CHAINS if isinstance(e, Linked))
ENTRIES = (*(e for e in (*LIMITS, *FUNDS_USED, *AMOUNTS, *RHYTHM, *AGEING) if e.name in READ), *LENT, *ISSUE)
SIDES = {"pair": ("client_id", "debtor_id"), "client": ("client_id",), "debtor": ("debtor_id",)}
DAY = date(2024, 6, 3)


@pytest.fixture(scope="module")
def book():
    return contract_book(4)


@pytest.fixture(scope="module")
def frame(book):
    return build(book, "invoice", catalogue=ENTRIES)


def test_what_an_invoice_brings_and_is_compared_with_equals_loops_over_the_day_before(book, frame):
    invoices = {i.invoice_id: i for i in ContractView(book, book.last_day, book.currency).invoices.values()}
    views = {}
    rows = frame[frame["as_of"] >= pd.Timestamp(book.first_day)].iloc[::5]
    for row in rows.to_dict("records"):
        day = row["as_of"].date()
        loops = views[day] = views.get(day) or Loops(ContractView(book, day, book.currency), LENT)
        i = invoices[row["invoice_id"]]
        assert i.issued_on == day + timedelta(days=1)
        its = [loops.features(s, {c: getattr(i, c) for c in ids}) for s, ids in SIDES.items()]
        wanted = merged(of_issue(loops.view, i, *its)) | loops.lends(loops.view.chain_of(i, day))
        for name, value in wanted.items():
            np.testing.assert_array_equal(row[f"invoice_{name}"], float(value), err_msg=f"{i.invoice_id} {name}")
    own = {e.name for e in ENTRIES if isinstance(e, Own | Compared | Linked)}
    assert own == set(wanted)
    assert len(rows) > 20


def test_a_file_of_invoices_at_their_issue_equals_the_frame(book, frame, tmp_path):
    path = build(book, "invoice", catalogue=ENTRIES, out=tmp_path / "invoices.parquet")
    told = pd.read_parquet(path)
    pd.testing.assert_frame_equal(told.astype(frame.dtypes), frame, check_exact=True)


def two_chains(known_on: date) -> dict[str, float]:
    """At issue, what is lent to the one invoice of a debtor that moved from one chain to another as was `known_on`."""

    def invoice(name: str, debtor: str, issued: date) -> dict[str, object]:
        cells = {"client_id": "C", "debtor_id": debtor, "currency": "CNY", "amount": 100.0, "due_on": issued}
        return {"invoice_id": name, **cells, "issued_on": issued, "known_on": issued}

    def party(name: str, anchor: str | None, industry: str, known: date) -> dict[str, object]:
        cells = {"valid_from": known, "roles": "debtor", "anchor_id": anchor, "industry": industry}
        return {"party_id": name, **cells, "known_on": known}

    early = date(2024, 1, 1)
    invoices = [invoice("I1", "one", early), invoice("I2", "one", early), invoice("I3", "two", early)]
    members = [party("member one", "one", "steel", early), party("member two", "two", "textiles", early)]
    moves = [party("D", "one", "steel", early), party("D", "two", "textiles", known_on)]
    tables = {"invoices": [*invoices, invoice("I", "D", DAY)], "parties": [*members, *moves]}
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    for found in frames.values():
        for name in [c for c in found if c.endswith(("_on", "_from"))]:
            found[name] = found[name].astype("datetime64[us]")
    count = Feature(
        "count_ever", "Number", "count", RAISES, total, (Flow(INVOICES, lambda r: 1),), ("chain", "industry")
    )
    lent = tuple(Linked(of, count, ("invoice",)) for of in ("chain", "industry"))
    return dict(build(book_of(frames), "invoice", catalogue=lent).set_index("invoice_id").loc["I"])


def test_a_chain_is_that_known_the_day_before_the_issue_and_no_later():
    assert two_chains(DAY + timedelta(days=9))["invoice_chain_count_ever"] == 2
    assert two_chains(DAY)["invoice_chain_count_ever"] == 2
    assert two_chains(DAY - timedelta(days=1))["invoice_chain_count_ever"] == 1
