"""Where a source is: paths stay paths, addresses are understood or refused, and no word of a password is repeated."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from riskmodels.book.open import open_book
from riskmodels.book.sources import located, name_of, place_of, stem_of
from riskmodels.book.sources.address import PostgresAddress, SparkAddress
from riskmodels.core.errors import Misuse

SECRET = "hunter2"


@pytest.mark.parametrize(
    "path", ["ledger.csv", "/a/b.duckdb", "C:/ledger/x.csv", "a:b.csv", "folder with spaces", "spark", "postgres.csv"]
)
def test_a_path_stays_a_path(path):
    assert located(path) == located(Path(path)) == Path(path)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "postgresql://ann@db.example:5433/ledger",
            PostgresAddress("ledger", host="db.example", port=5433, user="ann"),
        ),
        ("postgres://db/ledger?schema=sales", PostgresAddress("ledger", "sales", "db")),
        ("POSTGRESQL:///ledger", PostgresAddress("ledger")),
        ("postgresql://[::1]/l", PostgresAddress("l", host="::1")),
        ("postgresql://h/%E8%B4%A6?schema=we%22ird%20%E5%BA%93", PostgresAddress("账", 'we"ird 库', "h")),
        ("spark:ledger", SparkAddress("ledger")),
        ("Spark:lake.ledger", SparkAddress("lake.ledger")),
    ],
)
def test_an_address_is_understood(text, place):
    assert located(text) == place
    assert located(str(place)) in (place, PostgresAddress(**{**vars(place), "user": None}))


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://ann:{SECRET}@h/ledger",
        f"postgresql://:{SECRET}@h/ledger",
        f"postgresql://ann%3A{SECRET}@h/ledger",
        f"postgresql://ann:12{SECRET}/x@h/ledger",
        f"postgresql://ann:12/{SECRET}@h/ledger",
        f"postgresql://ann:1?{SECRET}@h/ledger",
        f"postgresql://ann:1#{SECRET}@h/ledger",
        f"postgresql://ann@h/ledger?password={SECRET}",
        f"postgresql://ann@h/ledger?schema=a&sslpassword={SECRET}",
        f"postgresql://ann@h/ledger?{SECRET}",
        f"postgresql://ann@h/ledger?schema=a&schema={SECRET}",
        f"postgresql:/ann:{SECRET}@h/ledger",
        f"postgresql://ann@[{SECRET}/ledger",
        f"postgresql://ann@h:{SECRET}/ledger",
        f"postgresql://ann@h/ledger/{SECRET}",
        f"postgresql://ann@h/?schema={SECRET}",
        f"mysql://ann:{SECRET}@h/ledger",
        f"https://ann:{SECRET}@h/ledger.csv",
        f"jdbc:postgresql://h/ledger?user=ann&password={SECRET}",
        f"postgresql:ann:{SECRET}@h/ledger",
        f"host=h user=ann password={SECRET} dbname=ledger",
        f"Host=h;Username=ann;Password = {SECRET}",
        f"\thost=h\npasswd={SECRET}",
    ],
)
def test_an_address_that_is_refused_is_not_repeated(address, caplog):
    with pytest.raises(Misuse, match="expected postgresql://user@host") as refused:
        open_book(address)
    told = str(refused.value)
    assert "\n" not in told
    seen = "".join(str(error) for error in _chain(refused.value)) + caplog.text
    assert SECRET not in told + seen
    # Source lines of a traceback hold the test's own words, so only what the errors say is looked at.
    assert SECRET not in "".join(traceback.format_exception_only(refused.value))


def test_a_password_in_an_address_is_told_where_to_go():
    with pytest.raises(Misuse, match=r"found a password .* the password in PGPASSWORD, ~/.pgpass"):
        located(f"postgresql://ann:{SECRET}@h/ledger")


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_an_empty_name_is_not_the_folder_one_stands_in(nothing):
    with pytest.raises(Misuse, match="found an empty name of a source"):
        located(nothing)


@pytest.mark.parametrize("address", ["spark:", "spark:a`b", "spark:/x"])
def test_an_address_without_a_plain_database_of_spark_is_misuse(address):
    with pytest.raises(Misuse, match="expected"):
        located(address)


def test_a_book_keeps_the_address_without_its_user():
    address = "postgresql://ann@db:5433/ledger?schema=sales"
    assert name_of(address) == place_of(address) == "postgresql://db:5433/ledger?schema=sales"
    assert stem_of(address) == "ledger"
    assert (name_of("/a/b.csv"), stem_of("/a/b.csv"), place_of("/a/b.csv")) == ("b.csv", "b", "/a/b.csv")


@pytest.mark.parametrize(
    ("address", "module", "extra"),
    [("postgresql://h/ledger", "psycopg", "postgres"), ("spark:ledger", "pyspark", "spark")],
)
def test_an_absent_extra_is_named(address, module, extra, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(Misuse, match=rf"pip install 'riskmodels\[{extra}\]'"):
        open_book(address)


def _chain(error: BaseException | None) -> list[BaseException]:
    """The error, what it came from, and what was being handled when it was raised."""
    return [] if error is None else [error, *_chain(error.__cause__), *_chain(error.__context__)]
