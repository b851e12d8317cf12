import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.book import Book
from riskmodels.book.garble import crowded, garbled
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.datasets import demo
from riskmodels.models.dilution import (
    DilutionHistory,
    DilutionModel,
    development,
    dilution_history,
    dilution_reserve,
    dynamic_reserve,
    maturation,
    matured_rates,
    pair_rates,
    period_rates,
    shrunk,
    vintages,
)
from riskmodels.models.dilution.history import month_name, month_number
from riskmodels.models.dilution.maturation import volatility
from riskmodels.models.dilution.model import prior_size
from riskmodels.models.inputs import SampleError

JUNE = month_number(date(2026, 6, 30))


def book_of(**tables):
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}

    def attach(con):
        for name, frame in frames.items():
            con.register(f"given_{name}", frame)
        return {name: f"given_{name}" for name in frames}

    return Book("made", attach)


def invoice(key, issued, amount=100.0, **more):
    own = {"invoice_id": key, "client_id": "C1", "debtor_id": "D1", "currency": "CNY", "issued_on": issued}
    return own | {"known_on": issued, "due_on": "2026-12-31", "amount": amount} | more


def note(key, on, amount, known=None):
    own = {"note_id": f"N-{key}-{on}", "invoice_id": key, "issued_on": on, "amount": amount}
    return own | {"known_on": known or on}


LEDGER = {
    "invoices": [
        invoice("I1", "2026-04-10", 100.0),
        invoice("I2", "2026-05-10", 200.0, client_id="C2"),
        invoice("I3", "2026-06-10", 300.0),
    ],
    "credit_notes": [note("I1", "2026-04-20", 4.0), note("I1", "2026-06-01", 6.0), note("I2", "2026-05-30", 10.0)],
}


def grown(monthly, lags, months=24, seed=None, amount=1e6):
    """A history of one pair: the same amount each month, of which `monthly` x `lags` is credited by lag."""
    rng = np.random.default_rng(seed)
    rows, notes = [], []
    for i in range(months):
        vintage = JUNE - months + 1 + i
        rows.append(("C1", "D1", vintage, 100, amount, amount**2 / 100))
        for lag, share in enumerate(lags):
            if vintage + lag <= JUNE:
                value = amount * monthly * share * (1 if seed is None else rng.gamma(25, 1 / 25))
                notes.append(("C1", "D1", vintage, lag, value, value**2 / 100))
    names = ["client_id", "debtor_id", "vintage"]
    invoiced = pd.DataFrame(rows, columns=[*names, "invoices", "amount", "squares"])
    return DilutionHistory(
        invoiced, pd.DataFrame(notes, columns=[*names, "lag", "amount", "squares"]), JUNE, 2 * amount
    )


LAGS = (0.1, 0.3, 0.4, 0.2)


def test_the_rate_of_a_period_is_notes_over_gross_invoices():
    found = period_rates(book_of(**LEDGER), date(2026, 6, 30))
    assert found["rate"].iloc[0] == pytest.approx(20 / 600)
    by_client = period_rates(book_of(**LEDGER), date(2026, 6, 30), by=["client_id"]).set_index("client_id")
    assert by_client["rate"].to_dict() == pytest.approx({"C1": 10 / 400, "C2": 10 / 200})


def test_a_note_on_an_invoice_of_before_counts_in_its_own_period():
    short = period_rates(book_of(**LEDGER), date(2026, 6, 30), days=31).iloc[0]
    assert (short["invoiced"], short["credited"]) == (300, 6)


def test_a_note_known_later_is_not_seen():
    late = LEDGER | {"credit_notes": [*LEDGER["credit_notes"], note("I3", "2026-06-15", 30.0, "2026-07-05")]}
    for as_of, credited in ((date(2026, 6, 30), 20.0), (date(2026, 7, 31), 50.0)):
        assert period_rates(book_of(**late), as_of)["credited"].iloc[0] == credited


def test_the_history_follows_each_month_s_own_invoices():
    found = dilution_history(book_of(**LEDGER), date(2026, 6, 30))
    rows = found.credited[["vintage", "lag", "amount"]].itertuples(index=False, name=None)
    assert sorted(rows) == [(JUNE - 2, 0, 4.0), (JUNE - 2, 2, 6.0), (JUNE - 1, 0, 10.0)]
    assert found.open == 580
    assert month_name(found.last) == "2026-06"


def test_what_is_written_off_is_open_no_longer():
    rows = [invoice("I1", "2026-05-03"), invoice("I2", "2026-05-03")]
    lost = [{"invoice_id": "I2", "written_off_on": "2026-06-20", "amount": 60.0}]
    notes = [note("I1", "2026-05-10", 10.0)]
    day = date(2026, 6, 30)
    assert dilution_history(book_of(invoices=rows, credit_notes=notes), day).open == 190
    assert dilution_history(book_of(invoices=rows, credit_notes=notes, write_offs=lost), day).open == 130


def test_the_triangle_ends_where_a_month_isn_t_over_and_ties_to_the_vintages():
    history = grown(0.04, LAGS, months=6)
    pattern = maturation(history, 3)
    table = development(history, pattern)
    ages = table[["0", "1", "2", "3"]]
    assert ages.notna().sum(axis=1).tolist() == [4, 4, 4, 3, 2, 1]
    assert (ages.diff(axis=1).iloc[:, 1:].fillna(0) >= 0).all(axis=None)
    assert ages.ffill(axis=1)["3"].tolist() == pytest.approx(vintages(history, pattern)["raw"].tolist())


def test_a_month_that_is_not_over_is_left_out():
    found = dilution_history(book_of(**LEDGER), date(2026, 6, 29))
    assert found.last == JUNE - 1
    assert found.invoiced["amount"].sum() == 300
    assert found.credited["amount"].sum() == 14


def test_a_book_without_credit_notes_can_t_tell_dilution():
    bare = {"invoices": LEDGER["invoices"]}
    for ask in (period_rates, dilution_history):
        with pytest.raises(DataRefused, match="made: no rows in table credit_notes"):
            ask(book_of(**bare), date(2026, 6, 30))
    with pytest.raises(Misuse, match=r"by: found \['region'\]"):
        period_rates(book_of(**LEDGER), date(2026, 6, 30), by=["region"])


def test_credits_come_as_they_were_planted():
    pattern = maturation(grown(0.05, LAGS))
    assert pattern.rates[:4] == pytest.approx(0.05 * np.array(LAGS))
    assert pattern.expected == pytest.approx(0.05)
    assert pattern.lag == pytest.approx(1.7)
    assert pattern.emerged[:4] == pytest.approx([0.1, 0.4, 0.8, 1.0])


def test_a_young_month_is_not_called_low():
    history = grown(0.05, LAGS)
    table = vintages(history, maturation(history))
    assert table["raw"].iloc[-1] == pytest.approx(0.005)
    assert table["rate"].to_numpy() == pytest.approx(0.05)
    assert table["chain_ladder"].to_numpy() == pytest.approx(0.05)
    assert list(table["ripe"].tail(4)) == [True, False, False, False]


def test_a_young_month_without_a_note_still_expects_some():
    history = grown(0.05, LAGS)
    bare = history.credited[history.credited["vintage"] < JUNE]
    quiet = DilutionHistory(history.invoiced, bare, JUNE, history.open)
    last = vintages(quiet, maturation(quiet)).iloc[-1]
    assert last["raw"] == 0
    assert last["chain_ladder"] == 0
    assert last["rate"] > 0.04


def test_a_spike_in_an_old_month_stays_its_own():
    history = grown(0.05, LAGS)
    spiked = history.credited.copy()
    spiked.loc[spiked["vintage"] == JUNE - 10, "amount"] *= 3
    found = DilutionHistory(history.invoiced, spiked, JUNE, history.open)
    table = vintages(found, maturation(found)).set_index("month")
    assert table.loc[month_name(JUNE - 10), "rate"] == pytest.approx(0.15)
    assert volatility(table.reset_index()) > volatility(vintages(history, maturation(history)))


def test_credits_beyond_the_longest_lag_are_left_out_and_told():
    pattern = maturation(grown(0.05, LAGS), longest=2)
    assert pattern.expected == pytest.approx(0.04)
    assert 0.1 < pattern.beyond < 0.3


def test_months_without_invoices_have_no_rate():
    history = grown(0.05, LAGS)
    gap = JUNE - 12
    sold = history.invoiced[history.invoiced["vintage"] != gap]
    noted = history.credited[history.credited["vintage"] != gap]
    table = vintages(*(lambda h: (h, maturation(h)))(DilutionHistory(sold, noted, JUNE, 1.0))).set_index("month")
    assert np.isnan(table.loc[month_name(gap), "rate"])
    assert table["rate"].dropna().to_numpy() == pytest.approx(0.05)


def test_a_history_without_credits_expects_none():
    history = grown(0.0, LAGS)
    pattern = maturation(history)
    assert pattern.expected == 0
    assert np.isnan(pattern.lag)
    assert dynamic_reserve(history).rate == 0


def test_the_reserve_is_that_of_the_formula():
    # 2 x 3 % + (5 % - 3 %) x 5 % / 3 %, over a horizon in which as much was invoiced as is open
    assert dilution_reserve(0.03, 0.05, 1.0, 2.0) == pytest.approx(0.06 + 0.02 * 5 / 3)
    assert dilution_reserve(0.03, 0.05, 0.5, 2.0) == pytest.approx((0.06 + 0.02 * 5 / 3) / 2)


def test_a_reserve_never_takes_more_than_all_and_needs_something_to_reserve_for():
    assert dilution_reserve(0.4, 0.9, 2.0) == 1
    assert dilution_reserve(0.0, 0.0, 1.0) == 0
    assert dilution_reserve(0.0, 0.1, 1.0) == 1
    assert dilution_reserve(0.05, 0.01, 1.0, 2.0) == pytest.approx(0.1)


@pytest.mark.parametrize("bad", [(-0.1, 0.1, 1.0, 2.0), (0.1, np.nan, 1.0, 2.0), (0.1, 0.1, 1.0, 0.5)])
def test_a_reserve_of_impossible_rates_is_misuse(bad):
    with pytest.raises(Misuse, match="found"):
        dilution_reserve(*bad)


def test_the_book_s_reserve_says_what_it_is_made_of():
    history = grown(0.05, LAGS)
    found = dynamic_reserve(history)
    # the mean lag is 1.7 months: two months' invoices over the open balance of two
    assert (found.horizon, found.horizon_ratio) == (2, pytest.approx(1.0))
    assert found.rate == pytest.approx(2 * 0.05)
    assert found.amount == pytest.approx(found.rate * 2e6)
    with pytest.raises(DataRefused, match=r"open balance of 0\.00"):
        dynamic_reserve(DilutionHistory(history.invoiced, history.credited, JUNE, 0.0))


def test_a_small_pair_is_drawn_to_its_client_a_large_one_is_not():
    rate = np.array([0.0, 0.3, 0.02, 0.1, 0.05, 0.08])
    trials = np.array([3.0, 3.0, 5000.0, 5000.0, 4000.0, 4000.0])
    found = shrunk(rate, trials, np.array(["a", "a", "a", "a", "b", "b"]))
    assert found["rate"].iloc[2:].to_numpy() == pytest.approx(rate[2:], abs=0.005)
    assert (found["rate"].iloc[:2] - found["client_rate"].iloc[:2]).abs().max() < 0.03
    assert (found["low"] < found["rate"]).all()
    assert (found["rate"] < found["high"]).all()
    assert (found["high"] - found["low"]).iloc[0] > 3 * (found["high"] - found["low"]).iloc[2]


def test_a_pair_without_a_record_takes_its_client_s_rate():
    found = shrunk(np.array([0.1, 0.1, 0.0]), np.array([800.0, 900.0, 0.0]), np.array(["a", "a", "a"]))
    assert found["rate"].iloc[2] == pytest.approx(found["client_rate"].iloc[2])


def test_a_book_of_no_dilution_has_none_anywhere():
    found = shrunk(np.zeros(5), np.full(5, 100.0), np.arange(5))
    assert (found[["rate", "low", "high"]] == 0).all(axis=None)


def test_rates_that_are_no_shares_are_refused():
    with pytest.raises(DataRefused, match=r"rates: found some outside \[0, 1\]"):
        shrunk(np.array([1.2]), np.array([5.0]), np.array(["a"]))


def test_young_invoices_count_for_the_part_of_their_credits_that_has_come():
    history = grown(0.05, LAGS)
    pair = pair_rates(history, maturation(history)).iloc[0]
    # 21 ripe months and .8, .4 and .1 of the last three
    assert pair["exposure"] == pytest.approx(22.3e6)
    assert pair["raw"] == pytest.approx(0.05)


def test_rates_by_client_and_debtor_add_up_to_the_book_s():
    history = dilution_history(book_of(**LEDGER), date(2026, 6, 30))
    pattern = maturation(history)
    for by in (["client_id"], ["debtor_id"], ["client_id", "debtor_id"]):
        table = matured_rates(history, pattern, by)
        assert table["credited"].sum() == 20
        assert table["exposure"].sum() * pattern.expected == pytest.approx(20)
    with pytest.raises(Misuse, match=r"by: found \['region'\]"):
        matured_rates(history, pattern, ["region"])


@pytest.fixture(scope="module")
def pairs():
    rng = np.random.default_rng(5)
    n = 800
    frame = pd.DataFrame({"textile": rng.integers(0, 2, n), "orders": rng.normal(size=n)})
    mean = 1 / (1 + np.exp(-(-3.2 + 0.9 * frame["textile"] + 0.3 * frame["orders"]).to_numpy()))
    true = rng.beta(60 * mean, 60 * (1 - mean))
    trials = rng.integers(2, 300, n)
    return frame, true, rng.binomial(trials, true) / trials, trials.astype(float), mean


def test_the_model_and_a_pair_s_record_are_weighed_by_what_they_rest_on(pairs):
    frame, true, rate, trials, _ = pairs
    model = DilutionModel().fit(frame, rate, trials, trials=trials)
    found = model.posterior(frame, rate, trials)
    error = {name: ((v - true) ** 2).mean() for name, v in (("own", rate), ("model", model.predict(frame)))}
    assert ((found["rate"] - true) ** 2).mean() < 0.8 * min(error.values())
    inside = ((found["low"] <= true) & (true <= found["high"])).mean()
    assert 0.92 < inside < 0.98


def test_without_trials_the_record_changes_nothing(pairs):
    frame, _, rate, trials, _ = pairs
    model = DilutionModel().fit(frame, rate)
    assert model.posterior(frame, rate, trials)["rate"].to_numpy() == pytest.approx(model.predict(frame), rel=1e-3)


def test_a_stored_model_gives_the_same_bits(pairs):
    frame, _, rate, trials, _ = pairs
    model = DilutionModel().fit(frame, rate, trials, trials=trials)
    again = DilutionModel.from_state(json.loads(json.dumps(model.to_state(), allow_nan=False)))
    pd.testing.assert_frame_equal(again.posterior(frame, rate, trials), model.posterior(frame, rate, trials))
    assert again.card() == model.card()


def test_trials_that_don_t_fit_are_refused(pairs):
    frame, _, rate, trials, _ = pairs
    with pytest.raises(SampleError, match="trials: found"):
        DilutionModel().fit(frame, rate, trials=trials[:5])
    with pytest.raises(SampleError, match="rate: found values outside"):
        DilutionModel().fit(frame, rate).posterior(frame, rate + 1, trials)


def test_rates_that_scatter_by_chance_only_trust_the_model_wholly():
    rng = np.random.default_rng(0)
    trials = np.full(500, 50.0)
    rate = rng.binomial(50, 0.1, 500) / 50
    assert prior_size(rate, np.full(500, 0.1), trials, 1) > 500


@pytest.fixture(scope="module")
def demo_book():
    return demo(invoices=4000, seed=20).book


@pytest.mark.parametrize("future", [garbled, crowded])
def test_another_future_changes_no_bit_of_a_history(demo_book, future):
    day = date(2025, 6, 30)
    found, other = (dilution_history(b, day) for b in (demo_book, future(demo_book, day)))
    assert len(found.credited) > 50
    pd.testing.assert_frame_equal(found.invoiced, other.invoiced, check_exact=True)
    pd.testing.assert_frame_equal(found.credited, other.credited, check_exact=True)
    assert found.open == other.open


def test_the_demo_book_s_dilution_is_of_one_piece(demo_book):
    """History, vintages, pairs and reserve of one ledger agree on what was invoiced and credited."""
    history = dilution_history(demo_book, date(2026, 6, 30))
    pattern = maturation(history)
    table, rows = vintages(history, pattern), pair_rates(history, pattern)
    assert (
        table["invoiced"].sum()
        == pytest.approx(rows["invoiced"].sum())
        == pytest.approx(history.invoiced["amount"].sum())
    )
    assert table["credited"].sum() == pytest.approx(rows["credited"].sum())
    assert (rows["low"] <= rows["rate"]).all()
    assert (rows["rate"] <= rows["high"]).all()
    assert rows["rate"].std() < rows["raw"].std()
    book_rate = np.average(rows["rate"], weights=rows["exposure"])
    assert book_rate == pytest.approx(pattern.expected, rel=0.1)
    assert 0 < dynamic_reserve(history).rate < 1
