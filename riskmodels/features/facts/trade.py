"""Who trades with whom, and when: facts about the order of invoices rather than about each of them."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables
from riskmodels.features.measures import KEYS, Facts, Rows

SILENT_DAYS = 180
"""A counterparty without an invoice for so many days has fallen silent."""


def _visits(t: Tables) -> Rows:
    import ibis

    days = t["invoices"].select(*KEYS[1:], "known_on").distinct()
    in_order = ibis.window(group_by=("client_id", "debtor_id"), order_by="known_on")
    before = days.known_on.lag().over(in_order)
    return days.mutate(gap=(days.known_on.epoch_days() - before.epoch_days()).cast("int64"))


def _relations(t: Tables) -> Rows:
    """Of each client with each debtor and with each chain: when they began to trade, fell silent, began again."""
    import ibis

    invoices = t["invoices"]
    sides = _active(invoices.select("known_on", "client", "debtor"), "client", "debtor")
    chains = _active(invoices.select("known_on", "client", "chain"), "client", "chain")
    return sides.mutate(chain=ibis.null("int32")).union(
        chains.mutate(client=ibis.null("int32"), debtor=ibis.null("int32")).select(*sides.columns, "chain")
    )


def _active(days: Rows, *key: str) -> Rows:
    """When a relation came (sign 1; `first`: never before) and when it fell silent (sign -1)."""
    import ibis

    days = days.distinct()
    in_order = ibis.window(group_by=key, order_by="known_on")
    days = days.mutate(before=days.known_on.lag().over(in_order), after=days.known_on.lead().over(in_order))
    silent_on = days.known_on + ibis.interval(days=SILENT_DAYS)
    kinds = (
        (days.filter(days.before.isnull()), 0, 1, True),
        (days.filter(days.before + ibis.interval(days=SILENT_DAYS) < days.known_on), 0, 1, False),
        (days.filter((silent_on < days.after).fill_null(True)), SILENT_DAYS, -1, False),
    )
    return ibis.union(*(_told(rows, key, later, sign, first) for rows, later, sign, first in kinds))


def _told(rows: Rows, key: tuple[str, ...], later: int, sign: int, first: bool) -> Rows:
    import ibis

    known_on = (rows.known_on + ibis.interval(days=later)).cast("date")
    return rows.select(*key, known_on=known_on, sign=ibis.literal(sign), first=ibis.literal(first))


def _months(t: Tables) -> Rows:
    """The day on which each key had its first invoice of a calendar month."""
    import ibis

    keys = ("client", "debtor", "pair", "chain")
    parts = [_first_of_month(t["invoices"], k, [o for o in keys if o != k]) for k in keys]
    return ibis.union(*(p.select(*keys, "known_on") for p in parts))


def _first_of_month(invoices: Rows, key: str, others: list[str]) -> Rows:
    import ibis

    days = invoices.select(key, "known_on", month=invoices.known_on.truncate("M"))
    first = days.group_by(key, "month").agg(known_on=lambda r: r.known_on.min())
    return first.mutate(**{o: ibis.null("int32") for o in others})


VISITS = Facts("visits", ("invoices",), _visits)
"""The days on which a client invoiced a debtor; `gap` is the days since the one before, empty at the first."""

RELATIONS = Facts("relations", ("invoices",), _relations)
"""When counterparties began to trade (sign 1; `first` if never before), and when they fell silent (sign -1).

A side's are those of a client with a debtor, a chain's those of a client with all its debtors.
"""

MONTHS = Facts("months", ("invoices",), _months)
"""For each key alone, the first day with an invoice of each calendar month."""
