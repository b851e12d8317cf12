"""Every feature of parties and their surroundings the obvious way: loops over the rows of a book cut at the date."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
from brute.balances import ageing
from brute.payment import payment
from brute.view import NAN, Rows, share, within

from riskmodels.book.book import Book
from riskmodels.features.facts.market import exposures

Row = Any
Values = dict[str, float]
NOTCHES = {"AAA": 1, "AA-": 4, "BBB": 9, "BAA3": 10, "D": 22}
GRADES = {str(i): i for i in range(1, 8)}
KINDS = {
    "court_count": ("litigation", "enforcement", "equity freeze"),
    "insolvency_count": ("bankruptcy rumour", "bankruptcy"),
    "enforcement_count": ("enforcement",),
    "bad_news_count": ("negative news",),
    "product_count": ("recall", "safety"),
    "management_change_count": ("management change",),
    "tax_event_count": ("tax",),
    "policy_event_count": ("policy",),
}
WINDOWS = ((90, "90d"), (180, "180d"), (365, "365d"), (None, "ever"))
RATIOS: dict[str, Callable[[Row], tuple[float, float]]] = {
    "return_on_assets": lambda s: (12 * s.net_income, s.months * s.total_assets),
    "return_on_equity": lambda s: (12 * s.net_income, s.months * s.equity),
    "gross_margin": lambda s: (s.revenue - s.cost, s.revenue),
    "ebit_margin": lambda s: (s.ebit, s.revenue),
    "net_margin": lambda s: (s.net_income, s.revenue),
    "current_ratio": lambda s: (s.current_assets, s.current_liabilities),
    "quick_ratio": lambda s: (s.current_assets - s.inventory, s.current_liabilities),
    "cash_ratio": lambda s: (s.cash, s.current_liabilities),
    "debt_ratio": lambda s: (s.total_liabilities, s.total_assets),
    "equity_ratio": lambda s: (s.equity, s.total_assets),
    "interest_cover": lambda s: (s.ebit, s.interest_expense),
    "receivable_days": lambda s: (s.months * s.receivables, 12 * s.revenue),
    "inventory_days": lambda s: (s.months * s.inventory, 12 * s.cost),
    "asset_turnover": lambda s: (12 * s.revenue, s.months * s.total_assets),
    "cash_flow_to_debt": lambda s: (12 * s.operating_cash_flow, s.months * s.total_liabilities),
    "cash_flow_to_revenue": lambda s: (s.operating_cash_flow, s.revenue),
    "cash_flow_to_current_liabilities": lambda s: (12 * s.operating_cash_flow, s.months * s.current_liabilities),
    "accruals_to_assets": lambda s: (12 * (s.net_income - s.operating_cash_flow), s.months * s.total_assets),
}
WATCHED = ("ebit_margin", "current_ratio", "debt_ratio", "receivable_days", "asset_turnover")
WATCHED += ("cash_flow_to_current_liabilities",)
NOT_MONEY = ("party_id", "period_end", "published_on", "known_on", "months", "audited", "currency")


class Statement:
    """A statement with amounts in minor units; a cell that isn't stated is NaN, so that no sum of it is stated."""

    def __init__(self, row: Row) -> None:
        for name, value in row._asdict().items():
            setattr(self, name, value if name in NOT_MONEY or value != value else cents(value))
        self.months = NAN if self.months != self.months else int(self.months)
        self.since = max(row.known_on, row.published_on).date()
        self.period = row.period_end.year * 12 + row.period_end.month


class Version:
    """A row that counts from a day on, until one with a later `valid` day does."""

    def __init__(self, row: Row, valid: Any) -> None:
        self.row, self.valid, self.since = row, valid.date(), max(row.known_on, valid).date()

    def order(self) -> tuple[Any, ...]:
        return self.valid, self.since, self.row.known_on


class Known:
    """All that was known of parties and markets at the close of a day."""

    def __init__(self, book: Book, day: date, main: str) -> None:
        self.cut, self.day, self.main = book.as_of(day), day, main
        self.ledger = Rows(book).at(day)
        self.statements = [Statement(r) for r in rows(self.cut, "financials")]
        self.profiles = self._versions("parties", "valid_from", "party_id")
        self.ratings = self._versions("ratings", "rated_on", "party_id")
        self.checks = self._versions("kyc", "checked_on", "party_id", "item")
        self.bank_states = self._versions("bank_flows", "month", "party_id")
        self.series = self._versions("market", "on", "series")
        self.months = rows(self.cut, "bank_flows")
        self.events = rows(self.cut, "party_events")
        named = (v.row.anchor_id for versions in self.profiles.values() for v in versions)
        self.heads = {anchor for anchor in named if isinstance(anchor, str)}
        self._looked: dict[Any, Any] = {}

    def _versions(self, table: str, valid: str, *key: str) -> dict[Any, list[Version]]:
        found: dict[Any, list[Version]] = {}
        for row in rows(self.cut, table):
            version = Version(row, getattr(row, valid))
            if version.since <= self.day:
                found.setdefault(tuple(getattr(row, k) for k in key), []).append(version)
        return {k: came_into_force(versions) for k, versions in found.items()}

    def industry(self, party: str, day: date) -> Any:
        """The party's industry as it was in force on a day; None when it wasn't known."""
        version = held(self.profiles.get((party,), []), day)
        return version.row.industry if version and isinstance(version.row.industry, str) else None

    def belongs(self, party: str, of: str) -> Any:
        """The industry of a party as it was last said, or its chain now: its own if it heads one; None for none."""
        mine = self.profiles.get((party,), [])
        if of == "chain" and party in self.heads:
            return party
        held = mine[-1].row.anchor_id if mine else None
        name = held if of == "chain" else last_said(mine, self.day, lambda r: r.industry)
        return name if isinstance(name, str) else None


def came_into_force(versions: list[Version]) -> list[Version]:
    """The versions that held on the day they came, the oldest first."""
    days = sorted({v.since for v in versions})
    return [max((v for v in versions if v.since <= day), key=Version.order) for day in days if any(
        v.since == day and v is max((w for w in versions if w.since <= day), key=Version.order) for v in versions
    )]  # fmt: skip


def held(versions: list[Version], day: date) -> Version | None:
    """The version that held on a day."""
    return next((v for v in reversed(versions) if v.since <= day), None)


def of_party(k: Known, party: str, role: str) -> Values:
    """Every feature of a party as a debtor, a client, or the head of a chain."""
    found: Values = {}
    for part in (_financial, _quality, _abnormal, _events, _soft, _house):
        found |= dict(part(k, party))
    if role != "chain":
        found |= dict(_bank(k, party, role)) | dict(_foreign(k, party, role))
    return found


def of_industry(k: Known, industry: str) -> Values:
    """Every feature of an industry."""
    return dict(_market(k, industry)) | dict(_debtors(k, industry))


# financial statements


def accounts(k: Known, party: str, day: date) -> dict[int, Statement]:
    """By period the statement that was in force on a day."""
    if (party, day) not in k._looked:
        mine = [s for s in k.statements if s.party_id == party and s.since <= day]
        order = sorted(mine, key=lambda s: (s.published_on, s.since, s.period_end))
        k._looked[party, day] = {s.period: s for s in order}
    return k._looked[party, day]


def days_of(k: Known, party: str) -> list[date]:
    """The days on which a statement of the party came into force, the latest first."""
    mine = [s for s in k.statements if s.party_id == party and s.since <= k.day]
    return sorted({s.since for s in mine if accounts(k, party, s.since)[s.period] is s}, reverse=True)


def latest(k: Known, party: str, wanted: Callable[[Statement, Statement | None], Any]) -> Any:
    """What is wanted of the newest statement and that of a year before, on the last day on which it can be said."""
    for day in days_of(k, party):
        known = accounts(k, party, day)
        now = known[max(known)]
        before = known.get(now.period - 12)
        alike = before is not None and before.months == now.months and before.currency == now.currency
        found = wanted(now, before if alike else None)
        if found is not None:
            return found
    return None


def stated(*values: float) -> tuple[float, ...] | None:
    """The values, None if one isn't stated."""
    return None if any(v != v for v in values) else values


def _financial(k: Known, party: str) -> Iterable[tuple[str, float]]:
    for name, sides in RATIOS.items():
        unit = 365 if name.endswith("days") else 1
        now = latest(k, party, lambda s, _, sides=sides: stated(*sides(s)))
        both = latest(k, party, lambda s, b, sides=sides: b and stated(*sides(s), *sides(b)))
        yield f"{name}_now", share(*map(float, now)) * unit if now else NAN
        moved = NAN if not both else share(*map(float, both[:2])) * unit - share(*map(float, both[2:])) * unit
        yield f"{name}_change_now", moved
    for name, column in (("revenue_growth", "revenue"), ("asset_growth", "total_assets")):
        both = latest(k, party, lambda s, b, c=column: b and stated(getattr(s, c), getattr(b, c)))
        yield f"{name}_now", share(*both) - 1 if both else NAN
    four = latest(k, party, lambda s, b: b and stated(s.receivables, b.receivables, s.revenue, b.revenue))
    yield "receivables_outgrow_revenue_now", share(*four[:2]) - share(*four[2:]) if four else NAN
    for name, column in (("loss_making", "net_income"), ("negative_equity", "equity")):
        value = latest(k, party, lambda s, _, c=column: stated(getattr(s, c)))
        yield f"{name}_now", float(value[0] < 0) if value else NAN


def _quality(k: Known, party: str) -> Iterable[tuple[str, float]]:
    newest = latest(k, party, lambda s, _: s)
    yield "statement_age_now", (k.day - newest.period_end.date()).days if newest else NAN
    yield "published_ago_now", (k.day - newest.published_on.date()).days if newest else NAN
    yield "publication_delay_now", (newest.published_on - newest.period_end).days if newest else NAN
    yearly = latest(k, party, lambda s, _: s if s.months == 12 and isinstance(s.audited, bool) else None)
    yield "unaudited_now", float(not yearly.audited) if yearly else NAN
    replaced = [s.since for s in k.statements if s.party_id == party and s.since <= k.day and _replaces(k, s)]
    for w, tag in WINDOWS:
        yield f"restatement_count_{tag}", sum(within((k.day - d).days, w) for d in replaced)
    signals = latest(k, party, lambda s, b: b and _signals(s, b))
    yield "piotroski_signals_now", NAN if signals is None else signals[0]


def _replaces(k: Known, s: Statement) -> bool:
    """Whether a statement came into force after another one for its period."""
    if accounts(k, s.party_id, s.since)[s.period] is not s:
        return False
    return any(o.party_id == s.party_id and o.period == s.period and o.since < s.since for o in k.statements)


def _signals(s: Statement, b: Statement) -> tuple[int] | None:
    names = ("return_on_assets", "current_ratio", "gross_margin", "asset_turnover", "debt_ratio")
    now, before = ({n: share(*map(float, RATIOS[n](x))) for n in names} for x in (s, b))
    if stated(*now.values(), *before.values(), s.net_income, s.operating_cash_flow) is None:
        return None
    found = [s.net_income > 0, s.operating_cash_flow > 0, s.operating_cash_flow > s.net_income]
    found += [now[n] > before[n] for n in names[:4]] + [now["debt_ratio"] < before["debt_ratio"]]
    return (sum(found),)


def fixed(name: str, s: Statement) -> int | None:
    """A ratio in ten-thousandths, cut at 100; None when it isn't stated."""
    part, whole = RATIOS[name](s)
    if stated(part, whole) is None or whole <= 0:
        return None
    return max(-1_000_000, min(1_000_000, math.floor(float(part) * 10_000.0 / float(whole))))


def _abnormal(k: Known, party: str) -> Iterable[tuple[str, float]]:
    looks = {d + timedelta(days=late) for d in days_of(k, party) for late in (0, 90)}
    looks = sorted((d for d in looks if d <= k.day), reverse=True)
    for name in WATCHED:
        day = next((d for d in looks if fixed(name, newest_on(k, party, d)) is not None), None)
        own = newest_on(k, party, day) if day else None
        earlier = [s for p, s in accounts(k, party, day).items() if p < own.period] if own else []
        yield f"{name}_z_own_now", distance(name, own, earlier, 4)
        yield f"{name}_z_peers_now", distance(name, own, peers(k, own, day) if own else [], 10)


def newest_on(k: Known, party: str, day: date) -> Statement:
    known = accounts(k, party, day)
    return known[max(known)]


def peers(k: Known, own: Statement, day: date) -> list[Statement]:
    """The statements of others of the industry for the same period and months, in force on a day."""
    trade = k.industry(own.party_id, own.since)
    if trade is None:
        return []
    others = {s.party_id for s in k.statements} - {own.party_id}
    found = [accounts(k, p, day).get(own.period) for p in others]
    return [s for s in found if s and s.months == own.months and k.industry(s.party_id, s.since) == trade]


def distance(name: str, own: Statement | None, others: list[Statement], least: int) -> float:
    """Standard deviations of a ratio above the mean of others."""
    values = [v for s in others if (v := fixed(name, s)) is not None]
    if own is None or len(values) < least:
        return NAN
    n, total, squares = float(len(values)), float(sum(values)), float(sum(v * v for v in values))
    spread = math.sqrt((n * squares - total * total) / (n * (n - 1)))
    return share(fixed(name, own) - total / n, spread)


# events, soft information, the house's own opinions


def _events(k: Known, party: str) -> Iterable[tuple[str, float]]:
    mine = [(e, (k.day - e.known_on.date()).days) for e in k.events if e.party_id == party]
    for w, tag in WINDOWS:
        seen = [(e, age) for e, age in mine if within(age, w)]
        grave = [(int(e.severity), age) for e, age in seen if e.severity == e.severity]
        yield f"event_count_{tag}", len(seen)
        for name, kinds in KINDS.items():
            yield f"{name}_{tag}", sum(e.kind in kinds for e, _ in seen)
        yield f"worst_severity_{tag}", max((s for s, _ in grave), default=NAN)
        if w:
            yield f"severity_{tag}", sum(s * (w - age) for s, age in grave) / w
    yield "days_since_event_now", min((age for _, age in mine), default=NAN)
    yield "days_since_grave_event_now", min((age for e, age in mine if e.severity >= 4), default=NAN)


def last_said(versions: list[Version], day: date, told: Callable[[Row], Any]) -> Any:
    """What the newest version that says something of it told by a day; NaN if none did."""
    for version in reversed(versions):
        value = told(version.row)
        if version.since <= day and value is not None and value == value:
            return value
    return NAN


def _soft(k: Known, party: str) -> Iterable[tuple[str, float]]:
    mine = k.profiles.get((party,), [])
    ago = k.day - timedelta(days=365)

    def said(told: Callable[[Row], Any], day: date = k.day) -> Any:
        return last_said(mine, day, told)

    founder = [said(lambda r: r.founder_score, d) for d in (k.day, ago)]
    yield "founder_score_now", founder[0]
    yield "founder_score_change_365d", founder[0] - founder[1]
    yield "shareholder_concentration_now", said(lambda r: r.shareholder_concentration)
    yield "industry_position_now", said(lambda r: ranked(r.industry_position, "leading", "middle", "lagging"))
    yield "size_now", said(lambda r: ranked(r.size, "micro", "small", "medium", "large"))
    for name, owner in (("state_owned", "state"), ("listed", "listed"), ("private", "private")):
        yield f"{name}_now", said(lambda r, o=owner: float(r.ownership == o) if isinstance(r.ownership, str) else None)
    yield "registered_capital_now", said(lambda r: r.registered_capital)
    founded = last_said(mine, k.day, lambda r: r.founded_on)
    yield "company_age_now", (k.day - founded.date()).days if founded == founded else NAN
    notches = [held(mine, d) for d in (k.day, ago)]
    letters = [NOTCHES.get(str(v.row.external_rating).strip().upper(), NAN) if v else NAN for v in notches]
    yield "agency_notch_now", letters[0]
    yield "agency_downgrade_365d", letters[0] - letters[1]
    yield "group_member_now", float(isinstance(mine[-1].row.group_id, str)) if mine else NAN
    for w, tag in WINDOWS:
        yield f"profile_change_count_{tag}", sum(within((k.day - v.since).days, w) for v in mine)


def ranked(word: Any, *words: str) -> int | None:
    return words.index(word) if word in words else None


def _house(k: Known, party: str) -> Iterable[tuple[str, float]]:
    mine = k.ratings.get((party,), [])
    final = [last_said(mine, d, lambda r: GRADES.get(r.final_grade)) for d in (k.day, k.day - timedelta(days=365))]
    yield "house_grade_now", final[0]
    yield "house_downgrade_365d", final[0] - final[1]
    yield "house_override_now", last_said(mine, k.day, _override)
    yield "days_since_house_grade_now", (k.day - mine[-1].since).days if mine else NAN
    items = [versions for (p, _), versions in k.checks.items() if p == party]
    newest = [versions[-1] for versions in items]
    yield "failing_checks_now", sum(v.row.result in ("failed", "incomplete") for v in newest)
    expired = [v for v in newest if v.row.expires_on == v.row.expires_on]
    yield "lapsed_checks_now", sum(v.row.expires_on.date() <= k.day for v in expired)
    yield "days_since_check_now", min(((k.day - v.since).days for v in newest), default=NAN)


def _override(r: Row) -> int | None:
    known = r.final_grade in GRADES and r.model_grade in GRADES
    return GRADES[r.final_grade] - GRADES[r.model_grade] if known else None


# bank flow and foreign currency


def _bank(k: Known, party: str, role: str) -> Iterable[tuple[str, float]]:
    mine = [m for m in k.months if m.party_id == party and m.currency == k.main]
    paid = [p for p in k.ledger.payments if getattr(k.ledger.invoices[p.invoice_id], f"{role}_id") == party]
    paid = [(p.amount, k.ledger.age(p)) for p in paid if p.invoice_id in k.ledger.main]
    for w, tag in ((90, "90d"), (180, "180d"), (365, "365d")):
        seen = [m for m in mine if within(age(k, m.known_on), w)]
        flows = [(cents(m.inflow), cents(m.outflow)) for m in seen if m.inflow == m.inflow and m.outflow == m.outflow]
        into, out = sum(i for i, _ in flows), sum(o for _, o in flows)
        least = [cents(m.minimum_balance) for m in seen if m.minimum_balance == m.minimum_balance]
        in_window = sum(amount for amount, a in paid if within(a, w))
        yield f"bank_inflow_{tag}", into / 100
        yield f"bank_outflow_{tag}", out / 100
        yield f"bank_net_share_{tag}", share(into - out, into)
        yield f"bank_net_out_share_{tag}", share(sum(o > i for i, o in flows), len(flows))
        yield f"bank_minimum_{tag}", min(least, default=NAN) / 100
        yield f"bank_overdrawn_months_{tag}", sum(x < 0 for x in least)
        yield f"paid_to_bank_inflow_{tag}", share(in_window, into)
        yield f"paid_to_bank_outflow_{tag}", share(in_window, out)
        yield f"bank_inflow_growth_{tag}", _growth(k, mine, w)
        yield f"bank_swing_{tag}", _swing(k, mine, w)
    states = [v.row for v in k.bank_states.get((party,), []) if v.row.currency == k.main]
    lows = [s for s in states if s.minimum_balance == s.minimum_balance]
    both = [s for s in lows if s.inflow == s.inflow]
    yield "bank_minimum_now", cents(lows[-1].minimum_balance) / 100 if lows else NAN
    now = share(cents(both[-1].minimum_balance), cents(both[-1].inflow)) if both else NAN
    yield "bank_minimum_to_inflow_now", now


def _growth(k: Known, mine: list[Row], w: int) -> float:
    known = [(cents(m.inflow), age(k, m.known_on)) for m in mine if m.inflow == m.inflow and m.outflow == m.outflow]
    now = [i for i, a in known if a < w]
    before = [i for i, a in known if 365 <= a < 365 + w]
    return share(float(sum(now) * len(before)), float(sum(before) * len(now))) - 1


def _swing(k: Known, mine: list[Row], w: int) -> float:
    by_month = {m.month.year * 12 + m.month.month: m for m in mine}
    pairs = [(m, by_month.get(n - 1)) for n, m in by_month.items()]
    pairs = [(m, b) for m, b in pairs if b is not None and m.inflow == m.inflow and b.inflow == b.inflow]
    pairs = [(m, b) for m, b in pairs if age(k, max(m.known_on, b.known_on)) < w]
    return share(sum(abs(cents(m.inflow) - cents(b.inflow)) for m, b in pairs), sum(cents(b.inflow) for _, b in pairs))


def _foreign(k: Known, party: str, role: str) -> Iterable[tuple[str, float]]:
    mine = [i for i in k.ledger.invoices.values() if getattr(i, f"{role}_id") == party]
    for w, tag in ((90, "90d"), (365, "365d")):
        seen = [i for i in mine if (k.day - i.known_on).days < w]
        yield f"foreign_share_{tag}", 1 - share(sum(i.currency == k.main for i in seen), len(seen))
        moves = [m for i in seen if (m := _fx_move(k, i)) is not None]
        yield f"exchange_move_{tag}", share(sum(moves), len(moves)) / 10_000
        yield f"exchange_move_size_{tag}", share(sum(map(abs, moves)), len(moves)) / 10_000


def _fx_move(k: Known, invoice: Row) -> int | None:
    rates = k.series.get((f"FX:{invoice.currency}/CNY",), [])
    day = invoice.known_on
    now, then = (held(rates, d) for d in (day, day - timedelta(days=90)))
    return move(now.row.value, then.row.value) if now and then else None


# industries


def _market(k: Known, industry: str) -> Iterable[tuple[str, float]]:
    def value(series: str, ago: int = 0) -> float:
        version = held(k.series.get((series,), []), k.day - timedelta(days=ago))
        return version.row.value if version else NAN

    mood, rate = f"sentiment:{industry}", exposures()["policy_rate"]
    yield "sentiment_now", value(mood)
    yield "gloomy_now", float(value(mood) < 50) if value(mood) == value(mood) else NAN
    yield "policy_rate_now", value(rate)
    yield "policy_rate_change_365d", value(rate) - value(rate, 365)
    inputs = [f"price:{name}" for name in exposures()["inputs"].get(industry, [])]
    for w, tag in ((90, "90d"), (365, "365d")):
        yield f"sentiment_change_{tag}", value(mood) - value(mood, w)
        yield f"input_price_change_{tag}", mean([share(value(s), value(s, w)) - 1 for s in inputs])
        yield f"input_price_spread_{tag}", mean([_spread(k, s, w) for s in inputs]) / 10_000


def _spread(k: Known, series: str, w: int) -> float:
    prices = k.series.get((series,), [])
    steps = [(move(b.row.value, a.row.value), b.since) for a, b in pairwise(prices)]
    seen = [m for m, since in steps if m is not None and (k.day - since).days < w]
    if len(seen) < 2:
        return NAN
    n, total, squares = float(len(seen)), float(sum(seen)), float(sum(m * m for m in seen))
    return math.sqrt((n * squares - total * total) / (n * (n - 1)))


def _debtors(k: Known, industry: str) -> Iterable[tuple[str, float]]:
    invoices = k.ledger.invoices.values()
    mine = {i.invoice_id for i in invoices if k.industry(i.debtor_id, i.known_on) == industry}
    yield "debtors_late_share_180d", dict(payment(k.ledger, mine, "debtor"))["late_share_180d"]
    yield "debtors_past_due_share_now", dict(ageing(k.ledger, mine, "debtor"))["past_due_share_now"]


def move(now: float, before: float) -> int | None:
    """A relative change in ten-thousandths."""
    return max(-10_000, min(10_000, math.floor((now / before - 1.0) * 10_000.0))) if before > 0 else None


def mean(values: list[float]) -> float:
    """The mean of those that aren't NaN."""
    found = [v for v in values if v == v]
    return sum(found) / len(found) if found else NAN


def cents(amount: float) -> int:
    """An amount in minor units."""
    return round(amount * 100)


def age(k: Known, known: Any) -> int:
    """Days since a timestamp."""
    return (k.day - known.date()).days


def rows(book: Book, table: str) -> list[Row]:
    """The rows of a table the book has, an empty cell NaN."""
    frame = book.frame(table) if table in book.tables else pd.DataFrame()
    return list(frame.astype(object).where(frame.notna(), NAN).itertuples(index=False))
