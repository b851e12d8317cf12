"""Ranges: rules of the schema, values nobody agrees on, and amounts far beyond a party's history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from riskmodels.book.book import Book
from riskmodels.book.quality.probe import Probe, RowCheck, detail, fault, one
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

IMPLAUSIBLE = {
    "invoices": {"due_on": "due_on - issued_on > 730"},
    "advances": {"due_on": "due_on - advanced_on > 730"},
    "amendments": {"new_due": "new_due - old_due > 730"},
    "payments": {"matures_on": "matures_on - paid_on > 366"},
    "facilities": {
        "advance_rate": "advance_rate < 0.05",
        "annual_rate": "annual_rate > 0.36",
        "fee_rate": "fee_rate > 0.10",
        "repurchase_days": "repurchase_days NOT BETWEEN 0 AND 730",
    },
    "fundings": {"rate": "rate > 0.36"},
    "parties": {"founded_on": "founded_on < DATE '1800-01-01' OR founded_on > valid_from", "tier": "tier > 20"},
    "financials": {"months": "months NOT BETWEEN 1 AND 18"},
}
"""By table and column, what nobody agrees on: terms of more than two years, a rate typed as a per cent."""

HISTORY, SPREADS, TIMES = 30, 6.0, 20.0
"""An amount is far beyond a debtor's history of at least 30 invoices when it is more than 6 robust standard deviations
of the logarithm from its median and 20 times above or below it: money in another unit, not a large order."""


def is_known_rule(rule: str) -> bool:
    """Whether a rule of the schema is about the day a row was known, which timeliness reports."""
    return rule.startswith("known_")


def _broken(book: Book) -> Iterator[Probe]:
    for table in book.tables:
        for rule in book.schema[table].rules:
            if not is_known_rule(rule.name):
                yield Probe(table, rule.name, f"NOT ({rule.holds})")


def _implausible(book: Book) -> Iterator[Probe]:
    for table, columns in IMPLAUSIBLE.items():
        for column, broken in columns.items():
            if book.has(table, column):
                yield Probe(table, column, broken)


broken_rules = RowCheck(
    "book.range.broken_rules", mark("Rows that break a rule"), _broken, mark("no table of the book has rules")
)
implausible = RowCheck(
    "book.range.implausible",
    mark("Rows with an implausible term or rate"),
    _implausible,
    mark("the book has no terms or rates"),
    rate=True,
)


def amount_outliers(book: Book, limits: Mapping[str, Limits]) -> CheckResult:
    """The share of invoices whose amount is far beyond the history of their debtor; judged where there is one."""
    name, title = "book.range.amount_outliers", _("Amounts far beyond their debtor's history")
    usual = (
        "SELECT debtor_id, currency, median(ln(amount)) AS middle, greatest(1.4826 * mad(ln(amount)), 0.1) AS spread, "
        f"count(*) AS n FROM invoices WHERE amount > 0 GROUP BY 1, 2 HAVING count(*) >= {HISTORY}"
    )
    n = int(one(book, f"SELECT sum(n) FROM ({usual})"))
    if not n:
        reason = _("no debtor has {n} invoices").format(n=HISTORY)
        return not_run(name, title, reason, limits=limits[name])
    far = f"abs(ln(amount) - middle) > greatest({SPREADS} * spread, ln({TIMES}))"
    found = fault(
        book,
        "invoices.amount",
        f"SELECT invoice_id, debtor_id, amount FROM invoices JOIN ({usual}) USING (debtor_id, currency) "
        f"WHERE amount > 0 AND {far}",
    )
    return CheckResult(name, title, found.rows / n, limits[name], "rate", n, detail=detail([found]))
