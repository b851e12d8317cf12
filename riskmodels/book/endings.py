"""How the amounts of invoices ended, as far as it is known: paid, credited, credited in a dispute, or written off."""

from __future__ import annotations

from datetime import date

import pandas as pd

from riskmodels.book.book import Book

_ENDED = {
    "payments": "SELECT invoice_id, paid_on AS day, amount, 'paid' AS cause FROM payments",
    "credit_notes": "SELECT invoice_id, issued_on AS day, amount, {credited} AS cause FROM credit_notes n",
    "write_offs": "SELECT invoice_id, written_off_on AS day, amount, 'written_off' AS cause FROM write_offs",
}
_DISPUTED = (
    "CASE WHEN EXISTS (SELECT 1 FROM disputes d WHERE d.invoice_id = n.invoice_id AND d.opened_on <= n.issued_on) "
    "THEN 'disputed' ELSE 'credited' END"
)
_PARTS = """
WITH ended AS ({ended}),
days AS (
    SELECT invoice_id, day, sum(amount) AS net, sum(greatest(amount, 0)) AS gross FROM ended GROUP BY ALL
),
sums AS (SELECT *, sum(net) OVER (PARTITION BY invoice_id ORDER BY day) AS total FROM days),
firm AS (
    SELECT s.invoice_id, s.day, s.gross, i.amount, i.issued_on, greatest(0, min(least(s.total, i.amount)) OVER (
        PARTITION BY s.invoice_id ORDER BY s.day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS held
    FROM sums s JOIN invoices i USING (invoice_id)
),
gains AS (
    SELECT *, held - coalesce(lag(held) OVER (PARTITION BY invoice_id ORDER BY day), 0) AS gain FROM firm
)
SELECT invoice_id, greatest(e.day - g.issued_on, 0) AS day, e.cause,
    sum(e.amount::DOUBLE / g.gross::DOUBLE * g.gain::DOUBLE / g.amount::DOUBLE) AS share
FROM ended e JOIN gains g USING (invoice_id, day) WHERE g.gain > 0 AND e.amount > 0
GROUP BY ALL ORDER BY invoice_id, day, cause
"""


def invoice_parts(book: Book, as_of: date) -> pd.DataFrame:
    """One row per invoice, day and cause by which a part of its amount ended for good by the close of `as_of`.

    Columns: invoice_id, day (since issue; 0 for what came before it), cause (paid; credited; disputed: credited after a
    dispute was opened; written_off) and share of the invoice's amount. What the shares of an invoice lack to 1 is open.
    A part counts on the first day from which the sum never falls short of it again: a reversal takes the latest parts
    back. What is beyond the amount, such as a payment made twice or after a write-off of the whole, is no part of it.
    A dispute by itself ends nothing: its invoice may still be paid.
    """
    seen = book.as_of(as_of)
    credited = _DISPUTED if seen.has("disputes") else "'credited'"
    told = [query.format(credited=credited) for table, query in _ENDED.items() if seen.has(table)]
    if not told:
        return pd.DataFrame({"invoice_id": pd.Series(dtype="str"), "day": [], "cause": [], "share": []})
    return seen.sql(_PARTS.format(ended=" UNION ALL ".join(told)))
