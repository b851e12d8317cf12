"""Small random books of what is known of parties: restated accounts, late months, versions, revised series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from feature_books import random_frames

from riskmodels.book.schema.parties import EVENT_KINDS
from riskmodels.features.facts.accounts import AMOUNTS

START, DAYS = np.datetime64("2023-10-01"), 1000
DEBTORS = [f"D{i}" for i in range(16)]
CLIENTS = [f"C{i}" for i in range(8)]
PARTIES = [*DEBTORS, *CLIENTS, "X1"]
INDUSTRIES = ("machinery", "food", "toys")
Rng = np.random.Generator


def party_frames(seed: int) -> dict[str, pd.DataFrame]:
    """The tables of a random book in which each party has all kinds of things known of it."""
    rng = np.random.default_rng(seed)
    ledger = random_frames(seed, n=120, days=800, currencies=("CNY", "USD"))
    ledger["invoices"]["debtor_id"] = rng.choice(DEBTORS, len(ledger["invoices"]))
    ledger["invoices"]["client_id"] = rng.choice(CLIENTS, len(ledger["invoices"]))
    known = {
        "parties": parties(rng),
        "financials": financials(rng),
        "bank_flows": bank_flows(rng),
        "party_events": party_events(rng),
        "market": market(rng),
        "ratings": ratings(rng),
        "kyc": kyc(rng),
    }
    return {**ledger, **{name: dated(frame) for name, frame in known.items()}}


def parties(rng: Rng) -> pd.DataFrame:
    """One to four versions of each party, some overtaken before they came into force."""
    rows = [_party(rng, p, k) for p in PARTIES for k in range(int(rng.integers(1, 5)))]
    return pd.DataFrame(rows).drop_duplicates(["party_id", "valid_from"])


def _party(rng: Rng, party: str, k: int) -> dict[str, Any]:
    valid = START + int(rng.integers(0, 60)) + 200 * k
    return {
        "party_id": party,
        "valid_from": valid,
        "roles": "debtor" if party in DEBTORS else "client",
        "industry": INDUSTRIES[0] if rng.random() < 0.85 else some(rng, INDUSTRIES),
        "size": some(rng, ("micro", "small", "medium", "large")),
        "ownership": some(rng, ("state", "private", "foreign", "listed")),
        "founded_on": START - int(rng.integers(100, 9000)) if rng.random() < 0.8 else None,
        "registered_capital": some(rng, (1_000_000.0, 2_500_000.5)),
        "group_id": some(rng, ("G1",)),
        "anchor_id": some(rng, DEBTORS[:3]),
        "external_rating": some(rng, ("AAA", "aa-", " BBB ", "Baa3", "D", "stable")),
        "founder_score": some(rng, (40.0, 55.5, 71.0)),
        "shareholder_concentration": some(rng, (0.1, 0.51, 1.0)),
        "industry_position": some(rng, ("leading", "middle", "lagging")),
        "known_on": valid + int(rng.choice([0, 0, -30, 10, 250])),
    }


def financials(rng: Rng) -> pd.DataFrame:
    """Quarterly statements with gaps, restatements and some that become known after later ones."""
    ends = pd.date_range("2022-06-30", periods=15, freq="QE")
    rows = [
        _statement(rng, p, e, k) for p in PARTIES for e in ends for k in range(int(rng.choice([0, 1, 1, 1, 1, 1, 2])))
    ]
    return pd.DataFrame(rows).drop_duplicates(["party_id", "period_end", "published_on"])


def _statement(rng: Rng, party: str, end: Any, again: int) -> dict[str, Any]:
    published = end + pd.Timedelta(days=int(rng.integers(10, 90)) + again * int(rng.integers(0, 300)))
    amounts = {a: int(rng.integers(1, 9_000_000)) / 100 if rng.random() < 0.93 else None for a in AMOUNTS}
    for name in ("ebit", "net_income", "equity", "operating_cash_flow"):
        amounts[name] = None if amounts[name] is None else amounts[name] - 30_000
    return {
        "party_id": party,
        # an end of its own within the month, now and then
        "period_end": end - pd.Timedelta(days=int(rng.choice([0, 0, 0, 1]))),
        "published_on": published,
        "months": int(end.month) if rng.random() < 0.9 else some(rng, (12,)),
        "audited": some(rng, (True, False)),
        "currency": "CNY" if rng.random() < 0.9 else "USD",
        **amounts,
        "known_on": published + pd.Timedelta(days=int(rng.choice([0, 0, 5, 200]))),
    }


def bank_flows(rng: Rng) -> pd.DataFrame:
    """Months with gaps, some known late or all at once."""
    months = pd.date_range("2023-01-31", periods=36, freq="ME")
    return pd.DataFrame([_month(rng, p, m) for p in PARTIES[::2] for m in months if rng.random() < 0.85])


def _month(rng: Rng, party: str, month: Any) -> dict[str, Any]:
    late = int(rng.choice([5, 10, 120]))
    return {
        "party_id": party,
        "month": month,
        "currency": "CNY" if rng.random() < 0.9 else "USD",
        "inflow": _amount(rng, 0),
        "outflow": _amount(rng, 0),
        "minimum_balance": _amount(rng, -2_000_000),
        "known_on": max(month + pd.Timedelta(days=late), pd.Timestamp("2023-11-20")),
    }


def _amount(rng: Rng, low: int) -> float | None:
    return int(rng.integers(low, 9_000_000)) / 100 if rng.random() < 0.9 else None


def party_events(rng: Rng, n: int = 200) -> pd.DataFrame:
    """Events of all kinds, read some time after they happened."""
    occurred = START + rng.integers(-200, DAYS, n)
    return pd.DataFrame(
        {
            "event_id": [f"E{i:04d}" for i in range(n)],
            "party_id": rng.choice(PARTIES, n),
            "kind": rng.choice(EVENT_KINDS, n),
            "severity": [some(rng, (1, 2, 3, 4, 5)) for _ in range(n)],
            "occurred_on": occurred,
            "known_on": occurred + rng.choice([0, 3, 90], n),
        }
    )


def market(rng: Rng) -> pd.DataFrame:
    """Series with revisions, values announced before their day, and a few days without a value."""
    series = [*(f"sentiment:{i}" for i in INDUSTRIES), "price:steel", "price:copper", "price:wheat"]
    series += ["policy rate:LPR 1Y", "FX:USD/CNY", "FX:EUR/CNY"]
    rows = []
    for name in series:
        for on in START + np.arange(-120, DAYS, 9 if name.startswith(("price", "FX")) else 30):
            for _ in range(int(rng.choice([0, 1, 1, 1, 2]))):
                value = round(float(rng.normal(50, 8)), 4)
                rows.append({"series": name, "on": on, "value": value, "known_on": on + int(rng.integers(-5, 40))})
    return pd.DataFrame(rows).drop_duplicates(["series", "on", "known_on"])


def ratings(rng: Rng) -> pd.DataFrame:
    """Ratings, some of another scale, some known late."""
    rows = [_rating(rng, p) for p in PARTIES for _ in range(int(rng.integers(0, 6)))]
    return pd.DataFrame(rows).drop_duplicates(["party_id", "rated_on"])


def _rating(rng: Rng, party: str) -> dict[str, Any]:
    rated = START + int(rng.integers(0, DAYS))
    return {
        "party_id": party,
        "rated_on": rated,
        "model_grade": some(rng, ("1", "4", "7", "BB")),
        "final_grade": some(rng, ("1", "3", "6", "BB")),
        "known_on": rated + int(rng.choice([0, 0, 2, 150])),
    }


def kyc(rng: Rng) -> pd.DataFrame:
    """Checks of each item, done again now and then, before or after they ran out."""
    rows = [_check(rng, p, i) for p in PARTIES for i in ("identity", "licence") for _ in range(int(rng.integers(0, 5)))]
    return pd.DataFrame(rows).drop_duplicates(["party_id", "item", "checked_on"])


def _check(rng: Rng, party: str, item: str) -> dict[str, Any]:
    checked = START + int(rng.integers(0, DAYS))
    return {
        "party_id": party,
        "item": item,
        "checked_on": checked,
        "expires_on": checked + int(rng.integers(0, 400)) if rng.random() < 0.8 else None,
        "result": some(rng, ("passed", "passed", "failed", "incomplete")),
        "known_on": checked + int(rng.choice([0, 0, 4, 100])),
    }


def some(rng: Rng, values: Any) -> Any:
    """One of the values; now and then none."""
    return values[int(rng.integers(len(values)))] if rng.random() < 0.85 else None


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Date columns as DuckDB reads them best."""
    days = [c for c in frame if str(c) == "on" or str(c).endswith(("_on", "_from", "_end", "month"))]
    return frame.assign(**{c: pd.to_datetime(frame[c]).astype("datetime64[us]") for c in days})
