"""What the synthetic book tells from outside its ledger keeps the schema's contract and agrees with the trade."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from riskmodels.book.schema import TABLES
from riskmodels.book.synthetic import outside, synthesise
from riskmodels.book.synthetic.clock import clock
from riskmodels.book.synthetic.generate import Synthetic
from riskmodels.book.synthetic.history import History, draw_history, draw_world
from riskmodels.book.synthetic.law import demo_law
from riskmodels.book.synthetic.outside.scores import score_odds
from riskmodels.core.scale import OBLIGORS

LAST = date(2026, 6, 30)
NAMES = ("market", "financials", "bank_flows", "party_events", "ratings", "scores", "kyc")


def history_of(seed: int = 7, last: date = LAST, months: int = 48, invoices: int = 12_000, **changes: float) -> History:
    return draw_history(draw_world(demo_law(**changes), seed, clock(last, months), invoices, 60, 240))


@pytest.fixture(scope="module")
def book() -> Synthetic:
    return synthesise(12_000, 7, LAST, 48, clients=60, debtors=240)


@pytest.fixture(scope="module")
def sql(book: Synthetic) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for name in (*NAMES, "invoices", "payments", "credit_notes", "parties", "facilities"):
        con.register(name, book.tables[name])
    for name in ("event_truth", "statement_truth", "rating_truth", "defaults", "client_defaults"):
        con.register(name, book.truth[name])
    return con


def one(con: duckdb.DuckDBPyConnection, query: str) -> float:
    ((value,),) = con.execute(query).fetchall()
    return value


@pytest.mark.parametrize("name", NAMES)
def test_each_table_keeps_the_schemas_contract(book: Synthetic, sql: duckdb.DuckDBPyConnection, name: str):
    frame, table = book.tables[name], TABLES[name]
    assert tuple(frame.columns) == table.names
    assert len(frame)
    assert not frame.duplicated(list(table.key)).any()
    assert frame[list(table.required)].notna().all(axis=None)
    assert {r.name: one(sql, f"SELECT count(*) FROM {name} WHERE NOT ({r.holds})") for r in table.rules} == {
        r.name: 0 for r in table.rules
    }
    assert all(set(frame[c.name].dropna()) <= set(c.allowed) for c in table.columns if c.allowed)


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("market", "scores")])
def test_only_parties_of_the_book_are_told_of(book: Synthetic, name: str):
    assert set(book.tables[name]["party_id"]) <= set(book.tables["parties"]["party_id"])


@pytest.mark.parametrize(("last", "months"), [(LAST, 48), (date(2025, 3, 14), 18), (date(2024, 2, 29), 6)])
def test_nothing_is_known_after_the_last_day(last: date, months: int):
    tables = outside.tables(history_of(3, last, months, 3_000))
    assert set(tables) == set(NAMES)
    assert {n for n, f in tables.items() if not len(f) or f["known_on"].max() > pd.Timestamp(last)} == set()
    assert tables["financials"]["period_end"].max() <= pd.Timestamp(last)


def test_the_same_seed_tells_the_same_and_another_seed_does_not():
    first, again, other = (outside.tables(history_of(seed, months=12, invoices=2_000)) for seed in (1, 1, 2))
    for name in NAMES:
        pd.testing.assert_frame_equal(first[name], again[name])
        assert not first[name].equals(other[name])


@pytest.mark.parametrize("seed", range(20, 28))
def test_keys_are_unique_whatever_the_seed(seed: int):
    tables = outside.tables(history_of(seed, months=30, invoices=3_000))
    assert {n for n in NAMES if tables[n].duplicated(list(TABLES[n].key)).any()} == set()


# Statements


def test_the_balance_sheet_balances_to_the_fen(book: Synthetic):
    fen = {c: (book.tables["financials"][c] * 100).round() for c in ("total_assets", "total_liabilities", "equity")}
    assert (fen["total_assets"] == fen["total_liabilities"] + fen["equity"]).all()


def test_parts_of_the_balance_sheet_fit_into_it(book: Synthetic):
    f = book.tables["financials"]
    cent = 0.015
    assert (f["cash"] + f["inventory"] + f["receivables"] <= f["current_assets"] + cent).all()
    assert (f["current_liabilities"] <= f["total_liabilities"] + cent).all()
    assert (f["net_income"] <= f["ebit"] + cent).all()
    assert (f["interest_expense"] > 0).all()
    money = [c.name for c in TABLES["financials"].columns if c.kind == "money"]
    assert f[money].notna().all(axis=None)
    assert f[money].abs().max().max() < 1e15


@pytest.mark.parametrize(("side", "column"), [("client_id", "revenue"), ("debtor_id", "cost")])
def test_statements_hold_at_least_the_trade_of_the_book(sql: duckdb.DuckDBPyConnection, side: str, column: str):
    pairs = sql.execute(f"""
        SELECT any_value(f.{column}) AS told, sum(i.amount) AS traded
        FROM financials f JOIN invoices i ON i.{side} = f.party_id AND i.issued_on <= f.period_end
             AND i.issued_on > last_day(f.period_end - to_months(f.months))
        WHERE f.period_end - to_months(f.months) >= DATE '2022-06-30'
        GROUP BY f.party_id, f.period_end, f.published_on
    """).df()
    assert len(pairs) > 200
    assert (pairs["told"] >= pairs["traded"] - 0.01).all()
    assert np.corrcoef(np.log(pairs["told"]), np.log(pairs["traded"]))[0, 1] > 0.6


def test_receivables_hold_at_least_the_open_invoices_of_the_book(sql: duckdb.DuckDBPyConnection):
    pairs = sql.execute("""
        WITH moves AS (
            SELECT client_id, issued_on AS day, amount FROM invoices
            UNION ALL SELECT i.client_id, p.paid_on, -p.amount FROM payments p JOIN invoices i USING (invoice_id)
            UNION ALL SELECT i.client_id, c.issued_on, -c.amount FROM credit_notes c JOIN invoices i USING (invoice_id))
        SELECT any_value(f.receivables) AS told, sum(m.amount) AS open
        FROM financials f JOIN moves m ON m.client_id = f.party_id AND m.day <= f.period_end
        -- later, some of what was paid or invoiced by then isn't booked yet
        WHERE f.period_end < DATE '2026-05-31' GROUP BY f.party_id, f.period_end, f.published_on
    """).df()
    assert len(pairs) > 200
    assert (pairs["told"] >= pairs["open"] - 0.01).all()


def test_only_listed_parties_publish_quarters_and_all_keep_their_deadline(sql: duckdb.DuckDBPyConnection):
    late = one(
        sql,
        """SELECT count(*) FROM (SELECT months, min(published_on)::DATE - period_end::DATE AS took FROM financials
           GROUP BY party_id, period_end, months)
           WHERE took > CASE months WHEN 12 THEN 120 WHEN 6 THEN 62 ELSE 31 END""",
    )
    assert late == 0
    kinds = sql.execute("""
        SELECT months, bool_and(ownership = 'listed') FROM financials
        JOIN (SELECT DISTINCT party_id, ownership FROM parties) USING (party_id) GROUP BY 1
    """).fetchall()
    assert dict(kinds) == {3: True, 6: False, 9: True, 12: False}


@pytest.mark.parametrize("name", ["financials", "bank_flows", "ratings", "kyc"])
def test_a_party_in_default_tells_nothing_more(sql: duckdb.DuckDBPyConnection, name: str):
    day = {"financials": "published_on", "bank_flows": "month", "ratings": "rated_on", "kyc": "checked_on"}[name]
    fallen = """SELECT debtor_id AS party_id, default_on FROM defaults
                UNION SELECT client_id, default_on FROM client_defaults"""
    after = f"SELECT count(*) FROM {name} JOIN ({fallen}) USING (party_id) WHERE {day} >= default_on"
    assert one(sql, after) == 0


def test_a_corrected_statement_follows_the_wrong_one(book: Synthetic):
    told = book.tables["financials"].merge(book.truth["statement_truth"], validate="one_to_one")
    versions = told.sort_values("published_on").groupby(["party_id", "period_end"])
    assert versions.size().max() == 2
    again = versions.filter(lambda v: len(v) == 2).sort_values(["party_id", "period_end", "published_on"])
    assert len(again) >= 10
    wrong, right = again.iloc[::2].reset_index(), again.iloc[1::2].reset_index()
    assert (wrong["overstated"] > 0).all()
    assert (right["overstated"] == 0).all()
    assert not right["dressed"].any()
    assert wrong["revenue"].to_numpy() == pytest.approx(right["revenue"] * (1 + wrong["overstated"]), rel=1e-6)
    for column in ("ebit", "receivables", "equity"):
        assert (wrong[column] >= right[column]).all()
    assert (wrong["operating_cash_flow"] == right["operating_cash_flow"]).all()


def test_only_clients_that_near_their_stop_dress_their_accounts():
    history = history_of(9, **{"distress.dressing_rate": 1.0, "clients.intercept": -4.0})
    parties = set(np.asarray(history.world.client_ids))
    truth = outside.truth(history)["statement_truth"]
    assert truth["dressed"].sum() > 20
    assert set(truth[truth["dressed"]]["party_id"]) <= parties
    assert (truth[truth["dressed"]]["trouble"] > 0).all()
    near = truth[truth["party_id"].isin(parties) & (truth["trouble"] > 0)]
    assert near[~near.duplicated(["party_id", "period_end"])]["dressed"].all()


# Bank flows


def test_what_is_paid_into_a_clients_own_account_is_in_its_inflow(sql: duckdb.DuckDBPyConnection):
    pairs = sql.execute("""
        SELECT any_value(b.inflow) AS inflow, sum(p.amount) AS direct
        FROM bank_flows b JOIN invoices i ON i.client_id = b.party_id
        JOIN payments p ON p.invoice_id = i.invoice_id AND last_day(p.paid_on) = b.month
        WHERE p.received_account = 'client' GROUP BY b.party_id, b.month
    """).df()
    assert len(pairs) > 100
    assert (pairs["inflow"] >= pairs["direct"] - 0.01).all()


def test_a_debtors_outflow_pays_its_invoices(sql: duckdb.DuckDBPyConnection):
    pairs = sql.execute("""
        SELECT any_value(b.outflow) AS outflow, sum(p.amount) AS paid
        FROM bank_flows b JOIN invoices i ON i.debtor_id = b.party_id
        JOIN payments p ON p.invoice_id = i.invoice_id AND last_day(p.paid_on) = b.month
        GROUP BY b.party_id, b.month
    """).df()
    assert len(pairs) > 100
    assert (pairs["outflow"] >= pairs["paid"] - 0.01).all()


def test_every_client_tells_each_month_and_some_debtors_do(sql: duckdb.DuckDBPyConnection):
    gaps = """SELECT count(*) FROM (SELECT party_id, count(*) AS n, date_diff('month', min(month), max(month)) + 1 AS m
              FROM bank_flows GROUP BY 1) WHERE n <> m"""
    assert one(sql, gaps) == 0
    told = "FROM (SELECT DISTINCT party_id, roles FROM parties) WHERE party_id IN (SELECT party_id FROM bank_flows)"
    assert one(sql, f"SELECT count(*) {told} AND roles <> 'debtor'") == 60
    assert 10 < one(sql, f"SELECT count(*) {told} AND roles = 'debtor'") < 80


# Events


def test_the_truth_tells_the_cause_of_every_event_and_the_table_does_not(book: Synthetic):
    events, truth = book.tables["party_events"], book.truth["event_truth"]
    assert list(events["event_id"]) == list(truth["event_id"])
    assert set(truth["cause"]) == {"weakness", "trouble", "none"}
    assert (truth["lead_days"].notna() == (truth["cause"] == "trouble")).all()
    assert "cause" not in events


def test_an_event_of_trouble_lies_its_lead_before_the_stop_of_its_party(book: Synthetic):
    stops = pd.concat(
        [
            book.truth["defaults"].rename(columns={"debtor_id": "party_id"}),
            book.truth["client_defaults"].rename(columns={"client_id": "party_id"}),
        ]
    )
    stops = stops.drop_duplicates("party_id")
    told = book.tables["party_events"].merge(book.truth["event_truth"], on="event_id").dropna(subset="lead_days")
    pairs = told.merge(stops, on="party_id", how="left")
    assert len(pairs) >= 20
    assert ((pairs["stopped_on"] - pairs["occurred_on"]).dt.days == pairs["lead_days"]).all()
    assert (pairs["lead_days"] > 0).eq(pairs["kind"] != "bankruptcy").all()


def test_every_kind_has_its_source_or_the_press(book: Synthetic):
    events = book.tables["party_events"]
    assert (events.groupby("kind")["source"].nunique() <= 2).all()
    lag = (events["known_on"] - events["occurred_on"]).dt.days.groupby(events["source"]).mean()
    assert lag["press"] < 3 < lag["court register"]


def test_without_hits_and_false_alarms_events_come_of_weakness_alone():
    law = demo_law()
    zero = {f"{s}.{k}": 0.0 for s in ("event_hit_rate", "event_false_rate") for k in vars(law.event_hit_rate)}
    truth = outside.truth(history_of(4, **zero))["event_truth"]
    assert set(truth["cause"]) == {"weakness"}


# Grades, scores, checks


def test_an_override_has_a_reason_and_nothing_else_has(book: Synthetic):
    ratings = book.tables["ratings"]
    changed = ratings["model_grade"] != ratings["final_grade"]
    assert 0.05 < changed.mean() < 0.2
    assert (ratings["override_reason"].notna() == changed).all()
    assert set(ratings["model_grade"]) | set(ratings["final_grade"]) <= set(OBLIGORS.grades)


def test_clients_and_large_debtors_are_rated_each_quarter_the_others_each_year(book: Synthetic):
    ratings = book.tables["ratings"]
    gap = ratings.sort_values(["party_id", "rated_on"]).groupby("party_id")["rated_on"].diff().dt.days
    often = ratings["party_id"].str.startswith("C") | (ratings["party_id"] <= "D0040")
    assert gap[often].median() == pytest.approx(91, abs=5)
    assert gap[ratings["party_id"] >= "D0060"].median() == pytest.approx(365, abs=5)


def test_a_stored_score_gives_its_stored_probability_and_grade(book: Synthetic):
    scores = book.tables["scores"]
    again = score_odds(demo_law().scores, scores["score"].to_numpy())
    assert scores["probability"].to_numpy() == pytest.approx(again, rel=1e-12)
    assert (scores["grade"].to_numpy() == np.asarray(OBLIGORS.grade(again))).all()
    assert (scores["score"] == scores["score"].round()).all()
    assert scores["as_of"].dt.is_quarter_end.all()
    assert scores["score"].between(300, 900).all()


def test_checks_are_done_before_the_business_and_again_before_they_expire_or_somewhat_later(book: Synthetic):
    kyc = book.tables["kyc"].sort_values(["party_id", "item", "checked_on"])
    again = kyc.groupby(["party_id", "item"])["checked_on"].shift(-1)
    passed = kyc[(kyc["result"] == "passed") & again.notna()]
    overdue = (again[passed.index] > passed["expires_on"]).mean()
    assert 0.04 < overdue < 0.13
    assert (kyc["result"] == "failed").mean() < 0.02
    bad = kyc[(kyc["result"] != "passed") & again.notna()]
    assert len(bad)
    assert ((again[bad.index] - bad["checked_on"]).dt.days <= 30).all()
    opened = book.tables["facilities"].groupby("client_id")["opened_on"].min()
    first = kyc[kyc["party_id"].isin(opened.index)].groupby("party_id")["checked_on"].min()
    assert (first < opened).all()


# Market and soft information


def test_exchange_rates_are_there_from_the_first_day_on_and_known_the_same_day(book: Synthetic):
    market = book.tables["market"]
    for pair in ("USD", "EUR", "HKD"):
        rates = market[market["series"] == f"FX:{pair}/CNY"]
        assert (rates["on"] == rates["known_on"]).all()
        assert rates["on"].min() < book.tables["invoices"]["issued_on"].min() - pd.Timedelta(days=30)
        assert rates["on"].diff().dt.days.max() <= 12
        assert rates["value"].gt(0).all()
    wide = market[market["series"].str.startswith("FX:")].pivot(index="on", columns="series", values="value")
    assert (wide["FX:USD/CNY"] / wide["FX:HKD/CNY"]).between(7.7, 7.95).all()


def test_sentiment_is_published_after_its_month_and_a_revision_is_a_further_row(book: Synthetic):
    market = book.tables["market"]
    mood = market[market["series"].str.startswith("sentiment:")]
    lag = (mood["known_on"] - mood["on"]).dt.days
    assert lag.between(10, 44).all()
    versions = mood.groupby(["series", "on"]).size()
    assert set(versions) == {1, 2}
    assert mood["series"].nunique() == market[market["series"].str.startswith("price:")]["series"].nunique() == 8


def test_the_policy_rate_is_cut_in_steps_and_never_rises(book: Synthetic):
    rate = book.tables["market"].query("series == 'policy rate:LPR 1Y'")["value"]
    step = rate.diff().dropna()
    assert set(step.round(4)) == {0.0, -0.001}
    assert rate.between(0.02, 0.04).all()


def test_every_party_has_soft_information_and_some_an_agencys_rating(book: Synthetic):
    parties = book.tables["parties"].query("roles in ('client', 'debtor', 'both')")
    assert parties["founder_score"].between(0, 100).all()
    assert parties["shareholder_concentration"].between(0, 1).all()
    assert set(parties["industry_position"]) == {"leading", "middle", "lagging"}
    assert 0.2 < parties["external_rating"].notna().mean() < 0.4
    versions = parties.groupby("party_id")[["founder_score", "ownership", "industry_position"]].nunique()
    assert (versions == 1).all(axis=None)
