"""What a check's faults mean to a reader: where they are, how many, and what follows from them."""

from __future__ import annotations

from riskmodels.core.checks import CheckResult
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

CONSEQUENCES = {
    "completeness": mark("An empty cell is unknown to every model and every sum that needs it."),
    "uniqueness": mark("What stands in the book twice overstates the balance, or the cash."),
    "integrity": mark("A row that points nowhere is left out of every figure by invoice, party or contract."),
    "range": mark("One impossible value can decide an average, a limit or a price."),
    "codes": mark("A word or currency nobody declared falls into no group and no sum."),
    "dates": mark("A fact dated wrongly lets a model see the future, or hides from every report."),
    "versions": mark("Which terms held on a day is then an open question."),
    "reconciliation": mark("Open balances and cash can't both be right."),
    "timeliness": mark("What is booked late is missing from every report until then."),
    "shifts": mark("Either the business changed or rows are missing or doubled: to be asked before modelling."),
}


def suspect(check: CheckResult) -> int:
    """How many rows or figures a check found at fault; at least one when it is beyond a line."""
    parts = check.detail.get("parts", {})
    whole = sum(n for n in parts.values() if isinstance(n, int))
    return whole or (int(check.value or 0) if check.unit == "count" else 0) or 1


def where(check: CheckResult) -> str:
    """The table and column with most faults, or the table or month the check is about."""
    parts = {k: v for k, v in check.detail.get("parts", {}).items() if v}
    return check.subject or place(max(parts, key=lambda label: parts[label], default=""))


def place(label: str) -> str:
    """A label of a check's parts as a reader sees it."""
    return label.replace("->", "→")


def consequence(check: CheckResult) -> str:
    """What follows from the faults, in a sentence."""
    return _(CONSEQUENCES[check.group])
