"""Who hangs on which core enterprise, from which day until which."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, in_force, looked_up, on_parties
from riskmodels.features.measures import Facts, Rows


def _members(t: Tables) -> Rows:
    """Where a version of a party names another chain than the one before: it leaves that (-1) and joins this (1)."""
    import ibis

    p = in_force(t["parties"], "party_id")
    hangs = (p.anchor_id != p.party_id).ifelse(p.anchor_id, ibis.null("string"))
    rows = p.select("party_id", "known_on", hangs=hangs)
    rows = rows.mutate(hung=rows.hangs.lag().over(ibis.window(group_by="party_id", order_by="known_on")))
    moved = rows.filter(rows.hangs.fill_null("") != rows.hung.fill_null(""))
    joins = moved.select("party_id", "known_on", anchor=moved.hangs, sign=ibis.literal(1, "int8"))
    leaves = moved.select("party_id", "known_on", anchor=moved.hung, sign=ibis.literal(-1, "int8"))
    both = joins.union(leaves).filter(lambda r: r.anchor.notnull())
    return looked_up(on_parties(both, t).drop("chain"), "anchor", t["chains"], "anchor_id", "chain")


def _heads(t: Tables) -> Rows:
    """Core enterprises, each from the day on which a party was first known to hang on it."""
    return on_parties(_named(t), t, "anchor_id")


def _belongs(t: Tables) -> Rows:
    """Versions with the chain each names, a core enterprise's own as soon as it is known to be one; -1 for none."""

    versions, heads = in_force(t["parties"], "party_id"), _named(t)
    of = heads.select(head="anchor_id", headed_on="known_on")
    rows = versions.left_join(of, [("party_id", "head")])
    own = (rows.headed_on <= rows.known_on).fill_null(False)
    told = rows.select("party_id", "known_on", anchor=own.ifelse(rows.party_id, rows.anchor_id))
    both = told.union(heads.select(party_id="anchor_id", known_on="known_on", anchor="anchor_id"))
    rows = looked_up(on_parties(both, t).drop("chain"), "anchor", t["chains"], "anchor_id", "of_chain")
    return rows.mutate(of_chain=rows.of_chain.fill_null(-1))


def _named(t: Tables) -> Rows:
    """Core enterprises by the day on which a party was first known to hang on each."""
    p = in_force(t["parties"], "party_id")
    named = p.filter(p.anchor_id.notnull())
    return named.group_by("anchor_id").agg(known_on=named.known_on.min())


BELONGS = Facts("belongs", ("parties",), _belongs)
"""The chain a party belongs to, `of_chain`, as that becomes known and whenever it changes; -1 for none."""

MEMBERS = Facts("members", ("parties",), _members)
"""Parties as they join a core enterprise's chain (sign 1) and leave it (sign -1): of the party and of the chain."""

HEADS = Facts("heads", ("parties",), _heads)
"""Core enterprises as they become known to be one."""
