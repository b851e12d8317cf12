"""How facts get their keys: those of an invoice, those of a party; and versions, from the day each came into force."""

from __future__ import annotations

from collections.abc import Mapping

from riskmodels.features.measures import KEYS, Rows

Tables = Mapping[str, Rows]


def on_invoices(rows: Rows, t: Tables) -> Rows:
    """The rows with their invoice's keys, currency, due date and `face` amount, known no sooner than the invoice is.

    `invoice` is a number that stands for the invoice, quicker to group by than its id; it says nothing else.
    """
    import ibis

    i = t["invoices"]
    brought = i.select("invoice", *KEYS, "currency", "due_on", face=i.amount, invoice_known_on=i.known_on)
    joined = rows.join(brought, "invoice_id")
    known_on = ibis.greatest(joined.known_on, joined.invoice_known_on)
    return joined.mutate(known_on=known_on).drop("invoice_known_on")


def on_parties(rows: Rows, t: Tables, party: str = "party_id") -> Rows:
    """The rows with the numbers of the party they are about: as a client, as a debtor, as the head of a chain."""
    for number, table, key in (
        ("client", "clients", "client_id"),
        ("debtor", "debtors", "debtor_id"),
        ("chain", "chains", "anchor_id"),
    ):
        rows = looked_up(rows, party, t[table], key, number)
    return rows


def looked_up(rows: Rows, column: str, keys: Rows, key: str, name: str) -> Rows:
    """The rows with the number of the key that a column names, empty where there is none."""
    found = keys.select(**{f"{name}_key": keys[key], name: keys.number})
    return rows.left_join(found, rows[column] == found[f"{name}_key"]).drop(f"{name}_key")


def in_force(rows: Rows, *key: str) -> Rows:
    """Versions as they came into force: `known_on` is the day from which one was both known and valid.

    A version that was overtaken before it came into force is left out, and of several of one day all but the newest.
    """
    import ibis

    rows = rows.mutate(known_on=ibis.greatest(rows.known_on, rows.valid_from))
    so_far = ibis.window(group_by=key, order_by=("known_on", "valid_from"), preceding=(None, 0))
    rows = rows.mutate(newest=rows.valid_from.max().over(so_far))
    rows = rows.filter(rows.valid_from == rows.newest).drop("newest")
    in_order = ibis.window(group_by=key, order_by=("known_on", "valid_from"))
    rows = rows.mutate(next_known_on=rows.known_on.lead().over(in_order))
    return rows.filter((rows.next_known_on != rows.known_on).fill_null(True)).drop("next_known_on")
