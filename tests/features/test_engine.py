"""What a build hands over: which rows, in which order, the same bits however it was computed."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from feature_books import book_of, month_ends, random_frames

from riskmodels.book.book import Book
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.features import CATALOGUE, Feature, Flow, available, build
from riskmodels.features.facts import INVOICES
from riskmodels.features.feature import NEITHER
from riskmodels.features.formulas import money, total
from riskmodels.features.local import Local
from riskmodels.features.plan import version

DAY = date(2025, 3, 31)


def same_bits(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    """Whether two frames agree in every row and every bit."""
    numbers = one.select_dtypes("number").columns
    bits = (f[numbers].to_numpy().view(np.int64) for f in (one, two))
    return one.drop(columns=numbers).equals(two.drop(columns=numbers)) and np.array_equal(*bits)


def test_rows_are_the_keys_known_by_each_date_sorted_by_key_and_date(book):
    frame = build(book, "pair", month_ends())
    ids = ["client_id", "debtor_id", "as_of"]
    pd.testing.assert_frame_equal(frame[ids], frame[ids].sort_values(ids, ignore_index=True))
    known = book.as_of(month_ends()[5]).frame("invoices")[["client_id", "debtor_id"]].drop_duplicates()
    assert len(frame[frame["as_of"] == pd.Timestamp(month_ends()[5])]) == len(known)


def test_a_party_without_invoices_has_a_row_of_zeros_and_blanks(book):
    row = build(book, "debtor", DAY).set_index("debtor_id").loc["D9"]
    assert row["debtor_invoice_count_ever"] == row["debtor_balance_now"] == row["debtor_partner_count_365d"] == 0
    assert row[["debtor_late_share_365d", "debtor_last_days_late_now", "debtor_concentration_365d"]].isna().all()


def test_a_party_is_no_row_before_it_is_known(book):
    assert "D9" not in set(build(book, "debtor", date(2024, 2, 9))["debtor_id"])


def test_ids_are_text_dates_are_dates_and_features_are_floats(book):
    frame = build(book, "debtor", DAY)
    assert frame["debtor_id"].dtype == "str"
    assert frame["as_of"].dtype == "datetime64[us]"
    assert set(frame.dtypes.iloc[2:]) == {np.dtype("float64")}


@pytest.mark.parametrize("key", ["debtor", "client", "pair", "invoice"])
def test_partitions_and_threads_do_not_change_a_bit(book, key):
    dates = None if key == "invoice" else month_ends()
    whole = build(book, key, dates)
    for engine in (Local(threads=1, partition=10), Local(threads=4, partition=37)):
        assert same_bits(whole, build(book, key, dates, engine=engine))


@pytest.mark.parametrize("key", ["debtor", "invoice"])
def test_the_order_of_rows_does_not_change_a_bit(book, key):
    dates = None if key == "invoice" else month_ends()
    shuffled = {n: f.sample(frac=1, random_state=4) for n, f in random_frames(1).items()}
    assert same_bits(build(book, key, dates), build(book_of(shuffled), key, dates))


def _large(seed: int) -> Book:
    """A million invoices with payments, the same rows in an order of its own."""
    sql = f"""
        SELECT 'I' || i AS invoice_id, 'C' || (hash(i, 1) % 300) AS client_id,
            'D' || (hash(i, 2) % 2000) AS debtor_id,
            'CNY' AS currency, (hash(i, 3) % 100000000 + 1)::DECIMAL(18, 2) / 100 AS amount,
            DATE '2023-01-01' + (hash(i, 4) % 1000)::INTEGER AS issued_on, issued_on + 60 AS due_on
        FROM range(1000000) t(i) ORDER BY hash(i, {seed})"""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        con.execute(f"CREATE TABLE given AS {sql}")
        con.execute(
            f"""CREATE TABLE paid AS SELECT 'P' || invoice_id AS payment_id, invoice_id, amount,
            due_on + (hash(invoice_id) % 60)::INTEGER - 20 AS paid_on FROM given ORDER BY hash(payment_id, {seed})"""
        )
        return {"invoices": "given", "payments": "paid"}

    return Book("large", attach)


EVERY_KIND = (
    "invoiced_365d",
    "late_share_365d",
    "weighted_days_late_365d",
    "worst_days_late_365d",
    "concentration_365d",
    "top_partner_share_365d",
    "balance_now",
    "past_due_share_now",
    "last_invoice_now",
    "days_since_payment_now",
    "relation_age_now",
)


def test_a_million_shuffled_rows_give_the_same_bits():
    chosen = tuple(f for f in CATALOGUE if f.name in EVERY_KIND)
    dates = [date(2024, 6, 30), date(2025, 6, 30)]
    one = build(_large(11), "client", dates, chosen)
    two = build(_large(12), "client", dates, chosen, engine=Local(threads=1, partition=150_000))
    assert one.shape[0] == 600
    assert same_bits(one, two)


def test_a_file_holds_the_frame_with_units_and_lineage(book, tmp_path):
    frame = build(book, "debtor", month_ends())
    path = build(book, "debtor", month_ends(), out=tmp_path / "f.parquet", engine=Local(partition=20))
    table = pq.read_table(path)
    assert same_bits(frame, table.to_pandas().astype({"as_of": "datetime64[us]"}))
    told = pq.read_metadata(path).metadata
    assert told[b"riskmodels.book"].decode() == book.fingerprint
    assert told[b"riskmodels.catalogue"].decode() == version(CATALOGUE)
    assert table.schema.field("debtor_late_share_365d").metadata[b"unit"] == b"share"
    assert [p.name for p in tmp_path.iterdir()] == ["f.parquet"]


def test_a_file_of_invoices_holds_the_frame(book, tmp_path):
    path = build(book, "invoice", out=tmp_path / "f.parquet")
    assert pq.read_table(path).num_rows == len(build(book, "invoice"))


def test_progress_is_told_of_every_stream_and_partition(book):
    told = []
    build(book, "debtor", DAY, progress=lambda done, total: told.append((done, total)), engine=Local(partition=50))
    assert len(told) > 1
    done, totals = zip(*told)
    assert list(done) == sorted(set(done))
    assert set(totals) == {done[-1]}


def test_a_book_is_left_as_it_was_found(book):
    before = book.sql("SELECT table_name FROM information_schema.tables")
    limit = book.sql("SELECT current_setting('memory_limit')")
    build(book, "debtor", DAY)
    assert book.sql("SELECT table_name FROM information_schema.tables").equals(before)
    assert book.sql("SELECT current_setting('memory_limit')").equals(limit)


def test_a_feature_whose_tables_are_absent_is_switched_off_with_a_reason():
    frames = random_frames(1)
    bare = book_of({"invoices": frames["invoices"], "payments": frames["payments"].drop(columns="payer")})
    frame = build(bare, "debtor", DAY)
    assert frame.attrs["switched_off"]["dilution_365d"] == "no rows in table credit_notes"
    assert frame.attrs["switched_off"]["paid_by_others_share_365d"] == "no values in payments.payer"
    assert "debtor_dilution_365d" not in frame
    assert "debtor_late_share_365d" in frame
    listed = available(CATALOGUE, bare).set_index("feature")
    assert not listed.loc["open_dispute_count_now", "available"]
    assert listed.loc["late_share_365d", "available"]


def test_a_book_of_invoices_alone_still_has_its_rhythm():
    frame = build(book_of({"invoices": random_frames(1)["invoices"]}), "invoice")
    assert {"debtor_invoice_count_ever", "client_concentration_365d", "invoice_terms"} <= set(frame)
    assert "debtor_balance_now" not in frame


def test_amounts_of_other_currencies_are_left_out_and_counted(mixed_book):
    frame = build(mixed_book, "debtor", DAY)
    invoices = mixed_book.frame("invoices")
    assert frame.attrs["left_out_invoices"] == (invoices["currency"] != "CNY").sum()
    seen = invoices[invoices["known_on"] <= pd.Timestamp(DAY)]
    assert frame["debtor_invoice_count_ever"].sum() == len(seen)
    assert frame["debtor_mean_invoice_ever"].max() <= seen.loc[seen["currency"] == "CNY", "amount"].max()


def test_a_date_before_all_data_is_refused(book):
    with pytest.raises(DataRefused, match="as of 2019-12-31 is before all data"):
        build(book, "debtor", date(2019, 12, 31))


def test_a_date_after_the_books_own_cut_is_refused(book):
    with pytest.raises(Misuse, match="found 2025-03-31, expected no later than the book's own cut 2024-12-31"):
        build(book.as_of(date(2024, 12, 31)), "debtor", DAY)


def test_an_unknown_key_is_refused(book):
    with pytest.raises(Misuse, match=r"key: found .supplier., expected one of debtor, client, pair, chain, ind"):
        build(book, "supplier", DAY)


def test_dates_for_invoices_are_refused(book):
    with pytest.raises(Misuse, match="each is seen the day before its issue"):
        build(book, "invoice", DAY)


def test_sums_beyond_whole_floats_are_refused():
    frames = random_frames(1)
    frames["invoices"]["amount"] = 9e13
    with pytest.raises(DataRefused, match=r"sum to 2\^53 minor units or more"):
        build(book_of({"invoices": frames["invoices"]}), "debtor", DAY)


def test_a_feature_declared_in_a_notebook_builds_like_the_catalogues_own(book):
    large = Flow(INVOICES, lambda r: r.amount, where=lambda r: r.amount > 50_000, window=365)
    mine = Feature("large_invoiced_365d", "Amount of large invoices", "money", NEITHER, money, (large,))
    frame = build(book, "client", DAY, (mine,))
    rows = book.frame("invoices")
    age = (pd.Timestamp(DAY) - rows["known_on"]).dt.days
    wanted = rows[(age >= 0) & (age < 365) & (rows["amount"] > 50_000)].groupby("client_id")["amount"].sum()
    found = frame.set_index("client_id")["client_large_invoiced_365d"]
    pd.testing.assert_series_equal(found[found > 0], wanted, check_names=False)


def test_a_value_that_is_no_whole_number_is_refused(book):
    bad = Feature("x_ever", "x", "number", NEITHER, total, (Flow(INVOICES, lambda r: r.amount.cast("float64")),))
    with pytest.raises(Misuse, match="found a value of type float64, expected whole numbers or money"):
        build(book, "debtor", DAY, (bad,))


def test_the_catalogue_reads_arrow_and_frames_alike(book):
    tables = {n: pa.Table.from_pandas(f, preserve_index=False) for n, f in random_frames(1).items()}
    assert same_bits(build(book, "client", DAY), build(book_of(tables), "client", DAY))
