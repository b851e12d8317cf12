"""All features of a subject at a date, and those its chain lends it, of the loops over a cut book."""

from __future__ import annotations

from brute_contracts import (
    NAN,
    YEAR,
    Found,
    main,
    of_amounts,
    of_chain,
    of_client,
    of_debtor,
    of_funds,
    of_party,
    of_security,
    share,
    tag,
)
from brute_papers import merged, of_delivery, of_papers
from brute_view import ContractView, Row, cents, flow

from riskmodels.features.feature import Linked

Ids = dict[str, str]


class Loops:
    """A view of a book at a date, with each subject's features computed once."""

    def __init__(self, view: ContractView, lent: tuple[Linked, ...]) -> None:
        self.view, self.lent = view, lent
        self._done: dict[tuple[str, ...], dict[str, float]] = {}

    def features(self, subject: str, ids: Ids) -> dict[str, float]:
        """Every feature of a subject: `ids` holds its client_id, debtor_id or anchor_id."""
        key = (subject, *ids.values())
        if key not in self._done:
            self._done[key] = self._features(subject, ids)
        return self._done[key]

    def _features(self, subject: str, ids: Ids) -> dict[str, float]:
        v, mine = self.view, self._mine(subject, ids)
        owed = self._owed(mine)
        found = merged(of_funds(v, mine, owed), of_security(v, mine), of_papers(v, mine), of_delivery(v, mine))
        found |= merged(of_amounts(v, mine), of_ledger(v, mine, owed))
        if subject == "client":
            found |= merged(of_client(v, ids["client_id"]))
        if subject == "chain":
            found |= merged(of_chain(v, ids["anchor_id"], mine))
        if subject in ("debtor", "pair"):
            pairs = {(i.client_id, i.debtor_id) for i in mine} if subject == "debtor" else {tuple(ids.values())}
            found |= merged(of_debtor(v, pairs, mine, owed))
        if subject in ("debtor", "client"):
            party = next(iter(ids.values()))
            found |= merged(of_party(v, party)) | self.lends(v.chain_of_party(party))
        return found

    def lends(self, chain: str | None) -> dict[str, float]:
        """What a chain shows in the frames of others; NaN without one."""
        known = chain in self.view.heads
        its = self.features("chain", {"anchor_id": str(chain)}) if known else {}
        return {e.name: its.get(e.feature.name, float("nan")) for e in self.lent}

    def _mine(self, subject: str, ids: Ids) -> list[Row]:
        every = self.view.invoices.values()
        if subject == "chain":
            return [i for i in every if self.view.chain[i.invoice_id] == ids["anchor_id"]]
        return [i for i in every if all(getattr(i, c) == x for c, x in ids.items())]

    def _owed(self, mine: list[Row]) -> int:
        return owed(self.view, [i for i in mine if main(self.view, i)])


def owed(v: ContractView, invoices: list[Row]) -> int:
    """The invoices' amounts less what was paid, each at most once."""
    ids = {i.invoice_id for i in invoices}
    paid = sum(cents(p.amount) for p in v.table["payments"] if p.invoice_id in ids)
    return sum(cents(i.amount) for i in invoices) - paid


def of_ledger(v: ContractView, mine: list[Row], balance: int) -> Found:
    """What chains lend of their ledger, and what an invoice is compared with."""
    ids, priced = {i.invoice_id: i for i in mine}, [i for i in mine if main(v, i)]
    due = owed(v, [i for i in priced if i.due_on < v.day])
    yield from (("balance_now", balance / 100), ("past_due_share_now", share(due, balance)))
    paid = [(p, ids[p.invoice_id], v.known(p)) for p in v.table["payments"] if p.invoice_id in ids]
    settled = [(d, p.paid_on > i.due_on) for p, i, d in paid if p.amount >= i.amount]
    for window in (90, YEAR):
        late = flow([(d, int(is_late)) for d, is_late in settled], v.day, window)
        yield f"late_share_{tag(window)}", share(late, flow([(d, 1) for d, _ in settled], v.day, window))
    year = [cents(i.amount) for i in priced if (v.day - i.known_on).days < YEAR]
    yield from (("invoiced_365d", sum(year) / 100), ("mean_invoice_365d", share(sum(year), len(year)) / 100))
    yield "largest_invoice_365d", max(year, default=NAN) / 100
    last = max(((i.known_on, cents(i.amount)) for i in priced), default=None)
    yield "last_invoice_now", last[1] / 100 if last else NAN
    days = [(v.day - i.known_on).days for i in mine]
    yield from (("invoice_count_ever", len(days)), ("days_since_invoice_now", min(days, default=NAN)))
    yield "relation_age_now", max(days, default=NAN)
