"""Every feature of contracts, amounts and chains the obvious way: loops over a book that was cut at the date."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import holidays
from brute_view import ContractView, Fact, Row, cents, flow, holds

from riskmodels.features.reference import concentration

NAN = math.nan
Found = Iterable[tuple[str, float]]
YEAR, EVER = 365, None
CHINA = holidays.country_holidays("CN", years=range(2006, 2027))


def share(part: float, whole: float) -> float:
    """part / whole, NaN when the whole is 0 or less."""
    return part / whole if whole > 0 else NAN


def tag(window: int | None) -> str:
    """How a name ends."""
    return "ever" if window is None else f"{window}d"


def deviation(values: list[int], parts: int = 1) -> float:
    """The sample's standard deviation, in floats of exact sums."""
    n, s, q = len(values), sum(values), sum(x * x for x in values)
    return math.sqrt((n * q - s * s) / (n * (n - 1))) / parts if n > 1 else NAN


def of_client(v: ContractView, client: str) -> Found:
    """Contracts, limits and claims of a client."""
    mine = [(c, start, end) for c, start, end in v.contracts if c.client_id == client]
    used = [(d, x) for a, _r, d, x in v.funds if v.invoices[a.invoice_id].client_id == client and main(v, a)]
    now, limit = _level(v, mine, v.day)
    yield from (("contract_count_now", len(now)), ("limit_now", limit / 100))
    funds = flow(used, v.day, EVER)
    yield from (("headroom_now", (limit - funds) / 100), ("utilisation_now", share(funds, limit)))
    for ago, period in ((30, "month"), (90, "quarter")):
        then = v.day - timedelta(days=ago)
        before = share(flow(used, then, EVER), _level(v, mine, then)[1])
        yield f"utilisation_{period}_change_now", share(funds, limit) - before
    year_ago = v.day - timedelta(days=YEAR)
    yield "limit_year_growth_now", share(limit, _level(v, mine, year_ago)[1]) - 1
    for window in (90, YEAR):
        yield f"peak_utilisation_{window}d", _peak(v, mine, used, window)
    changes = list(_changes(v, client))
    yield "limit_cut_count_365d", sum(x < 0 for d, x in changes if (v.day - d).days < YEAR)
    yield "limit_raised_count_365d", sum(x > 0 for d, x in changes if (v.day - d).days < YEAR)
    yield "days_to_contract_end_now", _to_run(v, mine)
    for rate in ("advance_rate", "annual_rate", "fee_rate"):
        yield f"{rate}_now", _mean_rate([getattr(c, rate) for c in now])
    for rate in ("margin_rate", "insured_share"):
        yield f"{rate}_now", _mean_rate([getattr(c, rate) or 0.0 for c in now])
    then = [c.annual_rate for c in _level(v, mine, year_ago)[0]]
    yield "annual_rate_year_change_now", _mean_rate([c.annual_rate for c in now]) - _mean_rate(then)
    for flag in ("recourse", "disclosed", "reverse"):
        told = [c for c in now if getattr(c, flag) is not None and main(v, c)]
        part = sum(cents(c.limit) for c in told if getattr(c, flag))
        yield f"{flag}_share_now", share(part, sum(cents(c.limit) for c in told))
    cap = sum(cents(g.cap) for g in _guarantees(v, "beneficiary_id", client) if main(v, g))
    yield "guarantee_cover_now", share(cap, funds)
    hits = [h for h in v.table["registry_hits"] if h.client_id == client]
    for window in (YEAR, EVER):
        yield f"registry_hit_count_{tag(window)}", flow([(h.known_on, 1) for h in hits], v.day, window)
    yield "registry_hits_now", sum(h.expires_on is None or h.expires_on > v.day for h in hits)


def main(v: ContractView, row: Row) -> bool:
    """Whether a contract's, guarantee's or invoice's amounts are in the main currency."""
    return v.main(row if hasattr(row, "currency") else v.invoices[row.invoice_id])


def _level(v: ContractView, mine: list[Any], day: date) -> tuple[list[Row], int]:
    """The versions in force at a day, and their limits."""
    now = [c for c, start, end in mine if holds(start, end, day)]
    return now, sum(cents(c.limit) for c in now if main(v, c))


def _peak(v: ContractView, mine: list[Any], used: list[Fact], window: int) -> float:
    turns = [d for c, start, end in mine for d in (start, end) if d and main(v, c)]
    days = {d for d in [*turns, *(d for d, _ in used)] if d <= v.day and (v.day - d).days < window}
    shares = [share(flow(used, d, EVER), _level(v, mine, d)[1]) for d in days]
    return max((s for s in shares if not math.isnan(s)), default=NAN)


def _changes(v: ContractView, client: str) -> Iterator[Fact]:
    """By how much each version's limit differs from the one it took the place of."""
    before: dict[str, Row] = {}
    for c, start, _end in sorted(v.contracts, key=lambda x: x[1]):
        old = before.get(c.facility_id)
        before[c.facility_id] = c
        if (
            old
            and None not in (old.limit, c.limit)
            and old.currency == c.currency
            and c.client_id == client
            and main(v, c)
        ):
            yield start, cents(c.limit) - cents(old.limit)


def _to_run(v: ContractView, mine: list[Any]) -> float:
    newest = max((start for _c, start, _e in mine), default=None)
    ends = [c.closes_on or date.max for c, start, _e in mine if start == newest]
    return (max(ends) - v.day).days if ends and max(ends) != date.max else NAN


def _mean_rate(rates: list[float | None]) -> float:
    given = [math.floor(r * 1_000_000 + 0.5) for r in rates if r is not None]
    return share(sum(given), len(given)) / 1_000_000


def _guarantees(v: ContractView, role: str, party: str) -> list[Row]:
    return [g for g, start, end in v.guarantees if getattr(g, role) == party and holds(start, end, v.day)]


def of_party(v: ContractView, party: str) -> Found:
    """Guarantees and the place in a chain of a client or debtor."""
    mine = _guarantees(v, "beneficiary_id", party)
    given = [g for g in _guarantees(v, "guarantor_id", party) if g.beneficiary_id != party]
    yield "guarantee_count_now", len(mine)
    yield "pledge_count_now", sum(g.kind in ("collateral", "pledge") for g in mine)
    yield "guaranteed_now", sum(cents(g.cap) for g in mine if main(v, g)) / 100
    yield "guaranteed_for_others_now", sum(cents(g.cap) for g in given if main(v, g)) / 100
    version = v.standing(party, v.day)
    yield "tier_now", (version.tier or 0) if version else NAN
    yield "heads_chain_now", party in v.heads
    moves = [d for p, d, x, _anchor in members(v) if p == party]
    hangs = version is not None and version.anchor_id not in (None, party)
    yield "days_in_chain_now", (v.day - max(moves)).days if hangs else NAN


def members(v: ContractView) -> Iterator[tuple[str, date, int, str]]:
    """Party, day, 1 or -1, and the core enterprise that it came to hang on or ceased to."""
    last: dict[str, str | None] = {}
    for p, start, _end in sorted(v.parties, key=lambda x: x[1]):
        hangs, hung = (None if p.anchor_id == p.party_id else p.anchor_id), last.get(p.party_id)
        last[p.party_id] = hangs
        if hangs != hung:
            yield from ((p.party_id, start, x, a) for x, a in ((-1, hung), (1, hangs)) if a)


def of_chain(v: ContractView, chain: str, mine: list[Row]) -> Found:
    """What is of a chain alone."""
    moves = [(d, x) for _p, d, x, anchor in members(v) if anchor == chain]
    yield "member_count_now", flow(moves, v.day, EVER)
    yield "new_member_count_365d", flow([(d, 1) for d, x in moves if x > 0], v.day, YEAR)
    yield "left_member_count_365d", flow([(d, 1) for d, x in moves if x < 0], v.day, YEAR)
    for window in (90, YEAR):
        sold: dict[str, int] = {}
        for i in mine:
            if main(v, i) and (v.day - i.known_on).days < window:
                sold[i.client_id] = sold.get(i.client_id, 0) + cents(i.amount)
        hhi, top, count = concentration(list(sold.values()))
        yield f"supplier_count_{window}d", count
        yield f"supplier_concentration_{window}d", hhi
        yield f"top_supplier_share_{window}d", top


def of_debtor(v: ContractView, pairs: set[tuple[str, str]], mine: list[Row], owed: int) -> Found:
    """Limits for the debtors of pairs (client, debtor)."""
    limit = 0
    for c, start, end in v.contracts:
        for client, debtor in pairs:
            if c.client_id == client and c.debtor_id in (None, debtor) and holds(start, end, v.day) and main(v, c):
                limit += cents(c.debtor_limit if c.debtor_id is None else c.limit)
    funds = sum(x for a, _r, d, x in v.funds if v.invoices[a.invoice_id] in mine and main(v, a))
    yield "debtor_limit_now", limit / 100
    yield "debtor_limit_use_now", share(owed, limit)
    yield "debtor_utilisation_now", share(funds, limit)


def of_funds(v: ContractView, mine: list[Row], owed: int) -> Found:
    """Funds in use and what became of them, over some invoices."""
    ids = {i.invoice_id for i in mine}
    moves = [(a, r, d, x) for a, r, d, x in v.funds if a.invoice_id in ids and main(v, a)]
    used = sum(x for *_, x in moves)
    before = flow([(d, x) for _a, _r, d, x in moves], v.day - timedelta(days=90), EVER)
    late = [(x, (v.day - a.due_on).days, v.day > (a.grace_until or a.due_on)) for a, _r, _d, x in moves]
    yield "funds_in_use_now", used / 100
    yield "funds_quarter_growth_now", share(used, before) - 1
    yield "financed_share_now", share(used, owed)
    yield "overdue_funds_now", sum(x for x, n, _g in late if n > 0) / 100
    yield "overdue_funds_share_now", share(sum(x for x, n, _g in late if n > 0), used)
    yield "overdue_grace_share_now", share(sum(x for x, _n, g in late if g), used)
    yield "overdue_90_funds_share_now", share(sum(x for x, n, _g in late if n >= 90), used)
    for window in (90, YEAR):
        yield f"advanced_{window}d", flow([(d, x) for a, r, d, x in moves if a is r], v.day, window) / 100
    paid = [(a, r, d, -x) for a, r, d, x in moves if a is not r]
    whole = flow([(d, x) for _a, _r, d, x in paid], v.day, YEAR)
    parts: dict[str, Callable[[Row, Row], bool]] = {
        "late": lambda a, r: r.paid_on > a.due_on,
        "by_client": lambda a, r: r.payer == "client",
        "by_guarantee": lambda a, r: r.payer in ("guarantor", "insurer"),
    }
    for name, is_part in parts.items():
        yield (
            f"repaid_{name}_share_365d",
            share(flow([(d, x) for a, r, d, x in paid if is_part(a, r)], v.day, YEAR), whole),
        )


def of_security(v: ContractView, mine: list[Row]) -> Found:
    """Amendments and claims over some invoices."""
    ids = {i.invoice_id: i for i in mine}
    put_off = [(d, n) for invoice, d, n in _amendments(v) if invoice in ids]
    count = flow([(i.known_on, 1) for i in mine], v.day, YEAR)
    for window in (90, YEAR, EVER):
        yield f"amendment_count_{tag(window)}", flow([(d, 1) for d, _ in put_off], v.day, window)
    amended = flow([(d, 1) for d, _ in put_off], v.day, YEAR)
    yield "amended_share_365d", share(amended, count)
    yield "mean_days_put_off_365d", share(flow(put_off, v.day, YEAR), amended)
    hits = [(h, v.known(h)) for h in v.table["registry_hits"] if h.scope == "invoice" and h.invoice_id in ids]
    yield "invoice_claim_share_365d", share(flow([(d, 1) for _, d in hits], v.day, YEAR), count)
    told = [(h, d, ids[h.invoice_id].assigned_on) for h, d in hits]
    earlier = [(max(d, assigned), 1) for h, d, assigned in told if assigned and h.registered_on <= assigned]
    for window in (YEAR, EVER):
        yield f"earlier_claim_count_{tag(window)}", flow(earlier, v.day, window)


def _amendments(v: ContractView) -> Iterator[tuple[str, date, int]]:
    for a in v.table["amendments"]:
        advance = v.advances.get(a.target_id) if a.target == "advance" else None
        invoice = advance.invoice_id if advance else a.target_id
        if invoice in v.invoices and (advance or a.target == "invoice"):
            known = max(a.known_on, v.invoices[invoice].known_on, advance.known_on if advance else a.known_on)
            yield invoice, known, (a.new_due - a.old_due).days


def is_off(day: date) -> bool:
    """Whether a day is off in China."""
    return not CHINA.is_working_day(day)


def is_month_end(day: date) -> bool:
    """Whether a day is one of the last three of its month."""
    return (day + timedelta(days=3)).month != day.month


def log_amount(invoice: Row) -> int:
    """The logarithm of an amount, in thousandths."""
    return math.floor(math.log(float(invoice.amount)) * 1000 + 0.5)


def of_amounts(v: ContractView, mine: list[Row]) -> Found:
    """Amounts, terms and days of issue of some invoices."""
    for window in (90, YEAR, EVER):
        every = [i for i in mine if window is None or (v.day - i.known_on).days < window]
        priced = [i for i in every if main(v, i)]
        logs, terms = [log_amount(i) for i in priced], [(i.due_on - i.issued_on).days for i in every]
        again, end = sum(v.beside[i.invoice_id].same_amount for i in every), tag(window)
        yield f"mean_log_amount_{end}", share(sum(logs), len(logs)) / 1000
        yield f"log_amount_deviation_{end}", deviation(logs, 1000)
        yield f"round_amount_share_{end}", share(sum(i.amount % 10_000 == 0 for i in priced), len(priced))
        yield f"repeated_amount_count_{end}", again
        yield f"repeated_amount_share_{end}", share(again, len(every))
        yield f"mean_terms_{end}", share(sum(terms), len(terms))
        yield f"terms_deviation_{end}", deviation(terms)
        yield f"month_end_share_{end}", share(sum(is_month_end(i.issued_on) for i in every), len(every))
        yield f"day_off_share_{end}", share(sum(is_off(i.issued_on) for i in every), len(every))
        first = [str(cents(i.amount))[0] for i in priced]
        away = [abs(share(first.count(str(k)), len(first)) - math.log10(1 + 1 / k)) for k in range(1, 10)]
        yield f"first_digit_departure_{end}", sum(away) / 9 if len(first) >= 50 else NAN
