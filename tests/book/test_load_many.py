"""Several sources make one book: the same table from several is their union, and a refusal names the one."""

import pandas as pd
import pytest

from riskmodels.book.load import load
from riskmodels.book.mapping import parse_mapping
from riskmodels.book.open import open_book
from riskmodels.core.errors import DataRefused, Misuse

MAPPING = """
    [tables.invoices]
    [tables.invoices.columns]
    invoice_id = "invoice_id"
    client_id = "client_id"
    debtor_id = "debtor_id"
    currency = "currency"
    amount = "amount"
    issued_on = "issued_on"
    due_on = "due_on"
"""


@pytest.fixture
def halves(tmp_path, invoices, payments):
    """Two folders with a part of the invoices each, and the payments as a file of its own."""
    for name, part in (("a", invoices.head(1)), ("b", invoices.tail(2))):
        (tmp_path / name).mkdir()
        part.to_csv(tmp_path / name / "invoices.csv", index=False)
    payments.to_parquet(tmp_path / "payments.parquet")
    return [tmp_path / "a", tmp_path / "b" / "invoices.csv", tmp_path / "payments.parquet"]


def test_folders_and_files_of_several_kinds_make_the_book_of_all(halves, ledger, tmp_path):
    loaded = load(halves, tmp_path / "many.duckdb")
    load(ledger(), tmp_path / "one.duckdb")
    assert loaded.rows == {"invoices": 3, "payments": 3}
    assert open_book(tmp_path / "many.duckdb").fingerprint == open_book(tmp_path / "one.duckdb").fingerprint


def test_the_order_of_the_sources_does_not_matter(halves, tmp_path):
    load(halves, tmp_path / "a.duckdb")
    load(halves[::-1], tmp_path / "b.duckdb")
    assert open_book(tmp_path / "a.duckdb").fingerprint == open_book(tmp_path / "b.duckdb").fingerprint


def test_a_refusal_names_the_file_that_is_to_blame(halves, tmp_path, invoices, spoil):
    spoil(invoices, 2, amount="lots").tail(2).to_csv(halves[1], index=False)
    with pytest.raises(DataRefused, match=r"b/invoices.csv: invoices row 3: amount: found 'lots'"):
        load(halves, tmp_path / "book.duckdb")


def test_a_file_that_cannot_be_read_is_named_among_many(halves, tmp_path):
    halves[1].write_text(halves[1].read_text() + "i9,c1\n")
    with pytest.raises(DataRefused, match=r"b/invoices.csv: line 4: found 2 cells, expected 7"):
        load(halves, tmp_path / "book.duckdb")


def test_a_key_in_two_files_says_where_it_was_first(halves, tmp_path, invoices):
    invoices.to_csv(halves[1], index=False)
    first = r"b/invoices.csv: invoices row 2: invoice_id: found 'i1 again, first in row 2', "
    said = first + "expected a key that is used once; that row is of .*/a"
    with pytest.raises(DataRefused, match=said):
        load(halves, tmp_path / "book.duckdb")


def test_rows_of_several_files_are_set_aside_as_they_came(halves, tmp_path, invoices, spoil):
    spoil(invoices, 2, amount="lots", note="x").tail(2).to_csv(halves[1], index=False)
    loaded = load(halves, tmp_path / "book.duckdb", set_aside=tmp_path / "aside.csv")
    assert (loaded.rows, loaded.set_aside) == ({"invoices": 2, "payments": 3}, {"invoices": 1})
    aside = pd.read_csv(tmp_path / "aside.csv", dtype=str)
    assert aside[["table_name", "row", "amount", "note"]].to_numpy().tolist() == [["invoices", "3", "lots", "x"]]


def test_a_mapping_that_names_no_source_reads_every_file(tmp_path, invoices):
    for name, part in (("jan", invoices.head(1)), ("feb", invoices.tail(2))):
        part.to_csv(tmp_path / f"{name}.csv", index=False)
    loaded = load([tmp_path / "jan.csv", tmp_path / "feb.csv"], tmp_path / "b.duckdb", parse_mapping(MAPPING, "m"))
    assert loaded.rows == {"invoices": 3}


def test_a_mapping_finds_the_table_it_names_in_any_of_the_sources(halves, tmp_path):
    named = MAPPING.replace("[tables.invoices]\n", '[tables.invoices]\n    from = "invoices"\n')
    loaded = load(halves, tmp_path / "b.duckdb", parse_mapping(named, "m"))
    assert loaded.rows == {"invoices": 3}
    assert loaded.ignored == (f"{halves[2]}: payments",)
    nowhere = named.replace('from = "invoices"', 'from = "bills"')
    with pytest.raises(DataRefused, match="no sheet, file or table 'bills'; found invoices, payments"):
        load(halves, tmp_path / "b.duckdb", parse_mapping(nowhere, "m"))


def test_a_column_that_one_file_lacks_is_empty_there(halves, tmp_path, invoices):
    invoices.tail(2).assign(number="n").to_csv(halves[1], index=False)
    load(halves, tmp_path / "b.duckdb")
    assert open_book(tmp_path / "b.duckdb").frame("invoices")["number"].isna().tolist() == [True, False, False]


def test_a_source_without_a_table_of_ours_is_refused_not_skipped(halves, tmp_path, payments):
    payments.to_csv(tmp_path / "payment.csv", index=False)
    with pytest.raises(DataRefused, match=r"payment.csv: no table invoices; found payment; for other names"):
        load([*halves, tmp_path / "payment.csv"], tmp_path / "b.duckdb")


def test_a_file_beside_ours_that_is_not_read_is_told(ledger, tmp_path, payments):
    folder = ledger()
    payments.to_csv(folder / "payment.csv", index=False)
    assert load(folder, tmp_path / "b.duckdb").ignored == (f"{folder}: payment",)


def test_no_source_and_a_source_given_twice_are_misuse(halves, tmp_path):
    with pytest.raises(Misuse, match="found no source"):
        load([], tmp_path / "b.duckdb")
    with pytest.raises(Misuse, match=r"a: found twice, expected each source once"):
        load([halves[0], *halves], tmp_path / "b.duckdb")


def test_rows_that_do_not_say_so_were_known_no_sooner_than_they_arrived(tmp_path, ledger, invoices):
    from datetime import date

    stated = invoices.assign(known_on=["2025-01-10", "", ""])
    load(ledger(stated, None), tmp_path / "b.duckdb", known_on=date(2025, 1, 25))
    known = open_book(tmp_path / "b.duckdb").frame("invoices")["known_on"]
    assert [str(day.date()) for day in known] == ["2025-01-10", "2025-01-25", "2025-02-01"]


def test_a_long_load_tells_how_far_it_is(ledger, tmp_path):
    told = []
    load(ledger(), tmp_path / "b.duckdb", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_file_of_a_folder_that_holds_no_table_of_ours_is_not_read(ledger, tmp_path):
    folder = ledger()
    (folder / "notes.csv").write_bytes(b"\xff\xfe no table at all")
    loaded = load(folder, tmp_path / "book.duckdb")
    assert loaded.rows["invoices"] == 3
    assert loaded.ignored == (f"{folder}: notes",)


def test_what_a_book_says_of_itself_is_no_forgotten_table(ledger, tmp_path):
    load(ledger(), tmp_path / "book.duckdb")
    assert load(tmp_path / "book.duckdb", tmp_path / "again.duckdb").ignored == ()
