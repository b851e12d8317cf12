"""Every feature of papers and delivery the obvious way, and what an invoice at its issue compares itself with."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta

from brute_contracts import EVER, NAN, YEAR, Found, deviation, is_month_end, is_off, log_amount, main, share, tag
from brute_view import ContractView, Row, digits

PAPERS = {
    "contract_seen": "has_contract",
    "tax_invoice_seen": "has_tax_invoice",
    "logistics_seen": "has_logistics",
    "acceptance_seen": "has_acceptance",
    "non_assignable": "non_assignable",
}
LAGS = {
    "verify": ("issued_on", "verified_on"),
    "accept": ("issued_on", "accepted_on"),
    "assign": ("issued_on", "assigned_on"),
    "book": ("issued_on", "known_on"),
    "confirm": ("issued_on", "confirmed_on"),
    "register": ("assigned_on", "registered_on"),
    "notify": ("assigned_on", "notified_on"),
}
IN_TIME = {
    "verified": ("issued_on", "verified_on"),
    "accepted": ("issued_on", "accepted_on"),
    "confirmed": ("issued_on", "confirmed_on"),
    "registered": ("assigned_on", "registered_on"),
    "notified": ("assigned_on", "notified_on"),
}


def seen(v: ContractView, mine: list[Row], window: int | None, *columns: str, waits: int = 0) -> list[Row]:
    """Invoices known, with all the columns revealed and `waits` days after the first over, on a day of the window."""
    found = []
    for i in mine:
        days = [getattr(i, c) for c in columns]
        if all(days):
            day = max([i.known_on, *days, days[0] + timedelta(days=waits)] if days else [i.known_on])
            if day <= v.day and (window is None or (v.day - day).days < window):
                found.append(i)
    return found


def of_papers(v: ContractView, mine: list[Row]) -> Found:
    """Documents, states of tax invoices, numbers and contracts of some invoices."""
    for window in (90, YEAR, EVER):
        end, every = tag(window), seen(v, mine, window)
        verified = seen(v, mine, window, "verified_on")
        for name, flag in PAPERS.items():
            told = [getattr(i, flag) for i in verified if getattr(i, flag) is not None]
            yield f"{name}_share_{end}", share(sum(told), len(told))
        complete = [all(getattr(i, f) for f in list(PAPERS.values())[:4]) for i in verified]
        yield f"complete_share_{end}", share(sum(complete), len(complete))
        old = seen(v, mine, window, "issued_on", waits=90)
        for state in ("voided", "red-flushed"):
            done = [i.tax_state == state and (i.tax_state_on - i.issued_on).days <= 90 for i in old if i.tax_state_on]
            yield f"{state.replace('-', '_')}_share_{end}", share(sum(done), len(old))
        stated = seen(v, mine, window, "tax_state_on")
        yield f"cancelled_tax_invoice_count_{end}", sum(i.tax_state != "valid" for i in stated)
        yield from _numbers(v, every, end)
        yield from _contracts(v, every, end)


def _numbers(v: ContractView, every: list[Row], end: str) -> Found:
    steps, against = [], 0
    for i in every:
        before = v.beside[i.invoice_id].numbered
        if digits(i) is not None and before:
            steps.append(digits(i) - max(digits(b) for b in before))
            against += (digits(i) - digits(before[-1])) * (i.issued_on - before[-1].issued_on).days < 0
    gaps = sum(s > 1 for s in steps)
    yield f"number_gap_count_{end}", gaps
    yield f"number_gap_share_{end}", share(gaps, len(steps))
    yield f"mean_numbers_skipped_{end}", share(sum(max(s - 1, 0) for s in steps), len(steps))
    yield f"consecutive_number_share_{end}", share(sum(s == 1 for s in steps), len(steps))
    yield f"number_against_date_share_{end}", share(against, len(steps))
    yield f"repeated_number_count_{end}", sum(v.beside[i.invoice_id].same_number for i in every)
    yield f"repeated_tax_invoice_count_{end}", sum(v.beside[i.invoice_id].same_tax for i in every)


def _contracts(v: ContractView, every: list[Row], end: str) -> Found:
    named = [i for i in every if i.contract_no]
    new = sum(v.beside[i.invoice_id].new_contract for i in named)
    yield f"new_contract_share_{end}", share(new, len(named))
    yield f"invoices_per_contract_{end}", share(len(named), new)
    yield f"no_contract_count_{end}", len(every) - len(named)
    yield f"others_contract_count_{end}", sum(v.beside[i.invoice_id].others_contract for i in named)


def of_delivery(v: ContractView, mine: list[Row]) -> Found:
    """Acceptance, confirmation, registration and notice of some invoices."""
    means: dict[tuple[str, int | None], float] = {}
    for window in (90, YEAR, EVER):
        end = tag(window)
        for name, (start, stop) in IN_TIME.items():
            old = seen(v, mine, window, start, waits=30)
            done = [_within(i, start, stop, 30) for i in old]
            yield f"{name}_share_{end}", share(sum(done), len(done))
        for name, (start, stop) in LAGS.items():
            days = [(getattr(i, stop) - getattr(i, start)).days for i in seen(v, mine, window, start, stop)]
            means[name, window] = share(sum(days), len(days))
            yield f"mean_days_to_{name}_{end}", means[name, window]
            yield f"days_to_{name}_deviation_{end}", deviation(days)
        told = [i for i in seen(v, mine, window, "confirmed_on") if i.confirmed_amount is not None and main(v, i)]
        yield f"confirmed_short_share_{end}", share(sum(i.confirmed_amount < i.amount for i in told), len(told))
        short, whole = sum(i.amount - i.confirmed_amount for i in told), sum(i.amount for i in told)
        yield f"unconfirmed_amount_share_{end}", share(int(short * 100), int(whole * 100))
        both = seen(v, mine, window, "assigned_on", "registered_on")
        yield f"registered_after_share_{end}", share(sum(i.registered_on > i.assigned_on for i in both), len(both))
    yield "mean_days_to_accept_change_90d", means["accept", 90] - means["accept", YEAR]


def _within(i: Row, start: str, stop: str, days: int) -> bool:
    return getattr(i, stop) is not None and (getattr(i, stop) - getattr(i, start)).days <= days


def of_issue(
    v: ContractView, i: Row, pair: dict[str, float], client: dict[str, float], debtor: dict[str, float]
) -> Found:
    """An invoice at its issue, beside what was known of its parties the day before."""
    amount, log = (float(i.amount), log_amount(i) / 1000) if main(v, i) else (NAN, NAN)
    terms = (i.due_on - i.issued_on).days
    yield from (("amount", amount), ("log_amount", log), ("terms", terms))
    yield "round_amount", amount % 10_000 == 0 if main(v, i) else NAN
    yield from (("due_weekday", i.due_on.weekday()), ("due_day", i.due_on.day))
    yield "due_days_off", next(n for n in range(20) if not is_off(i.due_on - timedelta(days=n)))
    yield from (("due_december", i.due_on.month == 12), ("due_new_year", i.due_on.month in (1, 2)))
    yield from (("issue_weekday", i.issued_on.weekday()), ("issue_day", i.issued_on.day))
    yield from (("month_end", is_month_end(i.issued_on)), ("day_off", is_off(i.issued_on)))
    for name, its in (("pair", pair), ("client", client), ("debtor", debtor)):
        yield f"amount_to_{name}_mean", share(amount, its["mean_invoice_365d"])
        away = log - its["mean_log_amount_365d"]
        yield f"deviations_from_{name}", share(away, its["log_amount_deviation_365d"])
    largest = share(amount, pair["largest_invoice_365d"])
    yield from (("amount_to_pair_largest", largest), ("near_pair_largest", near(largest)))
    yield "amount_to_client_invoiced", share(amount, client["invoiced_365d"])
    yield "repeats_pair_amount", flag(amount == pair["last_invoice_now"], amount, pair["last_invoice_now"])
    yield "terms_less_usual", terms - pair["mean_terms_365d"]
    yield "terms_deviations", share(terms - client["mean_terms_365d"], client["terms_deviation_365d"])
    count, age = pair["invoice_count_ever"], client["relation_age_now"]
    yield from (("first_of_pair", count == 0), ("new_debtor_of_old_client", flag(count == 0 and age > 365, age)))
    since = pair["days_since_invoice_now"]
    yield "gap_to_usual", share((since + 1) * (count - 1), pair["relation_age_now"] - since)
    yield "amount_to_headroom", share(amount, client["headroom_now"])
    used = client["funds_in_use_now"] + amount * client["advance_rate_now"]
    yield "utilisation_after", share(used, client["limit_now"])
    yield "debtor_limit_use_after", share(pair["balance_now"] + amount, pair["debtor_limit_now"])
    yield "near_debtor_limit", near(share(amount, pair["debtor_limit_now"]))
    left = client["days_to_contract_end_now"]
    yield "due_after_contract", flag(i.issued_on + timedelta(days=terms) > _last(v, left), left)


def _last(v: ContractView, left: float) -> date:
    """The day that lies so many days after the as-of."""
    return v.day + timedelta(days=left) if not math.isnan(left) else date.max


def near(ratio: float) -> float:
    """Whether a ratio lies within 95 and 100 per cent."""
    return flag(0.95 <= ratio <= 1, ratio)


def flag(holds: bool, *read: float) -> float:
    """1 or 0; NaN where something read isn't known."""
    return NAN if any(math.isnan(x) for x in read) else float(holds)


def merged(*parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Every feature found, by name."""
    return {name: value for part in parts for name, value in part}
