"""Roll rates: what share of a 30-day bucket of days past due stands in the next one a month later, all the way to loss.

A month has 30 days here, counted back from the day the book tells to: what is 1 to 30 days past due at its beginning is
31 to 60 at its end or was paid, so a rate is a share of the very same invoices. Calendar months of 28 to 31 days would
move invoices due near a month's end in or out of the bucket.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from riskmodels.book.book import Book
from riskmodels.book.outcomes import credits_of, known_until
from riskmodels.core.text import gettext as _
from riskmodels.models.bad_definition.ledger import LOSS

Floats = NDArray[np.float64]

MONTH = 30
BUCKETS = LOSS // MONTH
"""Buckets before loss."""
MEASURES = ("amount", "number")


@dataclass(frozen=True)
class RollRates:
    """Monthly and pooled roll rates, and the net flow to loss.

    `months`: one row per month (its last day, to_on), bucket (0 falling due, 1 for 1-30 days, ..., 12 for 331-360) and
    measure (amount, number): base, rolled, rate. `rates`: one row per measure and bucket: name, months, base, rolled,
    rate, low, high, to_loss (the share of the bucket that will be lost). `flow`: one row per measure: the product of
    all rates, low, high.
    """

    months: pd.DataFrame
    rates: pd.DataFrame
    flow: pd.DataFrame


def roll_rates(book: Book, as_of: date) -> RollRates:
    """The roll rates of a book as known at the close of `as_of`.

    r_k = B_{k+1}(t+1) / B_k(t); the first, r_0 = B_{1-30}(t+1) / what falls due in the month: the balance at its
    beginning (at its issue if that is later) of invoices whose first day past due lies in it. Pooled over months as
    sum over sum; 95 % intervals by leaving out one month at a time. Needs payments.
    """
    seen, until = book.as_of(as_of), known_until(book, as_of)
    seen.need("payments")
    months = monthly(_balances(seen, until), seen.first_day or until, until)
    parts = [pooled(months[months["measure"] == m], m) for m in MEASURES]
    return RollRates(months, *(pd.concat(part, ignore_index=True) for part in zip(*parts, strict=True)))


def bucket_name(bucket: int) -> str:
    """The name of a bucket, in the language in force: falling due, 1-30, ..., 331-360, over 360."""
    if bucket == 0:
        return _("falling due")
    if bucket > BUCKETS:
        return _("over {days}").format(days=LOSS)
    return f"{MONTH * (bucket - 1) + 1}-{MONTH * bucket}"


def monthly(balances: pd.DataFrame, first: date, until: date) -> pd.DataFrame:
    """Rates by month, bucket and measure, of months that lie between the two days and had a base.

    `balances`: one row per entered_on and bucket 0 to 13, with amount and number open.
    """
    ordered = balances.sort_values(["entered_on", "bucket"])
    parts = [
        ordered.assign(measure=m, base=ordered[m], rolled=ordered.groupby("entered_on")[m].shift(-1)) for m in MEASURES
    ]
    table = pd.concat(parts, ignore_index=True).query("bucket <= @BUCKETS")
    table = table.assign(to_on=table["entered_on"] + pd.to_timedelta(MONTH * table["bucket"], unit="D"))
    from_on = table["to_on"] - pd.Timedelta(days=MONTH)
    table = table[(from_on >= pd.Timestamp(first)) & (table["to_on"] <= pd.Timestamp(until)) & (table["base"] > 0)]
    table = table.assign(rate=table["rolled"] / table["base"]).sort_values(["measure", "to_on", "bucket"])
    return table[["to_on", "bucket", "measure", "base", "rolled", "rate"]].reset_index(drop=True)


def pooled(months: pd.DataFrame, measure: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rates over all months with their intervals, and the net flow to loss, from the rows of one measure."""
    base, rolled = (_matrix(months, name) for name in ("base", "rolled"))
    rate, dropped = _ratio(rolled, base)
    low, high = _interval(rate, dropped)
    columns = {"base": base.sum(axis=0), "rolled": rolled.sum(axis=0), "rate": rate, "low": low, "high": high}
    rates = pd.DataFrame({"measure": measure, "bucket": range(BUCKETS + 1), **columns, "to_loss": to_loss(rate)})
    rates.insert(2, "name", [bucket_name(k) for k in rates["bucket"]])
    rates.insert(3, "months", (base > 0).sum(axis=0))
    product, products = to_loss(rate)[:1], to_loss(dropped)[:, :1]
    ends = _interval(product, products, logarithmic=True)
    flow = {"measure": measure, "flow": product, "low": ends[0], "high": ends[1], "months": len(base)}
    return rates, pd.DataFrame(flow)


def to_loss(rates: ArrayLike) -> Floats:
    """The share of each bucket that ends in loss: the product of its rate and all later ones, along the last axis.

    0 from a bucket that nobody leaves for the next, even if the later ones were never reached and so have no rate.
    """
    found = np.array(rates, float)
    for k in range(found.shape[-1] - 2, -1, -1):
        found[..., k] = np.where(found[..., k] == 0, 0.0, found[..., k] * found[..., k + 1])
    return found


def _matrix(months: pd.DataFrame, name: str) -> Floats:
    """One figure as months x buckets, 0 where a bucket had no base."""
    wide = months.pivot(index="to_on", columns="bucket", values=name)
    return np.asarray(wide.reindex(columns=range(BUCKETS + 1)).fillna(0).to_numpy(float))


def _ratio(rolled: Floats, base: Floats) -> tuple[Floats, Floats]:
    """Pooled rates (K,), and those without each month in turn (months x K); NaN without a base."""
    tops, bottoms = (np.vstack([a.sum(axis=0), a.sum(axis=0) - a]) for a in (rolled, base))
    # What a sum keeps after its only month is taken off again is rounding, not a balance.
    real = bottoms > 1e-9 * bottoms[:1]
    rates = np.divide(tops, bottoms, out=np.full(tops.shape, np.nan), where=real)
    return rates[0], rates[1:]


def _interval(value: Floats, dropped: Floats, logarithmic: bool = False) -> tuple[Floats, Floats]:
    """The jackknife's 95 % interval over months, on the logarithm if asked; NaN where a month decides all."""
    n = len(dropped)
    if n < 2:
        return np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre, each = (np.log(value), np.log(dropped)) if logarithmic else (value, dropped)
        error = np.sqrt((n - 1) / n * np.sum((each - each.mean(axis=0)) ** 2, axis=0))
    reach = student.ppf(0.975, n - 1) * error
    ends = (np.exp(centre - reach), np.exp(centre + reach)) if logarithmic else (centre - reach, centre + reach)
    return np.maximum(ends[0], 0.0), np.minimum(ends[1], np.maximum(value, 1.0))


def _balances(book: Book, until: date) -> pd.DataFrame:
    """What stood in each bucket: one row per entered_on and bucket, with amount and number.

    `entered_on` is the end of the month in which invoices became past due: bucket k is what was open of them k - 1
    months later, bucket 0 what fell due.
    """
    steps = book.sql(_steps_sql(book), {"currency": book.currency, "until": until})
    if steps.empty:
        return steps
    index = pd.MultiIndex.from_product(
        [steps["entered_on"].sort_values().unique(), range(BUCKETS + 2)], names=["entered_on", "bucket"]
    )
    filled = steps.set_index(["entered_on", "bucket"]).reindex(index, fill_value=0.0)
    return filled.groupby(level=0).cumsum().round(2).reset_index()


def _steps_sql(book: Book) -> str:
    """By how much each bucket's balance differs from the bucket before, for the invoices of each month.

    An invoice's balance changes only with its credits, so it adds one step per credit, not one row per bucket.
    """
    last = BUCKETS + 2
    return f"""
        WITH {credits_of(book)},
        {_changes_sql(last)},
        steps AS (SELECT invoice_id, entered_on, bucket, sum(amount) AS amount FROM changes GROUP BY ALL),
        spans AS (
            SELECT entered_on, bucket, greatest(sum(amount) OVER w, 0) AS balance,
                   lead(bucket, 1, {last}) OVER w AS ends
            FROM steps WINDOW w AS (PARTITION BY invoice_id ORDER BY bucket)
        ),
        moves AS (
            SELECT entered_on, bucket, balance, (balance > 0)::INTEGER AS number FROM spans
            UNION ALL SELECT entered_on, ends, -balance, -(balance > 0)::INTEGER FROM spans
        )
        SELECT entered_on, bucket, sum(balance)::DOUBLE AS amount, sum(number)::DOUBLE AS number
        FROM moves WHERE bucket < {last} GROUP BY ALL ORDER BY ALL
    """


def _changes_sql(last: int) -> str:
    """Each invoice's amount as it falls due, and its credits by the bucket from which they count."""
    return f"""mine AS (
            SELECT invoice_id, amount, issued_on,
                   $until::DATE - {MONTH} * (($until::DATE - due_on - 1) // {MONTH})::INTEGER AS entered_on
            FROM invoices WHERE currency = $currency AND due_on < $until::DATE
        ),
        changes AS (
            SELECT invoice_id, entered_on, 0 AS bucket, amount FROM mine
            UNION ALL
            SELECT invoice_id, entered_on,
                   CASE WHEN day <= greatest(entered_on - {MONTH}, issued_on) THEN 0
                        ELSE least(greatest((day - entered_on + {MONTH - 1}) // {MONTH} + 1, 1), {last}) END,
                   -c.amount
            FROM mine JOIN credits c USING (invoice_id)
        )"""
