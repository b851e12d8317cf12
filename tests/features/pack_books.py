"""Small random books of a trade: the tables of its pack around the invoices of the house's random books."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd
from feature_books import random_frames

from riskmodels.book.book import Book
from riskmodels.book.schema import with_packs
from riskmodels.features.pack import Pack, shipped

Frames = dict[str, pd.DataFrame]
START = np.datetime64("2023-12-01")
PARTIES = [*(f"C{c}" for c in range(4)), *(f"D{d}" for d in range(7)), "X0"]


def pack_book(name: str, seed: int = 3, leave_out: tuple[str, ...] = ()) -> Book:
    """A random book with the tables of a shipped pack."""
    frames = pack_frames(name, seed)
    return opened({t: f for t, f in frames.items() if t not in leave_out}, shipped()[name])


def pack_frames(name: str, seed: int = 3) -> Frames:
    """The tables of such a book: the house's, then the pack's, dates as they would be in a database."""
    rng = np.random.default_rng([seed, 7])
    frames = random_frames(seed, n=120, currencies=("CNY", "USD"))
    frames["invoices"]["contract_no"] = rng.choice(["K1", "K2", "K3", "K4", "K5", None], 120)
    frames |= {t: _dated(f) for t, f in _MADE[name](rng, frames).items()}
    return frames


def opened(frames: Frames, *packs: Pack) -> Book:
    """The book of frames, read with packs."""

    def attach(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
        known = [table for table in frames if table in schema]
        for table in known:
            con.register(f"given_{table}", frames[table])
        return {table: f"given_{table}" for table in known}

    schema = with_packs(packs)
    return Book("trade", attach, schema=schema)


def _days(rng: np.random.Generator, n: int, since: object = START, most: int = 800) -> np.ndarray:
    return np.asarray(since, "M8[D]") + rng.integers(0, most, n)


def _some(rng: np.random.Generator, values: np.ndarray, share: float = 0.7) -> pd.Series:
    """The values, some of them empty."""
    return pd.Series(values).where(rng.random(len(values)) < share)


def _known(rng: np.random.Generator, day: np.ndarray) -> np.ndarray:
    return day + rng.choice([0, 0, 0, 3, 40], len(day))


def _money(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.integers(100, 1_000_000, n) / 100


def _versions(rng: np.random.Generator, n: int, keys: list[str], column: str) -> pd.DataFrame:
    day = _days(rng, n, most=700)
    frame = pd.DataFrame({column: rng.choice(keys, n), "valid_from": day, "known_on": _known(rng, day)})
    return frame.drop_duplicates([column, "valid_from"]).reset_index(drop=True)


def _construction(rng: np.random.Generator, frames: Frames) -> Frames:
    contracts, n = ["K1", "K2", "K3", "K4", "K9"], 90
    agreed, kept = _days(rng, n, most=500), _days(rng, n)
    planned = agreed + rng.integers(0, 200, n)
    reached = planned + rng.integers(-30, 120, n)
    released = kept + rng.integers(0, 400, n)
    months = pd.date_range("2023-12-31", periods=26, freq="ME").to_numpy("M8[D]")
    works = _versions(rng, 14, contracts, "contract_no")
    milestones = {
        "milestone_id": [f"M{i}" for i in range(n)],
        "contract_no": rng.choice(contracts, n),
        "agreed_on": agreed,
        "planned_on": planned,
        "currency": rng.choice(["CNY", "USD"], n, p=[0.8, 0.2]),
        "amount": _money(rng, n),
        "reached_on": _some(rng, reached),
        "approved_on": _some(rng, reached + rng.integers(0, 60, n), 0.6),
        "known_on": _known(rng, agreed),
    }
    milestones["approved_amount"] = pd.Series(_money(rng, n)).where(milestones["approved_on"].notna())
    retentions = {
        "retention_id": [f"R{i}" for i in range(n)],
        "contract_no": rng.choice(contracts, n),
        "withheld_on": kept,
        "currency": rng.choice(["CNY", "USD"], n, p=[0.8, 0.2]),
        "amount": _money(rng, n),
        "due_on": kept + rng.integers(0, 300, n),
        "released_on": _some(rng, released, 0.5),
        "known_on": _known(rng, kept),
    }
    retentions["released_amount"] = pd.Series(_money(rng, n)).where(retentions["released_on"].notna())
    wages = pd.MultiIndex.from_product([contracts, months], names=["contract_no", "month"]).to_frame(index=False)
    m = len(wages)
    wages = wages.assign(
        currency="CNY", payable=_money(rng, m), funded=_some(rng, _money(rng, m)), paid=_some(rng, _money(rng, m))
    )
    return {
        "works": works.assign(currency="CNY", subcontract_tier=rng.integers(0, 4, len(works))),
        "milestones": pd.DataFrame(milestones),
        "retentions": pd.DataFrame(retentions),
        "wage_accounts": wages.assign(known_on=_known(rng, wages["month"].to_numpy("M8[D]"))),
    }


def _auto_parts(rng: np.random.Generator, frames: Frames) -> Frames:
    programmes = _versions(rng, 16, ["K1", "K2", "K3", "K4", "K9"], "contract_no")
    n = len(programmes)
    programmes = programmes.assign(
        platform=programmes["contract_no"].map({"K1": "P1", "K2": "P1", "K3": "P2", "K4": "P3", "K9": "P4"}),
        sole_source=programmes["contract_no"].isin(["K1", "K3"]),
        price_down=_some(rng, rng.random(n) / 10),
    )
    months = pd.date_range("2023-12-31", periods=26, freq="ME").to_numpy("M8[D]")
    names = ["client_id", "debtor_id", "month"]
    scores = pd.MultiIndex.from_product([PARTIES[:4], [*PARTIES[4:8], "D9"], months], names=names).to_frame(index=False)
    m = len(scores)
    delivered, deliveries = rng.integers(0, 5000, m), rng.integers(0, 60, m)
    scores = scores.assign(
        delivered_parts=delivered,
        rejected_parts=_some(rng, (delivered * rng.random(m) / 100).astype(int), 0.9).astype("Int64"),
        complaints=rng.integers(0, 3, m),
        deliveries=deliveries,
        on_time=(deliveries * rng.random(m)).astype(int),
        line_stops=rng.integers(0, 2, m),
        known_on=_known(rng, scores["month"].to_numpy("M8[D]")),
    )
    happened = _days(rng, 60)
    events = {
        "event_id": [f"E{i}" for i in range(60)],
        "party_id": rng.choice([*PARTIES, "A0", "A1"], 60),
        "kind": rng.choice(["recall", "litigation"], 60),
        "occurred_on": happened,
        "known_on": _known(rng, happened),
    }
    parties = _versions(rng, 24, PARTIES[:8], "party_id")
    roles = parties["party_id"].str[0].map({"C": "client", "D": "debtor"})
    parties = parties.assign(
        roles=roles,
        anchor_id=_some(rng, rng.choice(["A0", "A1", "D1"], len(parties))),
        tier=rng.integers(1, 4, len(parties)),
    )
    return {
        "programmes": programmes,
        "quality_records": scores.sample(frac=0.6, random_state=1).reset_index(drop=True),
        "party_events": pd.DataFrame(events),
        "parties": parties,
    }


def _pharma(rng: np.random.Generator, frames: Frames) -> Frames:
    kinds = ["drug business licence", "GSP certificate"]
    held = _versions(rng, 40, PARTIES, "party_id")
    held = held.assign(kind=rng.choice(kinds, len(held)), expires_on=held["valid_from"] + _spans(rng, len(held), 400))
    buyers = _versions(rng, 12, PARTIES[4:10], "party_id")
    kinds_of_buyer = ["public hospital", "private hospital", "primary care", "pharmacy", "wholesaler"]
    invoices = frames["invoices"]
    lines = invoices[["invoice_id", "issued_on"]].sample(frac=1.6, replace=True, random_state=2).reset_index(drop=True)
    n = len(lines)
    shipped = lines["issued_on"].to_numpy("M8[D]") + rng.integers(0, 20, n)
    batches = {
        "invoice_id": lines["invoice_id"],
        "batch_no": [f"B{i}" for i in range(n)],
        "shipped_on": shipped,
        "amount": _money(rng, n),
        "expires_on": shipped + rng.integers(30, 900, n),
        "cold_chain": _some(rng, rng.random(n) < 0.5, 0.9).astype("boolean"),
        "bought_from": _some(rng, rng.choice(["manufacturer", "wholesaler"], n)),
        "broken_on": _some(rng, shipped + rng.integers(0, 30, n), 0.3),
        "recalled_on": _some(rng, shipped + rng.integers(0, 300, n), 0.3),
        "returned_on": _some(rng, shipped + rng.integers(0, 300, n), 0.4),
        "known_on": _known(rng, shipped),
    }
    back = batches["returned_on"].notna()
    batches["returned_amount"] = pd.Series(_money(rng, n)).where(back)
    batches["return_reason"] = pd.Series(rng.choice(["near expiry", "quality"], n)).where(back)
    return {
        "certificates": held.drop_duplicates(["party_id", "kind", "valid_from"]),
        "institutions": buyers.assign(institution=rng.choice(kinds_of_buyer, len(buyers))),
        "batches": pd.DataFrame(batches),
    }


def _spans(rng: np.random.Generator, n: int, most: int) -> pd.Series:
    return pd.Series(pd.to_timedelta(rng.integers(10, most, n), unit="D"))


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    days = [c for c in frame if str(c).endswith("_on") or c in ("valid_from", "month")]
    return frame.assign(**{c: frame[c].astype("datetime64[us]") for c in days if c != "on_time"})


_MADE: dict[str, Callable[[np.random.Generator, Frames], Frames]] = {
    "construction": _construction,
    "auto_parts": _auto_parts,
    "pharma": _pharma,
}
