"""Ledgers made with known roll rates, cures and maturation: the study finds them again."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.book import Book
from riskmodels.models.bad_definition import maturation, roll_rates, study

START, END = pd.Timestamp("2022-01-01"), date(2025, 12, 31)
DAYS = (pd.Timestamp(END) - START).days


def ledger(issued: np.ndarray, terms: np.ndarray, dpd: np.ndarray, debtor: np.ndarray) -> Book:
    """Invoices of 100 issued so many days after the start and paid `dpd` days past due; never when it is infinite."""
    days = START + pd.to_timedelta(issued, unit="D")
    due = days + pd.to_timedelta(terms, unit="D")
    names = [f"i{k}" for k in range(len(issued))]
    parties = {"client_id": "c", "debtor_id": [f"d{k}" for k in debtor], "currency": "CNY"}
    invoices = pd.DataFrame({"invoice_id": names, **parties, "amount": 100.0, "issued_on": days, "due_on": due})
    paid = np.isfinite(dpd)
    on = due[paid] + pd.to_timedelta(dpd[paid], unit="D")
    columns = {"payment_id": np.flatnonzero(paid).astype(str), "invoice_id": np.array(names)[paid], "paid_on": on}
    tables = {"invoices": invoices, "payments": pd.DataFrame({**columns, "amount": 100.0})}

    def attach(connection):
        for name, frame in tables.items():
            connection.register(f"source_{name}", frame)
        return {name: f"source_{name}" for name in tables}

    return Book("made", attach)


def test_roll_rates_and_the_flow_to_loss_are_recovered():
    rng = np.random.default_rng(11)
    n, late, stay = 40_000, 0.4, 0.8
    rate = -np.log(stay) / 30
    dpd = np.where(rng.random(n) < late, np.ceil(rng.exponential(1 / rate, n)), 0)
    made = ledger(rng.integers(0, DAYS, n), rng.integers(30, 91, n), dpd, rng.integers(0, 500, n))
    found = roll_rates(made, END)
    first = late * np.exp(-rate * np.arange(1, 31)).mean()
    truth = np.array([first, *[stay] * 12])
    for measure in ("amount", "number"):
        rates = found.rates[found.rates["measure"] == measure]
        assert rates["rate"].to_numpy()[:8] == pytest.approx(truth[:8], abs=0.03)
        held = (rates["low"] <= truth) & (truth <= rates["high"])
        assert held.sum() >= 11
        flow = found.flow[found.flow["measure"] == measure].iloc[0]
        assert flow["low"] < truth.prod() < flow["high"]
        assert flow["flow"] == pytest.approx(truth.prod(), rel=0.25)


def test_the_days_from_which_obligors_stay_are_recovered():
    rng = np.random.default_rng(12)
    n, never, mean = 8_000, 0.035, 25.0
    dpd = np.where(rng.random(n) < never, np.inf, np.ceil(rng.exponential(mean, n)))
    found = study(ledger(rng.integers(0, DAYS, n), np.full(n, 30), dpd, np.arange(n)), END)
    table = found.evidence.cures.set_index("dpd")
    truth = {d: never / (never + (1 - never) * np.exp(-d / mean)) for d in table.index}
    assert found.threshold == next(d for d, share in truth.items() if share >= 0.5) == 90
    assert table["uncured"].to_dict() == pytest.approx(truth, abs=0.06)
    held = [table.loc[d, "low"] < share < table.loc[d, "high"] for d, share in truth.items()]
    assert sum(held) >= len(held) - 1
    assert any("is the one the book justifies" in line for line in found.reasons)


def test_the_window_is_recovered_though_young_cohorts_are_the_larger():
    rng = np.random.default_rng(13)
    n, bad = 30_000, 0.06
    # Trade grows, so half of the book is younger than a year: the plain share of bad is far below its final level.
    issued = (DAYS * rng.random(n) ** 0.4).astype(int)
    terms = rng.choice([30, 90, 180], n)
    dpd = np.where(rng.random(n) < bad, np.inf, 0.0)
    made = ledger(issued, terms, dpd, rng.integers(0, 800, n))
    found = maturation(made, END, [30])
    curve = found.pooled.query("measure == 'number'").set_index("age")["share"]
    assert curve.loc[[3, 5, 9, 24]].tolist() == pytest.approx([0.02, 0.04, 0.06, 0.06], abs=0.004)
    last = found.vintages.groupby("cohort").last()
    assert last["bad_number"].sum() / n < 0.05
    assert found.windows["months"].tolist() == [7, 7]
    assert found.windows["justified"].all()


def test_a_book_too_short_to_see_the_last_to_go_bad_justifies_no_window():
    rng = np.random.default_rng(14)
    n = 8_000
    dpd = np.where(rng.random(n) < 0.06, np.inf, 0.0)
    made = ledger(rng.integers(0, 240, n), rng.choice([30, 90, 180], n), dpd, rng.integers(0, 300, n))
    found = maturation(made, (START + pd.Timedelta(days=240)).date(), [30])
    assert not found.windows["justified"].any()
    assert found.windows["bad"].min() > 20
