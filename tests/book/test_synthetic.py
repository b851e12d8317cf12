"""The synthetic book keeps its contract and looks like a live factor's."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from riskmodels.book.schema import TABLES
from riskmodels.book.synthetic import Synthetic, synthesise, write
from riskmodels.core.errors import Misuse

LAST = date(2026, 6, 30)
SEED = 20
BALANCES = """
    SELECT i.*, round(i.amount - coalesce(p.paid, 0) - coalesce(k.noted, 0), 2) AS open,
           DATE '2026-06-30' - i.due_on::DATE AS dpd
    FROM invoices i
    LEFT JOIN (SELECT invoice_id, sum(amount) AS paid FROM payments GROUP BY 1) p USING (invoice_id)
    LEFT JOIN (SELECT invoice_id, sum(amount) AS noted FROM credit_notes GROUP BY 1) k USING (invoice_id)
"""


@pytest.fixture(scope="module")
def demo() -> Synthetic:
    return synthesise(60_000, SEED, LAST, 48)


@pytest.fixture(scope="module")
def sql(demo: Synthetic) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for name, frame in demo.tables.items():
        con.register(name, frame)
    con.execute(f"CREATE TABLE balances AS {BALANCES}")
    return con


def one(con: duckdb.DuckDBPyConnection, query: str) -> float:
    ((value,),) = con.execute(query).fetchall()
    return value


def test_every_table_of_the_schema_is_there_with_its_columns_in_order(demo: Synthetic):
    assert {n: tuple(f.columns) for n, f in demo.tables.items()} == {n: t.names for n, t in TABLES.items()}
    assert all(len(f) for f in demo.tables.values())


@pytest.mark.parametrize("name", TABLES)
def test_every_row_rule_of_the_schema_holds(sql: duckdb.DuckDBPyConnection, name: str):
    broken = {r.name: one(sql, f"SELECT count(*) FROM {name} WHERE NOT ({r.holds})") for r in TABLES[name].rules}
    assert broken == dict.fromkeys(broken, 0)


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_unique_and_required_cells_filled(demo: Synthetic, name: str):
    frame, table = demo.tables[name], TABLES[name]
    assert not frame.duplicated(list(table.key)).any()
    assert frame[list(table.required)].notna().all(axis=None)


@pytest.mark.parametrize("name", TABLES)
def test_cells_hold_allowed_words_only(demo: Synthetic, name: str):
    for column in TABLES[name].columns:
        if column.allowed:
            assert set(demo.tables[name][column.name].dropna()) <= set(column.allowed)


@pytest.mark.parametrize(
    ("name", "column", "target"),
    [(t.name, c.name, c.refers_to) for t in TABLES.values() for c in t.columns if c.refers_to],
)
def test_references_exist(demo: Synthetic, name: str, column: str, target: str):
    used = set(demo.tables[name][column].dropna())
    assert used
    assert used <= set(demo.tables[target][TABLES[target].key[0]])


@pytest.mark.parametrize("name", TABLES)
def test_nothing_was_known_after_the_last_day(demo: Synthetic, name: str):
    assert demo.tables[name]["known_on"].max() <= pd.Timestamp(LAST)
    for column in TABLES[name].columns:
        if column.revealed_by not in ("known_on", column.name):
            hidden = demo.tables[name][column.revealed_by].isna()
            assert demo.tables[name].loc[hidden, column.name].isna().all()


@pytest.mark.parametrize("name", ["payments", "credit_notes", "disputes", "advances"])
def test_a_fact_is_known_no_sooner_than_its_invoice(sql: duckdb.DuckDBPyConnection, name: str):
    early = f"SELECT count(*) FROM {name} f JOIN invoices i USING (invoice_id) WHERE f.known_on < i.known_on"
    assert one(sql, early) == 0


def test_an_invoice_is_never_paid_and_reduced_by_more_than_its_amount_on_any_day(sql: duckdb.DuckDBPyConnection):
    running = """
        SELECT min(i.amount - taken) FROM (
            SELECT invoice_id, sum(amount) OVER (PARTITION BY invoice_id ORDER BY known_on) AS taken FROM (
                SELECT invoice_id, known_on, amount FROM payments
                UNION ALL SELECT invoice_id, known_on, amount FROM credit_notes))
        JOIN invoices i USING (invoice_id)
    """
    assert one(sql, running) > -0.005


def test_a_reversal_takes_back_one_whole_payment_of_the_same_invoice(sql: duckdb.DuckDBPyConnection):
    pairs = "FROM payments r JOIN payments p ON r.reverses = p.payment_id"
    assert one(sql, f"SELECT count(*) {pairs}") == one(sql, "SELECT count(*) FROM payments WHERE amount < 0") > 0
    wrong = "p.invoice_id <> r.invoice_id OR p.amount + r.amount <> 0 OR p.known_on > r.known_on"
    assert one(sql, f"SELECT count(*) {pairs} WHERE {wrong}") == 0


def test_a_debtor_is_in_default_exactly_when_the_truth_says_so(demo: Synthetic, sql: duckdb.DuckDBPyConnection):
    """First day with a material invoice (10,000 and 1 % of the debtor's balance) more than 90 days past due."""
    seen = sql.execute("""
        WITH paid AS (
            SELECT invoice_id, max(day) AS settled FROM (
                SELECT invoice_id, paid_on AS day FROM payments
                UNION ALL SELECT invoice_id, issued_on FROM credit_notes) GROUP BY 1)
        SELECT debtor_id, min(due_on)::DATE + 91 AS default_on
        FROM balances b LEFT JOIN paid USING (invoice_id)
        WHERE least(DATE '2026-06-30', if(open > 0, NULL, settled::DATE)) - due_on::DATE > 90 AND amount >= 10000
        GROUP BY 1
    """).df()
    told = demo.truth["defaults"].query("default_on <= @LAST")
    pd.testing.assert_series_equal(
        seen.set_index("debtor_id")["default_on"].sort_index().dt.as_unit("us"),
        told.set_index("debtor_id")["default_on"].sort_index(),
        check_index_type=False,
    )


def test_the_invoice_that_makes_a_default_is_material(demo: Synthetic, sql: duckdb.DuckDBPyConnection):
    sql.register("defaults", demo.truth["defaults"].query("default_on <= @LAST"))
    first = sql.execute("""
        SELECT d.debtor_id, sum(i.amount) FILTER (i.due_on = d.stopped_on) AS overdue,
               sum(i.amount) FILTER (i.issued_on <= d.default_on AND i.due_on >= d.stopped_on) AS balance
        FROM defaults d JOIN invoices i USING (debtor_id) GROUP BY 1
    """).df()
    assert (first["overdue"] >= 10_000).all()
    assert (first["overdue"] >= 0.01 * first["balance"]).all()


def test_a_defaulted_debtor_is_no_longer_invoiced(demo: Synthetic):
    trade = demo.tables["invoices"].merge(demo.truth["defaults"], on="debtor_id")
    assert (trade["issued_on"] < trade["stopped_on"] + pd.Timedelta(days=91)).all()


def test_clients_buy_back_only_under_recourse_and_after_default(demo: Synthetic):
    bought = demo.tables["payments"].query("payer == 'client'").merge(demo.tables["invoices"], on="invoice_id")
    # who commits a fraud pays for it as long as it serves
    bought = bought[~bought["invoice_id"].isin(demo.truth["frauds"]["invoice_id"])]
    first = demo.tables["facilities"].drop_duplicates("facility_id").set_index("facility_id")
    assert first.loc[bought["facility_id"], "recourse"].all()
    assert ((bought["paid_on"] - bought["due_on"]).dt.days > 90).all()


def test_the_demo_book_looks_like_a_live_factors_book_with_worries(demo: Synthetic, sql: duckdb.DuckDBPyConnection):
    share = "SELECT sum(open) FILTER (dpd > {}) / sum(open) FROM balances"
    largest = "SELECT sum(open) AS x FROM balances GROUP BY debtor_id ORDER BY x DESC LIMIT 10"
    year = "FILTER (issued_on > DATE '2025-06-30')"
    ranges = {
        "invoices": (one(sql, "SELECT count(*) FROM invoices"), 60_000, 60_000),
        "overdue > 90": (one(sql, share.format(90)), 0.02, 0.045),
        "overdue > 30": (one(sql, share.format(30)), 0.03, 0.08),
        "top 10 debtors": (one(sql, f"SELECT (SELECT sum(x) FROM ({largest})) / sum(open) FROM balances"), 0.35, 0.55),
        "DSO": (one(sql, f"SELECT 365 * sum(open) / sum(amount) {year} FROM balances"), 65, 85),
        "dilution": (one(sql, "SELECT (SELECT sum(amount) FROM credit_notes) / sum(amount) FROM invoices"), 0.02, 0.04),
        "disputes": (len(demo.tables["disputes"]) / 60_000, 0.01, 0.02),
        "paid late": ((demo.truth["invoices"]["days_late"] > 0).mean(), 0.25, 0.35),
        "late booking": (one(sql, "SELECT avg((known_on > paid_on)::INT) FROM payments"), 0.2, 0.4),
    }
    outside = {k: v for k, (v, low, high) in ranges.items() if not low <= v <= high}
    assert not outside


def test_the_demo_has_enough_defaults_in_each_year(demo: Synthetic):
    known = demo.truth["defaults"].query("default_on <= @LAST")
    assert len(known) >= 60
    years = known.groupby(known["default_on"].dt.year).size()
    assert (years.loc[2023:2025] >= 8).all()


def test_the_payments_tell_the_same_days_late_as_the_truth(demo: Synthetic, sql: duckdb.DuckDBPyConnection):
    sql.register("truth", demo.truth["invoices"])
    told = sql.execute("""
        SELECT max(paid_on)::DATE - b.due_on::DATE AS seen, any_value(days_late) AS told
        FROM balances b JOIN payments p USING (invoice_id) JOIN truth USING (invoice_id)
        WHERE open = 0 GROUP BY b.invoice_id, b.due_on
        -- a newer payment may have been booked by mistake and not yet taken back
        HAVING max(paid_on) < DATE '2026-06-15'
    """).df()
    assert len(told) > 50_000
    assert (told["seen"].clip(upper=91) == told["told"]).all()


def test_the_same_arguments_give_the_same_content():
    first, second, other = (synthesise(2_000, seed, LAST, 24) for seed in (1, 1, 2))
    for name, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, second.tables[name])
    for name, frame in first.truth.items():
        pd.testing.assert_frame_equal(frame, second.truth[name])
    assert not first.tables["invoices"].equals(other.tables["invoices"])


@pytest.mark.parametrize("last", [date(2024, 2, 29), date(2025, 3, 14)])
def test_a_book_may_end_on_any_day_with_the_parties_asked_for(last: date):
    book = synthesise(1_500, 5, last, 18, clients=9, debtors=33)
    assert book.tables["invoices"]["known_on"].max() <= pd.Timestamp(last)
    assert len(book.tables["invoices"]) == 1_500
    roles = book.tables["parties"].drop_duplicates("party_id")["roles"].value_counts()
    both = roles.get("both", 0)
    assert roles["debtor"] + both == 33
    assert roles["client"] + both == 9


def test_too_small_a_book_is_refused():
    with pytest.raises(Misuse, match="expected at least 100 invoices"):
        synthesise(50, 1, LAST, 24)


def test_the_file_has_the_schemas_types_and_keeps_the_truth_beside_it(tmp_path):
    book = synthesise(1_000, 1, LAST, 24)
    path = write(book, tmp_path / "demo.duckdb")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["demo.duckdb", "demo.truth.duckdb"]
    with duckdb.connect(str(path), read_only=True) as con:
        names = {row[0] for row in con.execute("SHOW TABLES").fetchall()}
        types = {n: [row[1] for row in con.execute(f"DESCRIBE {n}").fetchall()] for n in TABLES}
        meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
        total = one(con, "SELECT sum(amount)::DOUBLE FROM invoices")
    assert names == {*TABLES, "meta"}
    assert types == {n: [c.sql_type for c in t.columns] for n, t in TABLES.items()}
    assert meta == book.meta
    assert total == pytest.approx(book.tables["invoices"]["amount"].sum())
    with duckdb.connect(str(tmp_path / "demo.truth.duckdb"), read_only=True) as con:
        assert {row[0] for row in con.execute("SHOW TABLES").fetchall()} == set(book.truth)


def test_writing_again_replaces_the_whole_file(tmp_path):
    path = tmp_path / "demo.duckdb"
    for seed in (1, 2):
        write(synthesise(1_000, seed, LAST, 24), path)
    with duckdb.connect(str(path), read_only=True) as con:
        assert one(con, "SELECT value FROM meta WHERE key = 'seed'") == "2"


def test_amounts_are_whole_fen(demo: Synthetic):
    for name in ("invoices", "payments", "credit_notes", "advances"):
        fen = demo.tables[name]["amount"].to_numpy() * 100
        assert np.abs(fen - fen.round()).max() < 1e-4
