"""Features on Spark are those of the local engine, bit for bit; what is refused there is refused in the same words."""

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from feature_books import book_of, month_ends, random_frames

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.features import CATALOGUE, Flow, build
from riskmodels.features import spark as engine
from riskmodels.features.facts import INVOICES
from riskmodels.features.feature import NEITHER, Compared, Feature, Linked, Own
from riskmodels.features.formulas import total
from riskmodels.features.spark.fingerprint import fingerprint
from riskmodels.features.spark.views import viewed

sys.path.insert(0, str(Path(__file__).parent.parent / "contracts"))

from schema_books import schema_book

DAYS = [date(2024, 9, 30), date(2025, 3, 31), date(2026, 1, 31)]


def given(spark, book):
    """A book's tables as Spark frames of the schema's types."""
    names, con = list(book.tables), book.connection
    con.execute("SELECT 1").fetchall()  # a book's own last answer may not be read to its end
    return {t: spark.createDataFrame(con.sql(f"SELECT * FROM {t}").to_arrow_table()) for t in names}


def local(frame):
    """A Spark frame of features as the local engine would have given it."""
    found = frame.toArrow().to_pandas()
    ids = [c for c in found if found[c].dtype.kind != "f"]
    found["as_of"] = pd.to_datetime(found["as_of"]).astype("datetime64[us]")
    return found.sort_values(ids, ignore_index=True)


def assert_same_bits(found, expected):
    """Refuse frames that differ in a row, a column or a bit."""
    assert list(found) == list(expected)
    ids = [c for c in expected if expected[c].dtype.kind != "f"]
    assert found[ids].to_numpy().tolist() == expected[ids].to_numpy().tolist()
    for name in expected.columns.difference(ids, sort=False):
        bits, others = (f[name].to_numpy().view("i8") for f in (found, expected))
        np.testing.assert_array_equal(bits, others, err_msg=name)


@pytest.fixture(scope="module", autouse=True)
def planned_at_once(spark):
    """Queries planned once rather than after each of their many stages: these tables are tiny."""
    before = spark.conf.get("spark.sql.adaptive.enabled")
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    yield
    spark.conf.set("spark.sql.adaptive.enabled", before)


@pytest.fixture(scope="module")
def full():
    """A random book of every table."""
    return schema_book(1)


@pytest.fixture(scope="module")
def ledgers():
    """A random book of five tables, in three currencies."""
    return book_of(random_frames(2, currencies=("CNY", "USD", "EUR")), name="book")


@pytest.fixture(scope="module")
def some():
    """Features of the ledger alone, and one of each other kind that invoices have."""
    streams = {"invoices", "ledger", "settlements"}
    few = [e for e in CATALOGUE if isinstance(e, Feature) and {m.facts.name for m in e.measures} <= streams][::6]
    return (*few, *(next(e for e in CATALOGUE if isinstance(e, kind)) for kind in (Own, Compared)))


def half(which):
    """Half of the streams of facts: the catalogue without the features of the other half."""
    names = sorted({m.facts.name for e in CATALOGUE if isinstance(e, Feature) for m in e.measures})[which::2]
    features = [e for e in CATALOGUE if isinstance(e, Feature)]
    return tuple(e for e in features if {m.facts.name for m in e.measures} & set(names))


@pytest.mark.parametrize(("key", "which"), [("debtor", 0), ("client", 1)])
def test_every_stream_of_facts_gives_the_bits_of_the_local_engine(spark, full, key, which):
    expected = build(full, key, DAYS, half(which))
    found = engine.build(spark, given(spark, full), key, DAYS, half(which))
    assert_same_bits(local(found), expected)
    assert engine.lineage(found)["switched_off"] == expected.attrs["switched_off"]


@pytest.mark.parametrize("key", ["pair", "chain", "industry", "invoice"])
def test_every_key_gives_the_bits_of_the_local_engine(spark, full, some, key):
    days = None if key == "invoice" else DAYS
    found = engine.build(spark, given(spark, full), key, days, some, partitions=3)
    assert_same_bits(local(found), build(full, key, days, some))


@pytest.mark.parametrize("key", ["debtor", "invoice"])
def test_absent_tables_and_other_currencies_are_told_as_locally(spark, ledgers, some, key):
    days = None if key == "invoice" else month_ends(3)
    catalogue = (*some, *(e for e in CATALOGUE if isinstance(e, Feature) and e.measures[0].facts.tables == ("kyc",)))
    expected = build(ledgers, key, days, catalogue)
    found = engine.build(spark, given(spark, ledgers), key, days, catalogue, partitions=5)
    assert_same_bits(local(found), expected)
    told = engine.lineage(found)
    assert {name: told[name] for name in expected.attrs} == expected.attrs


def test_what_a_chain_or_industry_lends_is_lent_on_spark_too(spark, full):
    measure, of = Flow(INVOICES, lambda r: 1, window=90), ("chain", "industry")
    count = Feature("count_90d", "Invoices", "count", NEITHER, total, (measure,), of)
    catalogue = tuple(Linked(each, count, ("client", "invoice")) for each in of)
    for key, days in (("client", DAYS), ("invoice", None)):
        found = engine.build(spark, given(spark, full), key, days, catalogue)
        assert_same_bits(local(found), build(full, key, days, catalogue))


def test_tables_may_be_names_or_paths_and_amounts_doubles(spark, some, tmp_path):
    frames = random_frames(4)
    book, tables = book_of(frames), {}
    for name, frame in frames.items():
        path = tmp_path / f"{name}.parquet"
        cells = {
            c: pa.array(frame[c].dt.date if frame[c].dtype.kind == "M" else frame[c], from_pandas=True) for c in frame
        }
        pq.write_table(pa.table(cells), path)
        tables[name] = str(path)
    spark.read.parquet(tables["invoices"]).createOrReplaceTempView("given_invoices")
    found = engine.build(spark, tables | {"invoices": "given_invoices"}, "debtor", DAYS[0], some)
    assert_same_bits(local(found), build(book, "debtor", DAYS[0], some))
    spark.catalog.dropTempView("given_invoices")


def test_cents_of_a_double_are_rounded_as_locally(spark, some):
    frames = random_frames(5, n=40)
    frames["invoices"]["amount"] = np.resize([1.005, 2.675, 0.285, 1.115, 10.075, 4.35], 40)
    tables = {"invoices": spark.createDataFrame(pa.Table.from_pandas(frames["invoices"], preserve_index=False))}
    expected = build(book_of({"invoices": frames["invoices"]}), "invoice", None, some)
    assert_same_bits(local(engine.build(spark, tables, "invoice", None, some)), expected)


def test_what_was_written_tells_how_it_came_about(spark, ledgers, some, tmp_path):
    out = engine.write(spark, given(spark, ledgers), "pair", str(tmp_path / "out"), DAYS[0], some)
    again = spark.read.parquet(out)
    expected = build(ledgers, "pair", DAYS[0], some)
    assert_same_bits(local(again), expected)
    told = engine.lineage(again)
    assert told["book"] == ledgers.fingerprint
    assert told["key"] == "pair"
    feature = next(e for e in some if isinstance(e, Feature) and "pair" in e.subjects)
    assert again.schema[f"pair_{feature.name}"].metadata == {"unit": feature.unit, "meaning": feature.meaning}


def test_the_fingerprint_is_that_of_the_book_in_a_file_whatever_its_types(spark, full):
    with viewed(spark, given(spark, full)) as book:
        assert fingerprint(book) == full.fingerprint


def test_nothing_is_left_in_the_session(spark, ledgers, some):
    before = spark.sql("SHOW TABLES").collect()
    settings = dict(spark.conf.getAll)
    local(engine.build(spark, given(spark, ledgers), "client", DAYS[0], some))
    with pytest.raises(DataRefused):
        engine.build(spark, given(spark, ledgers), "client", date(1999, 1, 1), some)
    assert spark.sql("SHOW TABLES").collect() == before
    assert dict(spark.conf.getAll) == settings


def test_a_sum_that_is_not_exact_is_refused_in_one_line(spark, tmp_path):
    frames = random_frames(1, n=40)
    frames["invoices"]["amount"] = 5e15
    feature = Feature("amount_ever", "Amount", "number", NEITHER, total, (Flow(INVOICES, lambda r: r.amount),))
    tables = {"invoices": spark.createDataFrame(pa.Table.from_pandas(frames["invoices"], preserve_index=False))}
    with pytest.raises(DataRefused, match=r"^features: found a key whose amounts sum to 2\^53 minor units or more"):
        engine.write(spark, tables, "client", str(tmp_path / "out"), DAYS[2], (feature,))


REFUSED = {
    "key: found 'clients'": ({}, "clients", DAYS),
    "as_of: found dates for key invoice": ({}, "invoice", DAYS),
    "as_of: found none": ({}, "debtor", None),
    "book: as of 2020-01-01 is before all data": ({}, "debtor", date(2020, 1, 1)),
    "book: no chain to build features of: no values in parties.anchor_id": ({}, "chain", DAYS),
    "tables: found bills, expected some of parties": ({"bills": "SELECT 1 AS x"}, "debtor", DAYS),
    "payments: missing columns payment_id, invoice_id": (
        {"payments": "SELECT DATE '2024-01-01' AS paid_on"},
        "debtor",
        DAYS,
    ),
    "parties.valid_from: found string, expected DATE": (
        {"parties": "SELECT 'D1' AS party_id, '2024-01-01' AS valid_from, DATE '2024-01-01' AS known_on"},
        "debtor",
        DAYS,
    ),
}


@pytest.mark.parametrize("line", REFUSED)
def test_a_request_or_tables_that_will_not_do_are_refused_in_one_line(spark, ledgers, some, line):
    tables, key, days = REFUSED[line]
    every = {"invoices": given(spark, ledgers)["invoices"], **{n: spark.sql(q) for n, q in tables.items()}}
    with pytest.raises((Misuse, DataRefused)) as refused:
        engine.build(spark, every, key, days, some)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


def test_a_book_without_invoices_is_refused(spark):
    with pytest.raises(DataRefused, match="book: no table invoices; found no table of a book"):
        engine.build(spark, {}, "debtor", DAYS)


def test_without_pyspark_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(Misuse, match=r"pip install 'riskmodels\[spark\]', and Java 17"):
        engine.build(None, {}, "debtor", DAYS)


def test_what_is_no_session_is_refused():
    with pytest.raises(Misuse, match="session: found a str, expected a SparkSession"):
        engine.build("local[2]", {}, "debtor", DAYS)
