"""How facts of a trade contract get their keys: by the invoices that name it."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables
from riskmodels.features.measures import KEYS, Rows

CONTRACT = "contract_no"


def on_contracts(rows: Rows, t: Tables) -> Rows:
    """The rows with the keys of the first invoice that named their contract, known no sooner than it.

    The first to become known: which invoice it is, no later one can change.
    """
    import ibis

    i = t["invoices"]
    named = first_known(i.filter(i.contract_no.notnull()), CONTRACT, "known_on", "invoice_id")
    keys = [k for k in KEYS if k != "invoice_id"]
    joined = rows.join(named.select(CONTRACT, *keys, invoice_known_on=named.known_on), CONTRACT)
    known_on = ibis.greatest(joined.known_on, joined.invoice_known_on)
    return joined.mutate(known_on=known_on).drop("invoice_known_on")


def with_terms(rows: Rows, terms: Rows, key: str, *columns: str) -> Rows:
    """The rows that have terms, with columns of the terms first known of their `key`; known no sooner than those."""
    import ibis

    first = first_known(terms, key, "known_on", "valid_from")
    of = key if key in rows.columns else "debtor_id"
    brought = first.select(terms_key=first[key], terms_known_on=first.known_on, **{c: first[c] for c in columns})
    joined = rows.join(brought, rows[of] == brought.terms_key)
    known_on = ibis.greatest(joined.known_on, joined.terms_known_on)
    return joined.mutate(known_on=known_on).drop("terms_known_on", "terms_key")


def first_known(rows: Rows, key: str, *order: str) -> Rows:
    """Of each key the first row in an order that begins with the day it was known."""
    import ibis

    place = ibis.row_number().over(ibis.window(group_by=key, order_by=order))
    rows = rows.mutate(place=place)
    return rows.filter(rows.place == 0).drop("place")
