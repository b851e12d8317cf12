"""What an invoice brings along at its issue."""

from __future__ import annotations

from riskmodels.core.text import mark as _
from riskmodels.features.feature import NEITHER, RAISES, Own

# fmt: off
ISSUE = (
    Own("amount", _("Face amount of the invoice"), "money", NEITHER, lambda i: i.amount),
    Own("terms", _("Days from issue to the due date"),
        "days", RAISES, lambda i: i.due_on.epoch_days() - i.issued_on.epoch_days()),
    Own("due_weekday", _("Weekday of the due date, Monday 0"),
        "number", NEITHER, lambda i: i.due_on.day_of_week.index()),
    Own("due_day", _("Day of the month of the due date"), "number", NEITHER, lambda i: i.due_on.day()),
    Own("issue_day", _("Day of the month of issue"), "number", NEITHER, lambda i: i.issued_on.day()),
)
# fmt: on
