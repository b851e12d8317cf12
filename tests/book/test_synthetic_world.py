"""The synthetic world behaves like one: business days, chains, clients that fail, limits, bills, currencies, knobs."""

from datetime import date

import duckdb
import holidays
import numpy as np
import pandas as pd
import pytest

from riskmodels.book.schema import TABLES
from riskmodels.book.synthetic import Synthetic, parse_changes, synthesise
from riskmodels.book.synthetic.clock import day_number
from riskmodels.book.synthetic.frames import DTYPES
from riskmodels.book.synthetic.law import LATEST
from riskmodels.book.synthetic.limits import within_limit
from riskmodels.core.calendar import LONGEST_BREAK, calendar
from riskmodels.core.errors import Misuse

LAST = date(2026, 6, 30)


@pytest.fixture(scope="module")
def demo() -> Synthetic:
    """A book with more failures and exports than the demo's, so that each has many cases."""
    return synthesise(30_000, 20, LAST, 48, **{"clients.intercept": -4.5, "clients.export_share": 0.1})


@pytest.fixture(scope="module")
def failed(demo: Synthetic) -> pd.Series:
    """The day on which each client failed, of those that did within the book."""
    told = demo.truth["client_defaults"].query("stopped_on <= @LAST")
    assert len(told) > 15
    return told.set_index("client_id")["stopped_on"]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("invoices", "issued_on"),
        ("invoices", "assigned_on"),
        ("invoices", "confirmed_on"),
        ("invoices", "known_on"),
        ("payments", "paid_on"),
        ("payments", "known_on"),
        ("disputes", "opened_on"),
        ("disputes", "closed_on"),
        ("credit_notes", "issued_on"),
        ("advances", "advanced_on"),
    ],
)
def test_business_is_done_on_business_days_of_china_only(demo: Synthetic, table: str, column: str):
    china = holidays.country_holidays("CN", years=range(2020, 2028))
    days = demo.tables[table][column].dropna().dt.date.unique()
    assert len(days) > 100
    assert all(china.is_working_day(d) for d in days if d.year <= 2026)
    assert all(d.weekday() < 5 for d in days if d.year > 2026)


def test_due_days_fall_on_any_day_so_that_some_payments_are_late_by_the_calendar_only(demo: Synthetic):
    china = holidays.country_holidays("CN", years=range(2020, 2028))
    due = demo.tables["invoices"]["due_on"].dt.date
    closed = ~due.map({d: china.is_working_day(d) for d in due.unique()}).astype(bool)
    assert 0.25 < closed.mean() < 0.4
    late = demo.truth["invoices"]["days_late"]
    assert (late[closed].between(1, 2)).mean() > 1.5 * (late[~closed].between(1, 2)).mean()


def test_no_break_is_longer_than_a_healthy_debtor_may_move_its_payment():
    span = calendar(day_number(date(2006, 1, 1)), day_number(date(2035, 12, 31)))
    days = np.arange(day_number(date(2006, 1, 1)), day_number(date(2035, 12, 31)))
    assert (span.next(days) - days).max() <= LONGEST_BREAK
    assert LATEST + LONGEST_BREAK <= 90
    assert span.is_open(span.next(days)).all()
    assert (span.last(span.next(days)) == span.next(days)).all()


def test_a_party_that_is_client_and_debtor_has_one_name_and_one_fate(demo: Synthetic):
    first = demo.tables["parties"].drop_duplicates("party_id").set_index("party_id")
    both = first.index[first["roles"] == "both"]
    invoices = demo.tables["invoices"]
    assert len(both) > 5
    assert set(both) <= set(invoices["debtor_id"])
    assert set(both) & set(invoices["client_id"])
    told = {n: demo.truth[n].rename(columns={k: "party_id"}) for n, k in FATES.items()}
    as_debtor, as_client = (told[n][told[n]["party_id"].isin(both)].set_index("party_id").sort_index() for n in FATES)
    pd.testing.assert_frame_equal(as_debtor, as_client)
    assert not (invoices["client_id"] == invoices["debtor_id"]).any()


FATES = {"defaults": "debtor_id", "client_defaults": "client_id"}


def test_every_chain_hangs_on_a_debtor_that_hangs_on_nobody(demo: Synthetic):
    chains = demo.truth["chains"]
    assert not set(chains["anchor_id"]) & set(chains.query("role == 'debtor'")["party_id"])
    sellers = chains.query("role == 'client'").merge(demo.tables["invoices"], left_on="party_id", right_on="client_id")
    direct = sellers[sellers["debtor_id"] == sellers["anchor_id"]]["party_id"]
    second = set(chains.query("tier == 2")["party_id"])
    assert second
    assert not second & set(direct)
    parties = demo.tables["parties"].drop_duplicates("party_id").set_index("party_id")
    assert (parties.loc[chains["party_id"], "anchor_id"].to_numpy() == chains["anchor_id"].to_numpy()).all()


def test_a_client_that_failed_sells_nothing_and_buys_nothing_back(demo: Synthetic, failed: pd.Series):
    invoices = demo.tables["invoices"].assign(stop=lambda x: x["client_id"].map(failed))
    assert invoices["stop"].notna().any()
    assert not (invoices["issued_on"] >= invoices["stop"]).any()
    paid = demo.tables["payments"].merge(invoices, on="invoice_id")
    assert not ((paid["payer"] == "client") & (paid["paid_on"] >= paid["stop"])).any()


def test_contracts_of_a_client_that_failed_are_closed_with_a_limit_of_nothing(demo: Synthetic, failed: pd.Series):
    newest = demo.tables["facilities"].groupby("facility_id").last()
    over = newest[newest["client_id"].map(failed) <= pd.Timestamp("2026-06-10")]
    assert (over["limit"] == 0).all()
    assert ((over["closes_on"] - over["client_id"].map(failed)).dt.days.between(0, 15)).all()
    assert newest.loc[~newest["client_id"].isin(failed.index), "closes_on"].isna().all()
    assert (newest.loc[~newest["client_id"].isin(failed.index), "limit"] > 0).all()


def test_debtors_that_were_not_told_pay_the_client(demo: Synthetic):
    first = demo.tables["facilities"].drop_duplicates("facility_id").set_index("facility_id")
    paid = demo.tables["payments"].merge(demo.tables["invoices"], on="invoice_id", suffixes=("", "_i"))
    told = first.loc[paid["facility_id"], "disclosed"].to_numpy(dtype=bool)
    by_debtor = paid["payer"] == "debtor"
    account = paid["received_account"]
    assert (account[~told & by_debtor] == "client").all()
    assert 0.005 < (account[told & by_debtor] == "client").mean() < 0.02
    assert 0.005 < (paid["payer"] == "third party").mean() < 0.02


def test_a_client_keeps_the_debtors_money_only_when_it_fails(demo: Synthetic, failed: pd.Series):
    kept = demo.truth["invoices"].query("commingled").merge(demo.tables["invoices"], on="invoice_id")
    paid = kept.merge(demo.tables["payments"], on="invoice_id").query("received_account == 'client'")
    last = paid.groupby("invoice_id").agg(day=("paid_on", "max"), client=("client_id", "first"))
    assert len(last) > 50
    # it is passed on within eight days, moved to a business day, if at all
    assert (last["day"] >= last["client"].map(failed) - pd.Timedelta(days=8 + LONGEST_BREAK)).all()


def test_the_debtors_of_a_failed_client_buy_elsewhere(demo: Synthetic, failed: pd.Series):
    """Otherwise a client's failure would hide the defaults of its debtors."""
    invoices = demo.tables["invoices"]
    cut = failed[failed.between("2023-01-01", "2025-06-30")]
    lost = invoices[invoices["client_id"].isin(cut.index)]
    share = lost.groupby("debtor_id").size() / invoices.groupby("debtor_id").size()
    for debtor in share[share > 0.5].index[:20]:
        mine = invoices[invoices["debtor_id"] == debtor]
        gone = mine["client_id"].map(cut).min()
        stopped = demo.truth["defaults"].query("debtor_id == @debtor")["stopped_on"]
        if stopped.empty:
            assert (mine["issued_on"] > gone).any()


def test_what_is_outstanding_never_exceeds_the_limit(demo: Synthetic):
    con = duckdb.connect()
    for name in ("invoices", "advances", "payments", "credit_notes", "facilities"):
        con.register(name, demo.tables[name])
    con.register("truth", demo.truth["invoices"])
    worst, cut_down = con.execute("""
        WITH ended AS (SELECT invoice_id, max(paid_on) AS day, sum(amount) AS paid FROM payments GROUP BY 1),
        noted AS (SELECT invoice_id, sum(amount) AS noted FROM credit_notes GROUP BY 1),
        moves AS (
            SELECT facility_id, advanced_on AS day, a.amount FROM advances a JOIN invoices USING (invoice_id)
            UNION ALL SELECT facility_id, e.day, -a.amount FROM advances a JOIN invoices i USING (invoice_id)
            JOIN ended e USING (invoice_id) LEFT JOIN noted USING (invoice_id)
            WHERE e.paid + coalesce(noted, 0) >= i.amount - 0.005),
        days AS (SELECT facility_id, day, sum(amount) AS amount FROM moves GROUP BY ALL),
        used AS (SELECT facility_id, day, sum(amount) OVER (PARTITION BY facility_id ORDER BY day) AS used FROM days),
        terms AS (SELECT facility_id, first("limit" ORDER BY valid_from) AS lim, first(advance_rate) AS rate
            FROM facilities GROUP BY 1)
        SELECT (SELECT max(used - lim) FROM used JOIN terms USING (facility_id)),
               (SELECT avg((a.amount < i.amount * rate - 1)::INT) FROM advances a JOIN invoices i USING (invoice_id)
                JOIN terms USING (facility_id))
    """).fetchone()
    assert worst <= 0.01
    assert 0.0005 < cut_down < 0.05


def test_an_advance_is_cut_to_what_the_limit_leaves():
    amount = np.array([60, 60, 60, 70, 50])
    group = np.array([0, 0, 0, 1, 1])
    starts, ends = np.array([1, 2, 10, 1, 5]), np.array([9, 20, 30, 4, 6])
    assert within_limit(amount, group, starts, ends, np.full(5, 100)).tolist() == [60, 40, 40, 70, 50]


def test_bills_are_handed_over_before_they_are_paid_and_only_better_debtors_accept_their_own(demo: Synthetic):
    bills = demo.tables["payments"].query("instrument != 'cash'")
    assert 0.02 < len(bills) / len(demo.tables["payments"]) < 0.2
    assert ((bills["matures_on"] - bills["paid_on"]).dt.days >= 90).all()
    assert demo.tables["payments"].query("instrument == 'cash'")["matures_on"].isna().all()
    own = bills.query("instrument == 'commercial acceptance'").merge(demo.tables["invoices"], on="invoice_id")
    base = demo.truth["debtors"].set_index("debtor_id")["base"]
    assert len(own)
    assert base[own["debtor_id"].unique()].min() > base.median()


def test_exporters_invoice_in_dollars_and_a_knob_turns_it_off(demo: Synthetic):
    invoices = demo.tables["invoices"].merge(
        demo.tables["facilities"].drop_duplicates("facility_id"), on="facility_id", suffixes=("", "_f")
    )
    assert 0.01 < (invoices["currency"] == "USD").mean() < 0.3
    assert (invoices["currency"] == invoices["currency_f"]).all()
    assert (invoices.groupby("client_id")["currency"].nunique() == 1).all()
    at_home = synthesise(2_000, 1, LAST, 24, **{"clients.export_share": 0})
    assert set(at_home.tables["invoices"]["currency"]) == {"CNY"}


def test_half_of_what_is_open_ten_days_past_due_is_collected(demo: Synthetic):
    truth = demo.truth["invoices"]
    assert not truth.loc[truth["days_late"] <= 9, "treated"].any()
    # an action comes within ten days after the tenth, so these were all open then
    assert 0.4 < truth.loc[truth["days_late"] == 91, "treated"].mean() < 0.6


def test_regular_early_payers_pay_before_the_due_day(demo: Synthetic):
    early = demo.truth["debtors"].query("early")["debtor_id"]
    late = demo.truth["invoices"].merge(demo.tables["invoices"], on="invoice_id")
    mine = late[late["debtor_id"].isin(early) & (late["days_late"] < 91)]["days_late"]
    assert len(mine) > 50
    assert mine.median() < -5


def test_frames_have_the_dtypes_of_the_schema(demo: Synthetic):
    for name, frame in demo.tables.items():
        wanted = {c.name: DTYPES[c.kind] for c in TABLES[name].columns}
        assert {c: str(t) for c, t in frame.dtypes.items()} == wanted, name


def test_a_changed_coefficient_is_told_in_the_truth_and_changes_the_book():
    plain, slow = (synthesise(2_000, 1, LAST, 24, **c) for c in ({}, {"payment.intercept": 3.0}))
    told = slow.truth["parameters"].set_index("name")["value"]
    assert told["payment.intercept"] == 3.0
    late = [b.truth["invoices"]["days_late"].gt(0).mean() for b in (plain, slow)]
    assert late[1] > late[0] + 0.2
    assert (plain.truth["invoices"]["late"] < slow.truth["invoices"]["late"]).mean() > 0.9


def test_knobs_are_read_as_their_coefficients_are_kept():
    read = parse_changes(["payment.quality=-0.6", " chain.months = 14 ", "shock.industry=food"])
    assert read == {"payment.quality": -0.6, "chain.months": 14, "shock.industry": "food"}
    assert type(read["chain.months"]) is int


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("payment.qualty=-0.6", "expected one of payment.quality"),
        ("payment.quality", "expected name=value"),
        ("payment.quality=slow", "expected a number"),
        ("chain.months=12.5", "expected a whole number"),
        ("chain.months=3", "expected a whole number from 12 to 120"),
        ("debtors.bill_share=1.4", "expected a number from 0 to 1"),
        ("drift.spread=nan", "expected a number"),
        ("=3", "demo_truth.toml lists all"),
    ],
)
def test_a_knob_that_makes_no_sense_is_refused_in_one_line(text: str, said: str):
    with pytest.raises(Misuse, match=said):
        parse_changes([text])


def test_an_unknown_coefficient_or_industry_is_refused():
    with pytest.raises(Misuse, match=r"demo_truth\.toml lists all"):
        synthesise(1_000, 1, LAST, 24, **{"payment.nothing": 1.0})
    with pytest.raises(Misuse, match=r"shock\.industry: found 'fishing', expected one of machinery"):
        synthesise(1_000, 1, LAST, 24, **{"shock.industry": "fishing"})


def test_the_turns_of_the_world_are_dated_in_the_truth(demo: Synthetic):
    turns = demo.truth["turns"].set_index("kind")
    assert turns.loc["industry shock", "industry"] == "textiles"
    months = (turns["last_on"] - turns["first_on"]).dt.days["industry shock"] / 30.4
    assert 7.5 < months < 8.5
    assert turns.loc["structural break", "first_on"].date().day == 1
    assert turns["first_on"].between("2022-07-01", "2026-06-30").all()


def test_the_shock_stands_in_the_cycle_of_its_industry(demo: Synthetic):
    turns = demo.truth["turns"].set_index("kind").loc["industry shock"]
    cycles = demo.truth["cycles"]
    struck = cycles[cycles["name"] == turns["industry"]].set_index("month_end")["shift"].diff()
    assert struck[turns["first_on"] + pd.offsets.MonthEnd(0)] < -0.8
    assert struck[turns["last_on"] + pd.offsets.MonthEnd(1)] > 0.8
    assert struck.abs().gt(0.5).sum() == 2
