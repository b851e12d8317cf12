"""The desk's tables of the synthetic book agree with its payments, with one another, and with the calendar."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.synthetic import desk
from riskmodels.book.synthetic.cash import ACCOUNTS
from riskmodels.book.synthetic.clock import NEVER
from riskmodels.book.synthetic.desk.balances import balances
from riskmodels.book.synthetic.desk.names import WRITTEN, written
from riskmodels.book.synthetic.history import History
from riskmodels.book.synthetic.law import demo_law
from riskmodels.book.synthetic.ledger import payments_table
from riskmodels.book.synthetic.parties import names
from riskmodels.book.synthetic.people import everyone
from tests.book.desk_book import CLOSE, Frames, draw, told


@pytest.fixture(scope="module")
def history() -> History:
    return draw()


@pytest.fixture(scope="module")
def book(history: History) -> Frames:
    return told(history)


@pytest.fixture(scope="module")
def truth(history: History) -> Frames:
    return desk.truth(history)


@pytest.fixture(scope="module")
def advances(book: Frames) -> pd.DataFrame:
    """Each advance with what its repayments brought."""
    sums = book["repayments"].groupby("advance_id")[["principal", "fee"]].sum()
    return book["advances"].merge(sums, on="advance_id", how="left").fillna({"principal": 0.0, "fee": 0.0})


def fen(amounts: pd.Series) -> pd.Series:
    return (amounts * 100).round().astype("int64")


def test_payments_that_name_a_receipt_sum_to_what_is_allocated_of_it(book: Frames):
    named = fen(book["payments"].groupby("receipt_id")["amount"].sum())
    allocated = fen(book["receipts"].set_index("receipt_id")["allocated_amount"].dropna())
    assert len(named) > 10_000
    pd.testing.assert_series_equal(named, allocated, check_names=False, check_index_type=False, check_like=True)


def test_a_receipt_is_allocated_on_the_day_its_last_payment_became_known(book: Frames):
    known = book["payments"].groupby("receipt_id")["known_on"].max()
    allocated = book["receipts"].dropna(subset="allocated_on").set_index("receipt_id")["allocated_on"]
    assert (known.sort_index().to_numpy() == allocated.sort_index().to_numpy()).all()


def test_a_receipt_is_one_payers_money_of_one_day_on_one_account(book: Frames):
    matched = book["payments"].merge(book["receipts"], on="receipt_id", suffixes=("", "_in"))
    matched = matched.rename(columns={"currency": "currency_in"})
    matched = matched.merge(book["invoices"][["invoice_id", "debtor_id", "client_id", "currency"]], on="invoice_id")
    assert (matched["paid_on"] == matched["received_on"]).all()
    assert (matched["received_account"] == matched["account"]).all()
    by_debtor = matched[matched["payer"] != "client"].groupby("receipt_id")
    by_client = matched[matched["payer"] == "client"].groupby("receipt_id")
    assert (by_debtor["debtor_id"].nunique() == 1).all()
    assert (matched["currency"] == matched["currency_in"]).all()
    assert (by_client["client_id"].nunique() == 1).all()
    assert (by_debtor.size() > 1).mean() > 0.02


def test_cash_on_the_factors_accounts_names_a_receipt_and_nothing_else_does(book: Frames):
    payments = book["payments"]
    mistaken = payments["payment_id"].isin(payments["reverses"].dropna()) | payments["reverses"].notna()
    expected = (payments["received_account"] != "client") & (payments["instrument"] == "cash") & ~mistaken
    # a mistake of the last days hasn't been taken back yet
    old = payments["known_on"] < CLOSE - pd.Timedelta(days=10)
    assert (payments["receipt_id"].notna() == expected)[old].all()


def test_some_receipts_match_nothing_and_some_bring_too_much(book: Frames, truth: Frames, history: History):
    law = history.world.law.receipts
    told = book["receipts"].merge(truth["receipt_truth"], on="receipt_id")
    assert len(told) == len(book["receipts"])
    assert told.loc[told["stray"], "allocated_amount"].isna().all()
    assert 0.5 * law.stray_share < told["stray"].mean() < 1.5 * law.stray_share
    whole = told[~told["stray"] & (told["received_on"] < CLOSE - pd.Timedelta(days=30))]
    over = fen(whole["amount"]) - fen(whole["allocated_amount"])
    assert over.min() == 0
    assert over.max() <= law.overpaid_most * fen(whole["amount"]).max()


def test_a_stray_receipt_cannot_be_told_by_its_number(truth: Frames):
    number = truth["receipt_truth"]["receipt_id"].str[1:].astype(int)
    stray = truth["receipt_truth"]["stray"]
    assert abs(number[stray].mean() / number.mean() - 1) < 0.25


def test_references_name_invoices_of_the_receipt(book: Frames):
    receipts = book["receipts"].dropna(subset="reference")
    listed = receipts[receipts["reference"].str.startswith("N")]
    words = listed.set_index("receipt_id")["reference"].str.split(" ").explode().rename("number")
    # a payment booked after the last day isn't in the book yet
    numbers = book["payments"].merge(book["invoices"], on="invoice_id")[["receipt_id", "number"]].drop_duplicates()
    allocated = listed["received_on"] < CLOSE - pd.Timedelta(days=30)
    known = words[words.index.isin(listed.loc[allocated, "receipt_id"])].reset_index()
    assert len(known.merge(numbers)) == len(known) > 5_000


def test_a_reference_never_gives_an_invoice_presented_twice_away(history: History, book: Frames):
    words = book["receipts"]["reference"].dropna().str.split(" ").explode()
    assert history.world.frauds.presented_again.sum() > 10
    assert set(words[words.str.match(r"N\d+$")]) <= set(book["invoices"]["number"])


def test_a_factor_that_advances_nothing_has_no_drawings():
    told_of = told(draw(invoices=2_000, law=demo_law(**{"facilities.advanced_share": 0.0})))
    assert (len(told_of["advances"]), len(told_of["repayments"])) == (0, 0)
    assert told_of["applications"]["invoice_id"].isna().all()


def test_a_payers_name_is_a_way_to_write_its_registered_name(book: Frames, truth: Frames, history: History):
    people = everyone(history.world)
    registered = dict(zip(people.ids, names(people), strict=True))
    told = book["receipts"].merge(truth["receipt_truth"], on="receipt_id")
    assert (told["party_id"].map(registered) == told["payer_name"])[told["written"] == "registered"].all()
    assert (told["party_id"].map(registered) != told["payer_name"])[told["written"] != "registered"].all()
    assert set(told["written"]) == set(WRITTEN)


def test_no_way_to_write_a_name_is_another_partys_name(history: History):
    registered = names(everyone(history.world))
    ways = np.array(written(registered)).reshape(len(registered), len(WRITTEN))
    assert len(np.unique(ways)) == ways.size


def test_principal_repaid_never_exceeds_the_advance(advances: pd.DataFrame):
    assert (fen(advances["principal"]) <= fen(advances["amount"])).all()


def test_an_advance_whose_invoice_was_paid_to_the_factor_is_repaid_to_the_last_fen(
    book: Frames, advances: pd.DataFrame
):
    payments = book["payments"]
    direct = payments[payments["received_account"] != "client"]
    mistaken = direct["payment_id"].isin(direct["reverses"].dropna()) | direct["reverses"].notna()
    paid = fen(direct[~mistaken].groupby("invoice_id")["amount"].sum()).rename("paid").reset_index()
    # a mistake of the last days hasn't been taken back yet
    new = direct.loc[direct["known_on"] >= CLOSE - pd.Timedelta(days=10), "invoice_id"]
    told = advances.merge(paid[~paid["invoice_id"].isin(new)], on="invoice_id")
    covered = told[told["paid"] >= fen(told["amount"])]
    assert len(covered) > 5_000
    assert (fen(covered["principal"]) == fen(covered["amount"])).all()


def test_what_a_failed_client_keeps_is_not_repaid(history: History, advances: pd.DataFrame):
    invoice = advances["invoice_id"].str[1:].astype(int) - 1
    kept = advances[history.commingled[invoice]]
    cash = history.cash
    through = cash.account == ACCOUNTS.index("client")
    reached = np.where(~through | (history.passed_on != NEVER), cash.amount, 0)
    passed_on = np.bincount(cash.invoice, reached, len(history.commingled)) / 100
    assert len(kept) > 20
    assert (kept["principal"] <= passed_on[invoice[kept.index]] + 0.005).all()
    assert (kept["principal"] < kept["amount"]).mean() > 0.9


def test_a_client_that_passes_money_on_does_so_after_the_debtor_paid(book: Frames):
    rows = book["repayments"].merge(book["advances"][["advance_id", "invoice_id"]], on="advance_id")
    paid = book["payments"][book["payments"]["received_account"] == "client"].groupby("invoice_id")["paid_on"].min()
    through = rows[(rows["payer"] == "client") & rows["invoice_id"].isin(paid.index)]
    assert len(through) > 2_000
    assert (through["paid_on"] >= through["invoice_id"].map(paid)).all()


def test_interest_is_the_facilitys_rate_on_the_principal_for_the_days_it_was_lent(book: Frames):
    rows = book["repayments"].merge(book["advances"][["advance_id", "invoice_id", "advanced_on"]], on="advance_id")
    rows = rows.merge(book["invoices"][["invoice_id", "facility_id"]], on="invoice_id").sort_values("advanced_on")
    terms = book["facilities"][["facility_id", "valid_from", "annual_rate"]].sort_values("valid_from")
    rows = pd.merge_asof(rows, terms, left_on="advanced_on", right_on="valid_from", by="facility_id")
    held = (rows["paid_on"] - rows["advanced_on"]).dt.days
    assert (held >= 0).all()
    interest = rows["principal"] * rows["annual_rate"] * held / 360
    assert (rows["interest"] - interest).abs().max() < 0.00501
    assert rows.groupby("facility_id")["annual_rate"].nunique().max() > 1


def test_the_fee_is_charged_once_with_the_first_repayment(book: Frames):
    charged = book["repayments"][book["repayments"]["fee"] > 0]
    assert not charged["advance_id"].duplicated().any()
    assert set(charged["advance_id"]) == set(book["repayments"]["advance_id"])
    assert (charged.index == book["repayments"].drop_duplicates("advance_id").index).all()


def test_payments_notes_write_offs_and_what_is_open_make_up_each_invoice(book: Frames):
    invoices = book["invoices"].set_index("invoice_id")
    taken = sum(
        fen(book[name].groupby("invoice_id")["amount"].sum()).reindex(invoices.index, fill_value=0)
        for name in ("payments", "credit_notes", "write_offs")
    )
    still_open = fen(invoices["amount"]) - taken
    assert still_open.min() == 0
    written_off = still_open[book["write_offs"]["invoice_id"]]
    assert (written_off == 0).all()
    assert len(written_off) > 20
    old = invoices["due_on"] < CLOSE - pd.Timedelta(days=645)
    assert (still_open[old] == 0).all()


def test_nothing_is_paid_on_an_invoice_after_it_was_written_off(book: Frames):
    paid = book["payments"].groupby("invoice_id")["paid_on"].max()
    last = book["write_offs"]["invoice_id"].map(paid)
    assert last.notna().any()
    assert not (last >= book["write_offs"]["written_off_on"]).any()


def test_an_invoice_is_acted_upon_only_while_it_is_open(book: Frames, history: History):
    actions = book["actions"]
    row = actions["invoice_id"].str[1:].astype(int) - 1
    cleared = balances(history).cleared[row]
    assert (actions["acted_on"].to_numpy().astype("datetime64[D]").astype(int) < cleared).all()
    assert not actions.duplicated(["invoice_id", "rung"]).any()


def test_the_phone_call_that_was_drawn_by_lot_stands_among_the_actions(book: Frames, history: History):
    drawn = history.collected
    calls = book["actions"][book["actions"]["rung"] == "phone"]
    row = calls["invoice_id"].str[1:].astype(int).to_numpy() - 1
    by_lot = np.flatnonzero(drawn.treated & (drawn.day <= history.world.clock.last))
    assert set(by_lot) <= set(row)
    healthy = ~history.outcome.frozen[row]
    assert drawn.treated[row[healthy]].all()
    day = calls["acted_on"].to_numpy().astype("datetime64[D]").astype(int)
    assert (day[healthy] == drawn.day[row[healthy]]).all()


def test_further_rungs_follow_for_debtors_that_have_stopped_paying(book: Frames, truth: Frames):
    actions = book["actions"].merge(truth["action_truth"], on="action_id")
    suits = actions[actions["rung"] == "legal"]
    assert suits["stopped"].mean() > 0.9
    assert not actions.loc[actions["stopped"], "effective"].any()
    costs = actions.groupby("rung")["cost"].max()
    assert costs.is_unique


def test_a_promise_is_kept_exactly_when_the_invoice_is_paid_by_then(book: Frames, truth: Frames):
    told = book["actions"].merge(truth["action_truth"], on="action_id")
    promises = told[told["outcome"] == "promise"]
    paid = book["payments"].groupby("invoice_id")["paid_on"].max()
    invoices = book["invoices"].set_index("invoice_id")
    credited = sum(
        fen(book[n].groupby("invoice_id")["amount"].sum()).reindex(invoices.index, fill_value=0)
        for n in ("payments", "credit_notes")
    )
    whole = (credited == fen(invoices["amount"])).reindex(promises["invoice_id"]).to_numpy()
    past = promises["promised_on"] < CLOSE - pd.Timedelta(days=20)
    seen = whole & (promises["invoice_id"].map(paid) <= promises["promised_on"])
    assert past.sum() > 2_000
    assert (seen[past] == promises.loc[past, "kept"]).all()


def test_amendments_leave_the_due_date_of_the_invoice_as_it_was(book: Frames):
    amended = book["amendments"]
    invoice = amended["target_id"].str.replace("A", "I")
    due = invoice.map(book["invoices"].set_index("invoice_id")["due_on"])
    assert (amended["old_due"] == due).all()
    assert (amended["new_due"] > amended[["old_due", "agreed_on"]].max(axis=1)).all()
    advanced = amended[amended["target"] == "advance"]["target_id"]
    assert set(advanced) <= set(book["advances"]["advance_id"])
    assert 0 < len(advanced) < len(amended)


def test_the_financing_balance_is_what_is_advanced_less_what_is_repaid_at_the_rates_of_the_day(book: Frames):
    market = book["market"].query("series == 'FX:USD/CNY'").set_index("on")["value"]
    advances = book["advances"].merge(book["invoices"][["invoice_id", "currency"]], on="invoice_id")
    repaid = book["repayments"].merge(advances[["advance_id", "currency"]], on="advance_id")
    assert set(advances["currency"]) == {"CNY", "USD"}
    for month, balance in book["factor_accounts"].set_index("month")["financing_balance"].items():
        out = advances[advances["known_on"] <= month].groupby("currency")["amount"].sum()
        back = repaid[repaid["known_on"] <= month].groupby("currency")["principal"].sum()
        outstanding = out.sub(back, fill_value=0)
        assert balance == pytest.approx(outstanding["CNY"] + outstanding["USD"] * market[:month].iloc[-1], abs=0.011)


def test_the_factor_keeps_the_regulators_ratios_but_for_the_stated_months(book: Frames, history: History):
    accounts = book["factor_accounts"]
    thin = accounts["risk_reserve"] < 0.01 * accounts["financing_balance"]
    assert thin.sum() == history.world.law.treasury.thin_months
    assert (accounts["risk_assets"] <= 10 * accounts["net_assets"]).all()
    assert (accounts["risk_assets"] >= accounts["financing_balance"]).all()


def test_what_is_borrowed_follows_what_is_lent(book: Frames, history: History):
    loans, accounts = book["fundings"], book["factor_accounts"]
    owed = [
        loans.loc[(loans["drawn_on"] <= month) & (loans["due_on"] > month), "amount"].sum()
        for month in accounts["month"]
    ]
    share = np.array(owed) / accounts["financing_balance"]
    target = history.world.law.treasury.borrowed_share
    assert share.min() > 0.94 * target
    assert share.median() < 1.1 * target


def test_where_all_debtors_pay_their_suppliers_only_others_send_receipts():
    law = demo_law(**{"accounts.astray": 1.0, "recovery.buy_back_rate": 0.0, "receipts.stray_share": 0.0})
    history = draw(invoices=3_000, law=law)
    matched = payments_table(history).dropna(subset="receipt_id")
    assert set(matched["payer"]) <= {"guarantor"}
    assert len(desk.tables(history)["receipts"]) == matched["receipt_id"].nunique()
    assert (desk.tables(history)["repayments"]["payer"] == "client").mean() > 0.9
