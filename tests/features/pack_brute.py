"""The features of the shipped packs the obvious way: loops over the rows of a book that was cut at the date."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.book import Book

Row = Any
Mine = Callable[[Row], bool]
"""Whether an invoice is of the subject."""
DAY = pd.Timedelta(days=1)
HOSPITALS = ("public hospital", "private hospital", "primary care")


NAN = math.nan


class Trade:
    """What was known of a trade's tables at the close of a date."""

    def __init__(self, book: Book, day: date) -> None:
        cut = book.as_of(day)
        self.rows = {t: list(cut.frame(t).itertuples()) for t in cut.tables}
        self.invoices = {i.invoice_id: i for i in self.rows["invoices"]}
        self.main = {i for i, r in self.invoices.items() if r.currency == "CNY"}
        self.settlements = [turn for i in self.invoices.values() for turn in self._turns(i)]
        self.now = pd.Timestamp(day)
        self.homes: dict[str, Row] = {}
        for i in sorted(self.invoices.values(), key=lambda i: (i.known_on, i.invoice_id)):
            if isinstance(i.contract_no, str):
                self.homes.setdefault(i.contract_no, i)

    def _turns(self, invoice: Row) -> Iterator[tuple[Row, Any, int, Any]]:
        """The days on which credits reached the invoice's amount (1) or left it again (-1), and when it was settled."""
        credited: dict[Any, list[tuple[Any, int]]] = defaultdict(list)
        for table, day in (("payments", "paid_on"), ("credit_notes", "issued_on")):
            for row in self.rows[table]:
                if row.invoice_id == invoice.invoice_id:
                    credited[row.known_on].append((getattr(row, day), cents(row.amount)))
        paid, newest, settled, settled_on = 0, pd.Timestamp.min, False, None
        for known in sorted(credited):
            paid += sum(a for _, a in credited[known])
            newest = max(newest, *(d for d, _ in credited[known]))
            if (paid >= cents(invoice.amount)) != settled:
                settled = not settled
                settled_on = newest if settled else settled_on
                yield invoice, max(known, invoice.known_on), 1 if settled else -1, settled_on

    def ago(self, *days: Any) -> int:
        """Days since the latest of some days."""
        return int((self.now - max(days)).days)

    def of(self, table: str, mine: Mine) -> Iterator[tuple[Row, Any]]:
        """Rows that hang on a contract whose first invoice is the subject's, and the day both were known."""
        for row in self.rows[table]:
            home = self.homes.get(row.contract_no)
            if home is not None and mine(home):
                yield row, max(row.known_on, home.known_on)

    def first(self, table: str, key: str, begins: str = "valid_from") -> dict[str, tuple[Row, Any]]:
        """Of each key the version that was in force first, and since when."""
        versions = defaultdict(list)
        for row in self.rows[table]:
            versions[getattr(row, key)].append((max(row.known_on, getattr(row, begins)), getattr(row, begins), row))
        return {k: _in_force(found)[0] for k, found in versions.items()}


def _in_force(found: list[tuple[Any, Any, Row]]) -> list[tuple[Row, Any]]:
    """Versions as they came into force: none that a newer one had overtaken, one a day."""
    taken: dict[Any, tuple[Any, Row]] = {}
    newest = None
    for known, begins, row in sorted(found, key=lambda v: v[:2]):
        if newest is None or begins >= newest:
            newest, taken[known] = begins, (begins, row)
    return [(row, known) for known, (_, row) in sorted(taken.items(), key=lambda v: v[0])]


def construction(v: Trade, mine: Mine, who: str, subject: str) -> dict[str, float]:
    """Every feature of the pack for one subject."""
    plan = list(v.of("milestones", mine))
    reached = [m for m, known in plan if pd.notna(m.reached_on) and v.ago(known, m.reached_on) < 365]
    lag = [
        (m, v.ago(k, m.reached_on, m.approved_on))
        for m, k in plan
        if pd.notna(m.reached_on + (m.approved_on - m.reached_on))
    ]
    lags = [(m.approved_on - m.reached_on).days for m, ago in lag if ago < 365]
    late = [m for m, _ in plan if m.planned_on + DAY <= v.now]
    main = [m for m, _ in plan if m.currency == "CNY"]
    built = amount(m for m in main if pd.notna(m.reached_on))
    first, terms = v.first("milestones", "contract_no", "agreed_on"), v.first("works", "contract_no")
    billed = [i for i in _invoices(v, mine) if i.contract_no in first]
    under = [
        i for i in _invoices(v, mine) if i.contract_no in terms and v.ago(i.known_on, terms[i.contract_no][1]) < 365
    ]
    kept = [r for r, _ in v.of("retentions", mine) if r.currency == "CNY"]
    past = [r for r in kept if r.due_on + DAY <= v.now]
    wages = [w for w, known in v.of("wage_accounts", mine) if v.ago(known) < 365]
    due, paid, funded = (
        sum(cents(getattr(w, c)) for w in wages if pd.notna(getattr(w, c))) for c in ("payable", "paid", "funded")
    )
    return {
        "milestone_delay_365d": share(sum((m.reached_on - m.planned_on).days for m in reached), len(reached)),
        "overdue_milestone_count_now": sum(pd.isna(m.reached_on) for m in late),
        "approval_lag_365d": share(sum(lags), len(lags)),
        "unapproved_share_now": share(
            built - amount(m for m in main if pd.notna(m.reached_on) and pd.notna(m.approved_on)), built
        ),
        "billed_to_approved_ever": share(
            amount(billed), sum(cents(m.approved_amount) for m in main if pd.notna(m.approved_on))
        ),
        "retention_past_due_share_now": share(amount(past) - _released(past), amount(kept) - _released(kept)),
        "wages_unpaid_share_365d": share(due - paid, due),
        "wages_funded_share_365d": share(funded, due),
        "subcontract_tier_now": _tier(v, mine),
        "deep_subcontract_share_365d": share(
            amount(i for i in under if terms[i.contract_no][0].subcontract_tier >= 2), amount(under)
        ),
    }


def _invoices(v: Trade, mine: Mine) -> list[Row]:
    return [i for i in v.invoices.values() if mine(i) and i.invoice_id in v.main]


def _released(rows: Iterable[Row]) -> int:
    return sum(cents(r.released_amount) for r in rows if pd.notna(r.released_on))


def _tier(v: Trade, mine: Mine) -> float:
    versions = defaultdict(list)
    for row, known in v.of("works", mine):
        versions[row.contract_no].append((max(known, row.valid_from), row.valid_from, row))
    told = [(known, row.subcontract_tier) for found in versions.values() for row, known in _in_force(found)]
    return max(told)[1] if told else NAN


def auto_parts(v: Trade, mine: Mine, who: str, subject: str) -> dict[str, float]:
    """Every feature of the pack for one subject."""
    terms = v.first("programmes", "contract_no")
    made = [(i, v.ago(i.known_on, terms[i.contract_no][1])) for i in _invoices(v, mine) if i.contract_no in terms]
    year = [i for i, ago in made if ago < 365]
    platforms: dict[str, int] = defaultdict(int)
    for i, _ in made:
        platforms[terms[i.contract_no][0].platform] += cents(i.amount)
    versions = defaultdict(list)
    for row, known in v.of("programmes", mine):
        versions[row.contract_no].append((max(known, row.valid_from), row.valid_from, row))
    downs = [
        r.price_down
        for f in versions.values()
        for r, known in _in_force(f)
        if pd.notna(r.price_down) and v.ago(known) < 365
    ]
    scores = [(q, v.ago(q.known_on)) for q in v.rows["quality_records"] if getattr(q, f"{subject}_id", "") == who]
    recent, quarter = ([q for q, ago in scores if ago < days] for days in (365, 90))
    before = [q for q, ago in scores if 365 <= ago < 730]
    tiers = [(max(p.known_on, p.valid_from), p) for p in v.rows["parties"] if p.party_id == who]
    tiers = [(row.tier, known) for row, known in _in_force([(k, p.valid_from, p) for k, p in tiers])]
    found = {
        "top_platform_share_ever": share(max(platforms.values(), default=NAN), sum(platforms.values())),
        "sole_source_share_365d": share(amount(i for i in year if terms[i.contract_no][0].sole_source), amount(year)),
        "largest_price_down_365d": max(downs, default=NAN),
        "supplier_tier_now": tiers[-1][0] if tiers else NAN,
        "ppm_change_365d": 1e6
        * (
            share(_sum(recent, "rejected_parts"), _sum(recent, "delivered_parts"))
            - share(_sum(before, "rejected_parts"), _sum(before, "delivered_parts"))
        ),
        "complaint_count_365d": _sum(recent, "complaints"),
        "line_stop_count_365d": _sum(recent, "line_stops"),
        "recall_count_365d": _recalls(v, who),
        "chain_recall_count_365d": _of_chain(v, who),
    }
    for rows, window in ((recent, "365d"), (quarter, "90d")):
        found[f"ppm_{window}"] = 1e6 * share(_sum(rows, "rejected_parts"), _sum(rows, "delivered_parts"))
        found[f"on_time_share_{window}"] = share(_sum(rows, "on_time"), _sum(rows, "deliveries"))
    return found


def _sum(rows: Iterable[Row], column: str) -> int:
    return sum(int(getattr(r, column)) for r in rows if pd.notna(getattr(r, column)))


def _recalls(v: Trade, who: str) -> int:
    return sum(e.kind == "recall" and e.party_id == who and v.ago(e.known_on) < 365 for e in v.rows["party_events"])


def _of_chain(v: Trade, who: str) -> float:
    """The recalls of the core enterprise in whose chain a party is: its own if it is one, else its newest version's."""
    every = defaultdict(list)
    for p in v.rows["parties"]:
        every[p.party_id].append((max(p.known_on, p.valid_from), p.valid_from, p))
    heads = {r.anchor_id for f in every.values() for r, _ in _in_force(f) if isinstance(r.anchor_id, str)}
    if who in heads:
        return _recalls(v, who)
    versions = _in_force(every[who]) if who in every else []
    held = versions[-1][0].anchor_id if versions else None
    return _recalls(v, held) if isinstance(held, str) else NAN


def pharma(v: Trade, mine: Mine, who: str, subject: str) -> dict[str, float]:
    """Every feature of the pack for one subject."""
    lines = []
    for b in v.rows["batches"]:
        i = v.invoices.get(b.invoice_id)
        if i is not None and mine(i):
            lines.append((b, i, max(b.known_on, i.known_on)))
    main = [(b, i, known) for b, i, known in lines if i.invoice_id in v.main]
    shipped = amount(b for b, _, known in main if v.ago(known) < 365)
    short = amount(b for b, _, known in main if v.ago(known) < 365 and (b.expires_on - b.shipped_on).days < 180)
    recalled = amount(b for b, _, known in main if pd.notna(b.recalled_on) and v.ago(known, b.recalled_on) < 365)
    back = [b for b, _, known in main if b.return_reason == "near expiry" and v.ago(known, b.returned_on) < 365]
    cold = [(b, known) for b, _, known in lines if pd.notna(b.cold_chain) and b.cold_chain]
    broken = sum(pd.notna(b.broken_on) and v.ago(known, b.broken_on) < 365 for b, known in cold)
    buyers = v.first("institutions", "party_id")
    public = [
        b
        for b, i, known in main
        if i.debtor_id in buyers
        and buyers[i.debtor_id][0].institution == "public hospital"
        and v.ago(known, buyers[i.debtor_id][1]) < 365
    ]
    hospitals = {d: known for d, (row, known) in buyers.items() if row.institution in HOSPITALS}
    sold = [
        i for i in _invoices(v, mine) if i.debtor_id in hospitals and v.ago(i.known_on, hospitals[i.debtor_id]) < 365
    ]
    days = list(_days_to_pay(v, mine, hospitals))
    held = [(c, max(c.known_on, c.valid_from)) for f in _certificates(v, who).values() for c, _ in f]
    return {
        "certificates_in_force_now": len(held) - sum(c.expires_on + DAY <= v.now for c, _ in held),
        "certificate_lapse_count_365d": sum(_lapsed(v, f) for f in _certificates(v, who).values()),
        "near_expiry_share_365d": share(short, shipped),
        "near_expiry_return_share_365d": share(sum(cents(b.returned_amount) for b in back), shipped),
        "recalled_share_365d": share(recalled, shipped),
        "cold_chain_break_share_365d": share(broken, sum(v.ago(known) < 365 for _, known in cold)),
        "third_invoice_share_365d": share(amount(b for b in public if b.bought_from == "wholesaler"), amount(public)),
        "hospital_share_365d": share(amount(sold), amount(i for i in _invoices(v, mine) if v.ago(i.known_on) < 365)),
        "hospital_days_to_pay_365d": share(sum(sign * n for sign, n in days), sum(sign for sign, _ in days)),
    }


def _certificates(v: Trade, who: str) -> dict[str, list[tuple[Row, Any]]]:
    kinds = defaultdict(list)
    for c in v.rows["certificates"]:
        if c.party_id == who:
            kinds[c.kind].append((max(c.known_on, c.valid_from), c.valid_from, c))
    return {kind: _in_force(found) for kind, found in kinds.items()}


def _lapsed(v: Trade, issues: list[tuple[Row, Any]]) -> int:
    """How many issues ended in the last year while the next wasn't in force."""
    n = 0
    for (c, known), nxt in zip(issues, [*(k for _, k in issues[1:]), None]):
        ended = c.expires_on + DAY
        renewed = nxt is not None and nxt <= ended
        n += not renewed and ended <= v.now and v.ago(known, ended) < 365
    return n


def _days_to_pay(v: Trade, mine: Mine, hospitals: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for i, known, sign, settled_on in v.settlements:
        if mine(i) and i.debtor_id in hospitals and v.ago(known, hospitals[i.debtor_id]) < 365:
            yield sign, (settled_on - i.issued_on).days


def cents(value: float) -> int:
    """An amount in minor units."""
    return round(value * 100)


def amount(rows: Iterable[Row]) -> int:
    """The sum of amounts in minor units."""
    return sum(cents(r.amount) for r in rows)


def share(part: float, whole: float) -> float:
    """part / whole, NaN when the whole is 0 or less."""
    return part / whole if whole > 0 else NAN
