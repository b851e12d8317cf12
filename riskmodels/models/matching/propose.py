"""The likeliest allocation of a receipt, with its score and its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from riskmodels.core.text import mark
from riskmodels.models.matching.ledger import Item, Ledger
from riskmodels.models.matching.payers import Payers
from riskmodels.models.matching.subsets import subsets

NAMED = mark("the reference names the invoices")
DEBTOR = mark("the payer is the debtor")
CLIENT = mark("the payer is the client")
USUAL = mark("the payer has paid for this debtor before")
EXACT = mark("the amount is that of the invoice")
SUM = mark("the amount is the sum of the invoices")
PART = mark("the amount is a part of the invoice")
MORE = mark("the amount is more than the invoices")
OLDEST = mark("the invoices due first are paid first")
UNKNOWN = mark("nothing tells whom it pays for")

SCORES = {
    (NAMED, EXACT): 0.99,
    (NAMED, SUM): 0.99,
    (NAMED, PART): 0.95,
    (NAMED, MORE): 0.9,
    (NAMED, OLDEST): 0.65,
    (EXACT,): 0.95,
    (SUM,): 0.9,
    (PART,): 0.65,
    (MORE,): 0.6,
    (OLDEST,): 0.2,
}
"""How sure each kind of evidence is, before doubts about the payer and other invoices that fit as well."""
AUTOMATIC = 0.8
"""Least score of a proposal that is booked without a person."""
MOST_OVERPAID = 0.1
"""Most that a receipt may exceed the invoices it is held to pay, as a share of them."""


@dataclass(frozen=True)
class Receipt:
    """Money received: `amount` in minor units."""

    receipt_id: str
    payer_name: str
    currency: str
    amount: int
    reference: str


@dataclass(frozen=True)
class Proposal:
    """Invoices with the amount each gets, the residual that stays unallocated (minor units), score, and evidence."""

    receipt_id: str
    links: tuple[tuple[str, int], ...]
    residual: int
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Pool:
    """Open invoices that a receipt may pay, due first first, why these, and how sure that is."""

    items: list[Item]
    why: str
    certainty: float


def propose(receipt: Receipt, ledger: Ledger, payers: Payers) -> Proposal:
    """The best of what reference, payer, amount and habit suggest; without any, everything stays unallocated."""
    pools = list(_pools(receipt, ledger, payers))
    named = ledger.named(receipt.reference, receipt.currency)
    if named and (found := _by_reference(receipt, _of_one(named, pools), ledger)):
        return found
    guesses = [guess for pool in pools if (guess := _by_amount(receipt, pool))]
    best = max(guesses, key=lambda guess: guess.score, default=None)
    return best or Proposal(receipt.receipt_id, (), receipt.amount, 0.0, (UNKNOWN,))


def _pools(receipt: Receipt, ledger: Ledger, payers: Payers) -> Iterator[Pool]:
    """The open invoices of those the payer may be or pay for."""
    known = payers.of(receipt.payer_name)
    for payer in known:
        if items := ledger.of_debtor(payer.party_id, receipt.currency):
            yield Pool(items, DEBTOR, payer.certainty)
    usual = payers.debtors_paid_by(receipt.payer_name)
    for payer in (payer for payer in usual if payer.party_id not in {k.party_id for k in known}):
        if items := ledger.of_debtor(payer.party_id, receipt.currency):
            yield Pool(items, USUAL, payer.certainty)
    for payer in known:
        if items := ledger.of_client(payer.party_id, receipt.currency):
            yield Pool(items, CLIENT, payer.certainty)


def _of_one(named: list[Item], pools: Sequence[Pool]) -> list[Item]:
    """The named invoices, of those that bear one number the one in a pool of the payer's, else the first."""
    likely = {item.invoice_id for pool in pools for item in pool.items}
    best: dict[str, Item] = {}
    for item in sorted(named, key=lambda i: i.invoice_id not in likely):
        best.setdefault(item.number, item)
    return list(best.values())


def _by_reference(receipt: Receipt, named: list[Item], ledger: Ledger) -> Proposal | None:
    """What the reference says, as far as the amount bears it out."""
    owed, amount = sum(item.left for item in named), receipt.amount
    if owed == amount:
        return _proposal(receipt, _whole(named), (NAMED, EXACT if len(named) == 1 else SUM))
    if owed > amount:
        return _part_of_named(receipt, named)
    others = [i for i in ledger.of_debtor(named[0].debtor_id, receipt.currency) if i not in named]
    for fit in _fits(others, amount - owed)[:1]:
        return _proposal(receipt, _whole([*named, *fit]), (NAMED, SUM))
    if amount - owed <= MOST_OVERPAID * owed:
        return _proposal(receipt, _whole(named), (NAMED, MORE))
    return _proposal(receipt, _whole(named), (NAMED, MORE), 0.8)


def _part_of_named(receipt: Receipt, named: list[Item]) -> Proposal:
    """A part of one invoice, or some of those named, or all but what the last lacks."""
    if len(named) == 1:
        return _proposal(receipt, [(named[0].invoice_id, receipt.amount)], (NAMED, PART))
    for fit in _fits(named, receipt.amount)[:1]:
        return _proposal(receipt, _whole(fit), (NAMED, SUM), 0.95)
    return _proposal(receipt, _first(named, receipt.amount), (NAMED, OLDEST))


def _by_amount(receipt: Receipt, pool: Pool) -> Proposal | None:
    """What fits the amount among the invoices of a pool: one, a sum, a part, or those due first."""
    amount, items = receipt.amount, pool.items
    fits = _fits(items, amount)
    if fits:
        kind, doubt = (EXACT if len(fits[0]) == 1 else SUM), 1 / len(fits)
        return _proposal(receipt, _whole(fits[0]), (kind, pool.why), pool.certainty * doubt**0.5)
    if len(items) == 1 and items[0].left > amount:
        return _proposal(receipt, [(items[0].invoice_id, amount)], (PART, pool.why), pool.certainty)
    over = [i for i in items if i.left < amount <= i.left * (1 + MOST_OVERPAID)]
    if len(over) == 1:
        return _proposal(receipt, _whole(over), (MORE, pool.why), pool.certainty / len(items) ** 0.5)
    return _proposal(receipt, _first(items, amount), (OLDEST, pool.why), pool.certainty)


def _fits(items: list[Item], target: int) -> list[list[Item]]:
    """Invoices whose open amounts add up to the target, fewest first and then due first; single ones stand alone."""
    single = [[item] for item in items if item.left == target]
    if single:
        return single
    found = [[items[place] for place in places] for places in subsets([item.left for item in items], target)]
    return sorted(found, key=lambda fit: (sum(item.due for item in fit), [item.invoice_id for item in fit]))


def _first(items: list[Item], amount: int) -> list[tuple[str, int]]:
    """The amount spread over the invoices in turn."""
    links = []
    for item in items:
        if amount > 0:
            links.append((item.invoice_id, min(item.left, amount)))
            amount -= links[-1][1]
    return links


def _whole(items: Sequence[Item]) -> list[tuple[str, int]]:
    return [(item.invoice_id, item.left) for item in items]


def _proposal(
    receipt: Receipt, links: list[tuple[str, int]], evidence: tuple[str, str], certainty: float = 1.0
) -> Proposal:
    base = SCORES.get(evidence) or next(SCORES[(word,)] for word in evidence if (word,) in SCORES)
    rest = receipt.amount - sum(amount for _, amount in links)
    return Proposal(receipt.receipt_id, tuple(links), rest, round(base * certainty, 4), evidence)
