"""Appending adds what is new, skips what is there, fills what was revealed since, and never rewrites."""

import shutil
from datetime import date

import duckdb
import pandas as pd
import pytest

from riskmodels.book.load import load
from riskmodels.book.mapping import parse_mapping
from riskmodels.book.open import open_book
from riskmodels.core.errors import DataRefused, Misuse


@pytest.fixture
def book(ledger, tmp_path):
    """A book of three invoices and three payments."""
    load(ledger(), tmp_path / "book.duckdb")
    return tmp_path / "book.duckdb"


@pytest.fixture
def append(book, tmp_path):
    """Appends frames by table name to the book."""

    def adds(mapping=None, **given):
        folder = tmp_path / "delivery"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        options = {k: given.pop(k) for k in ("set_aside", "known_on") if k in given}
        for name, frame in given.items():
            frame.to_csv(folder / f"{name}.csv", index=False)
        return load(folder, book, mapping, append=True, **options)

    return adds


def test_the_same_input_twice_is_the_same_book(ledger, tmp_path):
    load(ledger(), tmp_path / "a.duckdb")
    load(ledger(), tmp_path / "b.duckdb")
    assert open_book(tmp_path / "a.duckdb").fingerprint == open_book(tmp_path / "b.duckdb").fingerprint


def test_what_the_book_has_already_leaves_its_bytes_alone(book, append, invoices, payments):
    before = book.read_bytes()
    loaded = append(invoices=invoices.sample(frac=1, random_state=1), payments=payments)
    assert (loaded.added, loaded.skipped) == ({"invoices": 0, "payments": 0}, {"invoices": 3, "payments": 3})
    assert not loaded.changed
    assert book.read_bytes() == before


def test_two_deliveries_make_the_book_of_both(ledger, tmp_path, invoices, payments):
    whole = tmp_path / "whole.duckdb"
    load(ledger(), whole)
    parts = tmp_path / "parts.duckdb"
    load(ledger(invoices.head(1), payments.head(1)), parts)
    loaded = load(ledger(), parts, append=True)
    assert loaded.added == {"invoices": 2, "payments": 2}
    assert open_book(parts).fingerprint == open_book(whole).fingerprint


def test_facts_may_hang_on_invoices_the_book_has(append, book, payments):
    more = payments.assign(payment_id=["q1", "q2", "q3"])
    assert append(payments=more).added == {"payments": 3}
    assert len(open_book(book).frame("invoices")) == 3
    with pytest.raises(DataRefused, match="found 'i9', expected an invoice of this book"):
        append(payments=more.assign(invoice_id="i9"))


def test_cells_revealed_since_complete_the_row_together_with_their_date(append, book, invoices):
    confirmed = invoices.assign(confirmed_on=["2025-02-10", "", ""], confirmed_amount=["99.00", "", ""])
    loaded = append(invoices=confirmed)
    assert (loaded.completed, loaded.skipped, loaded.added) == ({"invoices": 1}, {"invoices": 2}, {"invoices": 0})
    frame = open_book(book).frame("invoices")
    assert frame["confirmed_amount"].fillna(0).tolist() == [99.0, 0, 0]
    assert open_book(book).as_of(date(2025, 2, 9)).frame("invoices")["confirmed_amount"].isna().all()
    assert append(invoices=confirmed).skipped == {"invoices": 3}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"amount": "101"}, r"invoices row 2: amount: found '101.00', expected '100.00' as the book has it"),
        ({"due_on": "2025-03-06"}, r"due_on: found '2025-03-06', expected '2025-03-05' as the book has it"),
        ({"number": "n9"}, r"number: found 'n9', expected nothing as the book has it"),
        ({"confirmed_amount": "99"}, r"confirmed_amount: found '99.00', expected nothing as the book has it"),
        ({"known_on": "2025-01-06"}, r"known_on: found '2025-01-06', expected '2025-01-05' as the book has it"),
    ],
)
def test_a_row_that_contradicts_the_book_is_refused_with_both_values(append, book, invoices, spoil, cells, said):
    before = book.read_bytes()
    with pytest.raises(DataRefused, match=said):
        append(invoices=spoil(invoices, 0, **cells))
    assert book.read_bytes() == before


def test_a_cell_revealed_once_is_not_revealed_again(append, book, invoices):
    append(invoices=invoices.assign(confirmed_on="2025-02-10"))
    with pytest.raises(DataRefused, match=r"confirmed_amount: found '99.00', expected nothing as the book has it"):
        append(invoices=invoices.assign(confirmed_on="2025-02-10", confirmed_amount="99.00"))
    with pytest.raises(DataRefused, match="confirmed_on: found 'nothing', expected '2025-02-10'"):
        append(invoices=invoices.assign(confirmed_on=""))


def test_a_delivery_without_a_column_says_nothing_of_it(append, book, invoices):
    append(invoices=invoices.assign(confirmed_on="2025-02-10", confirmed_amount="99.00"))
    assert append(invoices=invoices).skipped == {"invoices": 3}
    assert open_book(book).frame("invoices")["confirmed_amount"].tolist() == [99.0] * 3


def test_contradictions_are_set_aside_and_the_others_come_in(append, book, tmp_path, invoices, spoil):
    given = pd.concat([spoil(invoices, 0, amount="101"), invoices.tail(1).assign(invoice_id="i4")])
    loaded = append(invoices=given, set_aside=tmp_path / "aside.csv")
    assert (loaded.set_aside, loaded.added, loaded.skipped) == ({"invoices": 1}, {"invoices": 1}, {"invoices": 2})
    assert "found 101.00, expected '100.00' as the book has it" in (tmp_path / "aside.csv").read_text()
    assert open_book(book).frame("invoices")["amount"].tolist() == [100.0, 250.5, 80.0, 80.0]


def test_versions_are_further_rows(ledger, append, book):
    party = pd.DataFrame({"party_id": ["c1"], "valid_from": ["2025-01-01"], "name": ["East"], "roles": ["client"]})
    assert append(parties=party).added == {"parties": 1}
    assert append(parties=party.assign(valid_from="2025-06-01", name="West")).added == {"parties": 1}
    assert open_book(book).frame("parties")["name"].tolist() == ["East", "West"]


def test_a_redelivered_row_was_known_when_it_first_came(append, book, invoices):
    later = invoices.tail(1).assign(invoice_id="i4")
    append(invoices=later, known_on=date(2025, 2, 20))
    loaded = append(invoices=pd.concat([later, later.assign(invoice_id="i5")]), known_on=date(2025, 3, 20))
    assert (loaded.added, loaded.skipped) == ({"invoices": 1}, {"invoices": 1})
    known = open_book(book).frame("invoices").set_index("invoice_id")["known_on"]
    assert [str(known[i].date()) for i in ("i4", "i5")] == ["2025-02-20", "2025-03-20"]


def test_late_facts_keep_the_day_they_say_they_were_known(append, book, payments):
    late = payments.head(1).assign(payment_id="q1", known_on="2025-04-01")
    append(payments=late, known_on=date(2025, 9, 1))
    known = open_book(book).frame("payments").set_index("payment_id")["known_on"]
    assert str(known["q1"].date()) == "2025-04-01"


def test_the_books_currency_stays_what_it_was(append, book, invoices):
    more = pd.concat([invoices.assign(invoice_id=[f"u{i}{n}" for n in range(3)], currency="USD") for i in range(3)])
    append(invoices=more)
    opened = open_book(book)
    assert (opened.currency, opened.currencies) == ("CNY", ["USD", "CNY"])


def test_a_party_taken_from_its_invoices_keeps_its_earliest(tmp_path, invoices):
    columns = "\n".join(f'{c} = "{c}"' for c in invoices.columns)
    parties = 'party_id = "debtor_id"\nvalid_from = "issued_on"\n'
    toml = f"[tables.invoices.columns]\n{columns}\n[tables.parties]\none_per_key = true\n[tables.parties.columns]\n"
    mapping = parse_mapping(toml + parties, "m")
    first, second, book = tmp_path / "1.csv", tmp_path / "2.csv", tmp_path / "b.duckdb"
    invoices.head(2).to_csv(first, index=False)
    invoices.tail(1).to_csv(second, index=False)
    load(first, book, mapping)
    loaded = load(second, book, mapping, append=True)
    assert (loaded.added, loaded.skipped) == ({"invoices": 1, "parties": 0}, {"invoices": 0, "parties": 1})
    load([first, second], tmp_path / "both.duckdb", mapping)
    assert open_book(book).fingerprint == open_book(tmp_path / "both.duckdb").fingerprint


def test_tables_that_are_not_ours_stay_in_the_book(append, book, payments):
    with duckdb.connect(str(book)) as con:
        con.execute("CREATE TABLE notes AS SELECT 'keep' AS text")
    append(payments=payments.assign(payment_id=["q1", "q2", "q3"]))
    with duckdb.connect(str(book), read_only=True) as con:
        assert con.execute("SELECT text FROM notes").fetchall() == [("keep",)]


def test_there_must_be_a_book_to_append_to_and_it_is_not_its_own_source(ledger, book, tmp_path):
    with pytest.raises(Misuse, match=r"--append: .*none.duckdb: no such book; expected one to append to"):
        load(ledger(), tmp_path / "none.duckdb", append=True)
    with pytest.raises(Misuse, match=r"--append: .*book.duckdb: found among the sources"):
        load(book, book, append=True)
    (tmp_path / "junk.duckdb").write_bytes(b"junk" * 5_000)
    with pytest.raises(DataRefused, match=r"junk.duckdb: cannot be read"):
        load(ledger(), tmp_path / "junk.duckdb", append=True)
    with duckdb.connect(str(tmp_path / "x.duckdb")) as con:
        con.execute("CREATE TABLE a (b INT)")
    with pytest.raises(DataRefused, match=r"x.duckdb: no table invoices; found a"):
        load(ledger(), tmp_path / "x.duckdb", append=True)


def test_an_append_that_dies_half_way_leaves_the_old_book(append, book, payments, monkeypatch):
    from riskmodels.book.load import run

    before = book.read_bytes()
    monkeypatch.setattr(run, "write_meta", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        append(payments=payments.assign(payment_id=["q1", "q2", "q3"]))
    assert book.read_bytes() == before
    assert not list(book.parent.glob(".book*"))
