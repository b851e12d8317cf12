"""What a client may draw: contracts in force, the limits they set for a debtor, and what is used of them."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, in_force, looked_up, on_parties
from riskmodels.features.facts.funds import funds
from riskmodels.features.facts.terms import terms
from riskmodels.features.measures import Facts, Rows, minor


def _contracts(t: Tables) -> Rows:
    return looked_up(
        terms(t["facilities"], "facility_id", "closes_on"), "client_id", t["clients"], "client_id", "client"
    )


def _changes(t: Tables) -> Rows:
    import ibis

    rows = in_force(t["facilities"], "facility_id")
    before = ibis.window(group_by="facility_id", order_by="known_on")
    old, same = rows["limit"].lag().over(before), rows.currency.lag().over(before) == rows.currency
    rows = rows.mutate(change=same.ifelse(rows["limit"] - old, None))
    return looked_up(rows, "client_id", t["clients"], "client_id", "client")


def _debtor_limits(t: Tables) -> Rows:
    """A pair's limits whenever they were agreed; a debtor's once it is known that the client sells to it."""
    import ibis

    i = t["invoices"]
    pairs = i.group_by("client_id", "debtor_id", "pair", "debtor").agg(met_on=i.known_on.min())
    pairs = pairs.rename(seller="client_id", payer="debtor_id")
    rows = terms(t["facilities"], "facility_id", "closes_on")
    met = rows.join(pairs, rows.client_id == pairs.seller)
    met = met.filter(met.debtor_id.isnull() | (met.debtor_id == met.payer))
    allowed = met.debtor_id.isnull().ifelse(met.debtor_limit, met["limit"])
    told = met.select("currency", "known_on", "met_on", "pair", "debtor", "sign", allowed=allowed)
    of_debtor = told.mutate(known_on=ibis.greatest(told.known_on, told.met_on), pair=ibis.null("int32"))
    return told.mutate(debtor=ibis.null("int32")).union(of_debtor).drop("met_on")


def _utilisation(t: Tables) -> Rows:
    """After each day with a movement what the client had in use, and that as a share of its limits."""
    import ibis

    limits, used = _contracts(t), funds(t)
    nothing = ibis.literal(0, "int64")
    allowed = (limits.sign * minor(limits["limit"])).fill_null(0)
    moves = limits.select("client", "currency", "known_on", used=nothing, allowed=allowed).union(
        used.select("client", "currency", "known_on", used=minor(used.amount), allowed=nothing)
    )
    daily = moves.group_by("client", "currency", "known_on").agg(used=moves.used.sum(), allowed=moves.allowed.sum())
    so_far = ibis.window(group_by=("client", "currency"), order_by="known_on", preceding=(None, 0))
    levels = daily.mutate(used=daily.used.sum().over(so_far), allowed=daily.allowed.sum().over(so_far))
    levels = levels.mutate(used=levels.used.cast("int64"), allowed=levels.allowed.cast("int64"))
    share = levels.used.cast("float64") / levels.allowed.cast("float64")
    return levels.mutate(utilisation=(levels.allowed > 0).ifelse(share, None))


def _guarantees(t: Tables) -> Rows:
    return on_parties(terms(t["guarantees"], "guarantee_id", "valid_to"), t, "beneficiary_id")


def _given(t: Tables) -> Rows:
    rows = terms(t["guarantees"], "guarantee_id", "valid_to")
    return on_parties(rows, t, "guarantor_id").filter(lambda r: r.guarantor_id != r.beneficiary_id)


CONTRACTS = Facts("contracts", ("facilities",), _contracts)
"""Versions of a client's factoring contracts, as they start (sign 1) and end (sign -1)."""

CONTRACT_CHANGES = Facts("contract changes", ("facilities",), _changes)
"""Versions of contracts as they came into force; `change` is the limit less that of the version before."""

DEBTOR_LIMITS = Facts("debtor limits", ("facilities",), _debtor_limits)
"""Limits for a debtor, `allowed`: of contracts on it alone, else the contract's limit for each debtor."""

UTILISATION = Facts("utilisation", ("facilities", "advances"), _utilisation)
"""A client's funds in use (`used`, minor units) and limits in use (`utilisation`) after each day that moved either."""

GUARANTEES = Facts("guarantees", ("guarantees",), _guarantees)
"""Guarantees for a party's debts, as they start (sign 1) and end (sign -1)."""

GUARANTEES_GIVEN = Facts("guarantees given", ("guarantees",), _given)
"""Guarantees a party gave for others, as they start (sign 1) and end (sign -1)."""
