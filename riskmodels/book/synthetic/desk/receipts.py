"""Receipts: the transfers on the factor's accounts that payments were matched from, and some that match nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from riskmodels.book.synthetic.cash import ACCOUNTS, NONE, Cash
from riskmodels.book.synthetic.chain import NOBODY
from riskmodels.book.synthetic.clock import NEVER, Days, stream
from riskmodels.book.synthetic.desk.names import WRITTEN, written
from riskmodels.book.synthetic.frames import days, ids, money, table, text, words
from riskmodels.book.synthetic.history import History, World
from riskmodels.book.synthetic.network import CURRENCIES, Codes
from riskmodels.book.synthetic.parties import names
from riskmodels.book.synthetic.people import everyone
from riskmodels.book.synthetic.settle import PAYERS

VAGUE = ("货款", "往来款", "payment", "settlement of account")
CLIENT, DEBTOR = PAYERS.index("client"), PAYERS.index("debtor")
LISTED = 3  # invoice numbers that fit into a reference


@dataclass(frozen=True)
class Receipts:
    """One entry per transfer: day, account (code), payer (its place in `everyone`), currency (code), amount in fen,
    what is matched of it by the last day and when (NEVER), how the name is written (code)."""

    received: Days
    account: Codes
    payer: Codes
    currency: Codes
    amount: Codes
    matched: Codes
    matched_on: Days
    way: Codes


def receipt_ids(history: History) -> Any:
    """The receipt_id of each transfer that `cash.receipt` numbers, then of those that match nothing, all by day."""
    day = _received(history)
    place = np.empty(day.size, dtype=np.int64)
    place[np.argsort(day, kind="stable")] = np.arange(day.size)
    return words(ids("R", day.size), place)


def draw_receipts(history: History) -> Receipts:
    """Every transfer, numbered as in `cash.receipt`, and behind them those that no payment is matched from."""
    world, cash = history.world, history.cash
    rng = stream(world.seed, "receipts")
    received = _received(history)
    matched, stray = _matched(history, received), _stray(rng, world, received[_count(cash) :])
    both = [np.concatenate([getattr(matched, f.name), getattr(stray, f.name)]) for f in fields(Receipts)]
    return _with_noise(rng, world, Receipts(*both), _count(cash))


def receipts_table(history: History, receipts: Receipts) -> pd.DataFrame:
    """The receipts that had come in by the last day; one that isn't matched yet has no allocation."""
    world, n = history.world, _count(history.cash)
    here = np.flatnonzero(receipts.received <= world.clock.last)
    here = here[np.argsort(receipts.received[here], kind="stable")]
    done = receipts.matched_on[here] != NEVER
    cells = {
        "receipt_id": receipt_ids(history)[here],
        "account": words(ACCOUNTS, receipts.account[here]),
        "payer_name": words(written(names(everyone(world))), receipts.payer[here] * len(WRITTEN) + receipts.way[here]),
        "received_on": days(receipts.received[here]),
        "currency": words(CURRENCIES, receipts.currency[here]),
        "amount": money(receipts.amount[here]),
        "reference": _references(history, receipts.received.size, n).take(here),
        "allocated_amount": np.where(done, money(receipts.matched[here]), np.nan),
        "allocated_on": days(receipts.matched_on[here]),
        "known_on": days(receipts.received[here]),
    }
    return table("receipts", cells)


def receipts_truth(history: History, receipts: Receipts) -> pd.DataFrame:
    """One row per receipt: who sent it, how its name is written, whether it pays any invoice of the book."""
    n = _count(history.cash)
    rows = np.flatnonzero(receipts.received <= history.world.clock.last)
    return pd.DataFrame(
        {
            "receipt_id": receipt_ids(history)[rows],
            "party_id": words(everyone(history.world).ids, receipts.payer[rows]),
            "written": words(WRITTEN, receipts.way[rows]),
            "stray": rows >= n,
        }
    )


def _count(cash: Cash) -> int:
    return int(cash.receipt.max()) + 1


def _received(history: History) -> Days:
    """The day of each transfer, then of those that match nothing, which come on any business day of the book."""
    world, cash = history.world, history.cash
    n = _count(cash)
    stray = stream(world.seed, "stray receipts").integers(
        world.clock.starts[0], world.clock.last + 1, round(world.law.receipts.stray_share * n)
    )
    received = np.empty(n, dtype=np.int64)
    there = cash.receipt != NONE
    # all payments of a transfer come on one day, so that any of them may write it
    received[cash.receipt[there]] = cash.paid[there]
    return np.concatenate([received, world.clock.calendar.next(stray)])


def _matched(history: History, received: Days) -> Receipts:
    """The transfers of the payments."""
    world, cash = history.world, history.cash
    n = _count(cash)
    rows = np.flatnonzero(cash.receipt != NONE)
    receipt, amount = cash.receipt[rows], cash.amount[rows]
    # all payments of a transfer share these, so that any of them may write it
    account, payer, currency = np.empty((3, n), dtype=np.int64)
    account[receipt], payer[receipt] = cash.account[rows], _payers(world, cash, rows)
    currency[receipt] = world.facilities.currency[world.facility][cash.invoice[rows]]
    known = cash.known[rows] <= world.clock.last
    matched_on = np.full(n, NEVER)
    np.maximum.at(matched_on, receipt[known], cash.known[rows][known])
    whole = np.bincount(receipt, amount, n).astype(np.int64)
    matched = np.bincount(receipt[known], amount[known], n).astype(np.int64)
    plain = np.zeros(n, dtype=np.int64)
    return Receipts(received[:n], account, payer, currency, whole, matched, matched_on, plain)


def _payers(world: World, cash: Cash, rows: Codes) -> Codes:
    """The place in `everyone` of who paid each payment; who pays for a debtor is always the same other party."""
    debtor, by = world.plan.debtor[cash.invoice[rows]], cash.payer[rows]
    client = _place_of_client(world)[world.plan.client[cash.invoice[rows]]]
    other = (debtor + 1 + debtor % 3) % world.debtors.volume.size
    return np.where(by == CLIENT, client, np.where(by == DEBTOR, debtor, other))


def _place_of_client(world: World) -> Codes:
    """The place of each client in `everyone`."""
    who = everyone(world).client
    places = np.flatnonzero(who != NOBODY)
    place = np.empty(world.clients.quality.size, dtype=np.int64)
    place[who[places]] = places
    return place


def _stray(rng: np.random.Generator, world: World, day: Days) -> Receipts:
    """Transfers that pay nothing in this book, such as an invoice the factor didn't buy."""
    n = day.size
    none = np.zeros(n, dtype=np.int64)
    payer = rng.integers(0, world.debtors.volume.size, n)
    amount = np.round(100_000_00 * np.exp(rng.normal(size=n)), -2).astype(np.int64)
    return Receipts(day, none, payer, none, amount, none, np.full(n, NEVER), none)


def _with_noise(rng: np.random.Generator, world: World, receipts: Receipts, transfers: int) -> Receipts:
    """The receipts, a share with more than what is owed, a share with the name not as registered."""
    law, n = world.law.receipts, receipts.amount.size
    over = (rng.random(n) < law.overpaid_share) & (np.arange(n) < transfers)
    excess = np.ceil(receipts.amount * rng.random(n) * law.overpaid_most).astype(np.int64)
    noisy = rng.random(n) < law.noisy_name_share
    way = np.where(noisy, rng.integers(1, len(WRITTEN), n), 0)
    amount = receipts.amount + np.where(over, excess, 0)
    cells = {f.name: getattr(receipts, f.name) for f in fields(Receipts)}
    return Receipts(**{**cells, "amount": amount, "way": way})


def _references(history: History, n: int, transfers: int) -> Any:
    """What each payer wrote: up to three invoice numbers, a word or two, or nothing."""
    law = history.world.law.receipts
    u = stream(history.world.seed, "references").random(n)
    numbered = (u < law.numbered_share) & (np.arange(n) < transfers)
    vague = (u >= law.numbered_share) & (u < law.numbered_share + law.vague_share)
    labels = pa.concat_arrays([_listed(history, np.flatnonzero(numbered)), pa.array(VAGUE, pa.large_string())])
    word = int(numbered.sum()) + np.arange(n) % len(VAGUE)
    return words(text(labels), np.where(numbered, numbered.cumsum() - 1, np.where(vague, word, NONE)))


def _listed(history: History, receipts: Codes) -> pa.Array:
    """The numbers of the first invoices of each of the receipts in one text."""
    # who pays an invoice presented twice names it by the one number it bears
    cash, numbers = history.cash, ids("N", history.world.plan.due.size).take(history.world.frauds.paper)
    order = np.argsort(cash.receipt, kind="stable")[(cash.receipt == NONE).sum() :]
    first, after = (np.searchsorted(cash.receipt[order], receipts, side=side) for side in ("left", "right"))
    rows = [np.where(first + k < after, order[np.minimum(first + k, order.size - 1)], NONE) for k in range(LISTED)]
    invoices = [np.where(row == NONE, NONE, cash.invoice[row]) for row in rows]
    # parts of one invoice in one transfer are named once
    for k in range(1, LISTED):
        invoices[k] = np.where(invoices[k] == invoices[k - 1], NONE, invoices[k])
    cells = [pa.array(words(numbers, invoice)) for invoice in invoices]
    return pc.binary_join_element_wise(*cells, pa.scalar(" ", pa.large_string()), null_handling="skip")
