"""Every kind of planted defect trips the check made for it, and a clean book trips none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from riskmodels.book.book import Book
from riskmodels.book.quality import check_book
from riskmodels.core.checks import CheckResult, Verdict
from tests.features.feature_books import book_of
from tests.recovery.clean_book import LAST, Tables, clean
from tests.recovery.kinds import KINDS

BEYOND = (Verdict.WATCH, Verdict.BREACH)
NAMED = list(enumerate(KINDS))
SEEDS = range(3)
Checked = Callable[[int, Tables], dict[str, CheckResult]]


def beyond(checks: list[CheckResult]) -> dict[str, CheckResult]:
    return {c.name: c for c in checks if c.verdict in BEYOND}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The checks beyond a line of a spoilt book, by the seed of the clean one, whose tables lie ready in a file."""
    files = {seed: written(seed, tmp_path_factory.mktemp("clean") / f"{seed}.duckdb") for seed in SEEDS}

    def check(seed: int, tables: Tables) -> dict[str, CheckResult]:
        def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
            con.execute(f"ATTACH '{files[seed]}' AS clean (READ_ONLY)")
            spoilt = {name: frame for name, frame in tables.items() if frame is not clean(seed)[name]}
            for name, frame in spoilt.items():
                fill(con, f"spoilt_{name}", frame)
            return {name: f"spoilt_{name}" if name in spoilt else f"clean.{name}" for name in tables}

        return beyond(check_book(Book("test", attach)))

    return check


def written(seed: int, path: Path) -> Path:
    with duckdb.connect(str(path)) as con:
        for name, frame in clean(seed).items():
            fill(con, name, frame)
    return path


def fill(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    con.register("rows_given", frame)
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM rows_given")
    con.unregister("rows_given")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_book_trips_no_check_whole_or_cut(seed):
    book = book_of(clean(seed))
    assert beyond(check_book(book)) == {}
    assert beyond(check_book(book.as_of(LAST))) == {}


def test_every_check_runs_on_the_clean_book():
    idle = [c.name for c in check_book(book_of(clean(0)).as_of(LAST)) if c.verdict is Verdict.NOT_RUN]
    # all invoices are in one currency
    assert idle == ["book.codes.without_rate"]


@pytest.mark.parametrize(("place", "name"), NAMED, ids=list(KINDS))
def test_the_slightest_defect_trips_its_check_and_no_other(checked, place, name):
    kind, seed = KINDS[name], place % len(SEEDS)
    found = checked(seed, kind.spoil(clean(seed), np.random.default_rng(place), kind.strengths[0]))
    assert kind.check in found
    assert set(found) <= {kind.check, *kind.also}


def test_strong_defects_of_all_kinds_at_once_are_all_seen(checked):
    # jumps in one series hide one another, and what removes months removes defects planted before
    kinds = [k for k in KINDS.values() if not k.check.startswith(("book.shifts.", "book.timeliness.months"))]
    tables, rng = clean(1), np.random.default_rng(20)
    for kind in kinds:
        tables = kind.spoil(tables, rng, kind.strengths[-1])
    assert {kind.check for kind in kinds} <= set(checked(1, tables))


@pytest.mark.parametrize("days", [20, 60])
def test_a_book_that_fell_silent_trips_its_check_alone(days):
    cut = LAST.fromordinal(LAST.toordinal() + days)
    assert set(beyond(check_book(book_of(clean(1)).as_of(cut)))) == {"book.timeliness.days_silent"}


def test_a_check_names_the_rows_it_found(checked):
    kind = KINDS["payment of an unknown invoice"]
    spoilt = kind.spoil(clean(0), np.random.default_rng(1), 3)
    found = checked(0, spoilt)[kind.check]
    hanging = spoilt["payments"].loc[spoilt["payments"]["invoice_id"] == "nobody", "payment_id"]
    label = "payments.invoice_id -> invoices"
    assert found.detail["parts"] == {label: 3}
    assert sorted(found.detail["examples"][label]) == [f"{p} / nobody" for p in sorted(hanging)]


def test_all_groups_of_defects_are_planted():
    planted = {k.check for k in KINDS.values()} | {"book.timeliness.days_silent"}
    every = {c.name for c in check_book(book_of(clean(0)))}
    assert every == planted
    assert len(KINDS) >= 25
