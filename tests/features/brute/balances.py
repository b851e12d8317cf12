"""What is owed, how long past due, in days of sales, the obvious way."""

from __future__ import annotations

from brute.view import NAN, Found, View, amount, share, windows, within


def ageing(v: View, mine: set[str], subject: str) -> Found:
    """What is owed and past due now, and against some time before."""
    balance = _owed(v, mine)
    yield "balance_now", balance / 100
    for k, tag in ((0, ""), (30, "_30"), (60, "_60"), (90, "_90"), (180, "_180"), (360, "_360")):
        yield f"past_due{tag}_now", _late(v, mine, k) / 100
        yield f"past_due{tag}_share_now", share(_late(v, mine, k), balance)
    late = [i for i in mine & v.main if i in v.invoices and v.dpd(i) > 0]
    yield "mean_days_past_due_now", share(sum(v.owed(i) * v.dpd(i) for i in late), sum(map(v.owed, late)))
    soon = sum(v.owed(i) for i in mine & v.main if -30 <= v.dpd(i) <= 0)
    yield "falling_due_share_now", share(soon, balance)
    opened = [i for i in mine if v.owed(i) > 0]
    yield "open_count_now", len(opened)
    yield "past_due_count_now", sum(v.dpd(i) > 0 for i in opened)
    yield "past_due_count_share_now", share(sum(v.dpd(i) > 0 for i in opened), len(opened))
    yield "past_due_30_count_share_now", share(sum(v.dpd(i) > 30 for i in opened), len(opened))
    for w, tag in windows(90, 365):
        yield f"balance_to_invoiced_{tag}", share(balance, _sold(v, mine, w))


def ageing_changes(v: View, mine: set[str], subject: str) -> Found:
    """What is owed and past due against some time before."""
    for k, name in ((30, "month"), (90, "quarter"), (365, "year")):
        then = v.back(k)
        yield f"past_due_share_{name}_change_now", _late_share(v, mine) - _late_share(then, mine)
        yield f"past_due_{name}_change_now", (_late(v, mine, 0) - _late(then, mine, 0)) / 100
        yield f"balance_{name}_growth_now", share(_owed(v, mine), _owed(then, mine)) - 1
    for k in (30, 60, 90):
        yield f"rolled_{k}_share_now", share(_late(v, mine, k), _late(v.back(30), mine, k - 30))


def turnover(v: View, mine: set[str], subject: str) -> Found:
    """What is owed in days of sales, and how fast it is collected."""
    for w, tag in windows(90, 365):
        yield f"dso_{tag}", _dso(v, mine, w)
        yield f"dso_quarter_change_{tag}", _dso(v, mine, w) - _dso(v.back(90), mine, w)
        yield f"dso_year_change_{tag}", _dso(v, mine, w) - _dso(v.back(365), mine, w)
        yield f"days_delinquent_{tag}", share(_late(v, mine, 0) * w, _sold(v, mine, w))
        yield f"sales_growth_{tag}", share(_sold(v, mine, w), _sold(v.back(365), mine, w)) - 1
    yield "turnover_365d", share(2 * _sold(v, mine, 365), _owed(v, mine) + _owed(v.back(365), mine))
    yield "collection_effectiveness_90d", _effectiveness(v, mine)
    yield "collection_effectiveness_quarter_change_90d", _effectiveness(v, mine) - _effectiveness(v.back(90), mine)
    yield "countback_dso_now", _countback(v, mine)


def _owed(v: View, mine: set[str]) -> int:
    return sum(v.owed(i) for i in mine & v.main)


def _late(v: View, mine: set[str], days: int) -> int:
    return sum(v.owed(i) for i in mine & v.main if v.dpd(i) > days)


def _late_share(v: View, mine: set[str]) -> float:
    return share(_late(v, mine, 0), _owed(v, mine))


def _sold(v: View, mine: set[str], window: int) -> int:
    return amount(v.invoices[i] for i in mine & v.main if within(v.age(v.invoices[i]), window))


def _dso(v: View, mine: set[str], window: int) -> float:
    return share(_owed(v, mine) * window, _sold(v, mine, window))


def _effectiveness(v: View, mine: set[str]) -> float:
    """Collected of what could have been: begin + sales - end of begin + sales - what isn't due yet."""
    could = _owed(v.back(90), mine) + _sold(v, mine, 90)
    return share(could - _owed(v, mine), could - (_owed(v, mine) - _late(v, mine, 0)))


def _countback(v: View, mine: set[str]) -> float:
    """The newest months' sales are taken off the balance, the last one pro rata."""
    months = [_sold(v.back(30 * k), mine, 30) for k in range(12)]
    left, days = _owed(v, mine), 0.0
    for sales in months:
        if left > 0:
            days += left / sales * 30 if sales > left else 30
            left = max(left - sales, 0)
    return days if sum(months) else NAN
