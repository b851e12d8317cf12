"""The invoice at its issue: what it brings along, and how that compares with what was known of its parties before."""

from __future__ import annotations

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.amounts import (
    THOUSAND,
    days_off_before_due,
    is_month_end,
    is_off,
    is_round,
    log_amount,
)
from riskmodels.features.catalogue.comparing import (
    FirstAfter,
    Within,
    deviations,
    is_equal,
    is_none,
    outlasts,
    share_with,
    used_with,
    usual_gaps,
)
from riskmodels.features.feature import NEITHER, RAISES, Catalogue, Compared, Own
from riskmodels.features.formulas import less, ratio

NEAR = Within(0.95, 1.0)

# fmt: off
ISSUE: Catalogue = (
    Own("amount", _("Face amount of the invoice"), "money", NEITHER, lambda i: i.amount),
    Own("log_amount", _("Natural logarithm of the amount"), "number", NEITHER, lambda i: log_amount(i) / THOUSAND),
    Own("round_amount", _("Whether the amount is a multiple of 10,000"), "number", RAISES, is_round),
    Own("terms", _("Days from issue to the due date"),
        "days", RAISES, lambda i: i.due_on.epoch_days() - i.issued_on.epoch_days()),
    Own("due_weekday", _("Weekday of the due date, Monday 0"),
        "number", NEITHER, lambda i: i.due_on.day_of_week.index()),
    Own("due_day", _("Day of the month of the due date"), "number", NEITHER, lambda i: i.due_on.day()),
    Own("due_days_off", _("Days from the last business day to the due date: 0 when it falls due on one"),
        "days", NEITHER, days_off_before_due),
    Own("due_december", _("Whether it falls due in December, when the year's accounts are settled"),
        "number", NEITHER, lambda i: i.due_on.month() == 12),
    Own("due_new_year", _("Whether it falls due in January or February, around Spring Festival"),
        "number", NEITHER, lambda i: i.due_on.month() <= 2),
    Own("issue_weekday", _("Weekday of issue, Monday 0"),
        "number", NEITHER, lambda i: i.issued_on.day_of_week.index()),
    Own("issue_day", _("Day of the month of issue"), "number", NEITHER, lambda i: i.issued_on.day()),
    Own("month_end", _("Whether it was issued on the last three days of a month"),
        "number", RAISES, is_month_end),
    Own("day_off", _("Whether it was issued on a weekend or holiday"), "number", RAISES, is_off),
    Compared("amount_to_pair_mean", _("Amount as a multiple of the pair's mean invoice of 365 days"),
             "multiple", RAISES, ratio, ("invoice_amount", "pair_mean_invoice_365d")),
    Compared("amount_to_client_mean", _("Amount as a multiple of the client's mean invoice of 365 days"),
             "multiple", RAISES, ratio, ("invoice_amount", "client_mean_invoice_365d")),
    Compared("amount_to_debtor_mean", _("Amount as a multiple of the debtor's mean invoice of 365 days"),
             "multiple", RAISES, ratio, ("invoice_amount", "debtor_mean_invoice_365d")),
    Compared("amount_to_pair_largest", _("Amount as a multiple of the pair's largest invoice of 365 days"),
             "multiple", RAISES, ratio, ("invoice_amount", "pair_largest_invoice_365d")),
    Compared("near_pair_largest", _("Whether the amount is 95 to 100 per cent of the pair's largest"),
             "number", RAISES, NEAR, ("invoice_amount", "pair_largest_invoice_365d")),
    *(Compared(f"deviations_from_{subject}", meaning, "number", RAISES, deviations,
               ("invoice_log_amount", f"{subject}_mean_log_amount_365d", f"{subject}_log_amount_deviation_365d"))
      for subject, meaning in (
          ("pair", _("Standard deviations of the logarithm of the amount above the pair's mean of 365 days")),
          ("client", _("Standard deviations of the logarithm of the amount above the client's mean of 365 days")),
          ("debtor", _("Standard deviations of the logarithm of the amount above the debtor's mean of 365 days")),
      )),
    Compared("amount_to_client_invoiced", _("Amount as a share of what the client invoiced in 365 days"),
             "share", RAISES, ratio, ("invoice_amount", "client_invoiced_365d")),
    Compared("repeats_pair_amount", _("Whether the amount is that of the pair's latest invoice"),
             "number", RAISES, is_equal, ("invoice_amount", "pair_last_invoice_now")),
    Compared("terms_less_usual", _("Days to pay less the pair's mean of 365 days"),
             "days", RAISES, less, ("invoice_terms", "pair_mean_terms_365d")),
    Compared("terms_deviations", _("Standard deviations of the days to pay above the client's mean of 365 days"),
             "number", RAISES, deviations,
             ("invoice_terms", "client_mean_terms_365d", "client_terms_deviation_365d")),
    Compared("first_of_pair", _("Whether it is the client's first invoice on the debtor"),
             "number", RAISES, is_none, ("pair_invoice_count_ever",)),
    Compared("new_debtor_of_old_client", _("Whether it is the first on a debtor, of a client known over 365 days"),
             "number", RAISES, FirstAfter(365), ("pair_invoice_count_ever", "client_relation_age_now")),
    Compared("gap_to_usual", _("Days since the pair's latest invoice as a multiple of the mean days between two"),
             "multiple", NEITHER, usual_gaps,
             ("pair_days_since_invoice_now", "pair_relation_age_now", "pair_invoice_count_ever")),
    Compared("amount_to_headroom", _("Amount as a share of the client's limits less funds in use"),
             "share", RAISES, ratio, ("invoice_amount", "client_headroom_now")),
    Compared("utilisation_after", _("Share of the client's limits in use once the invoice is financed"),
             "share", RAISES, used_with,
             ("invoice_amount", "client_advance_rate_now", "client_funds_in_use_now", "client_limit_now")),
    Compared("debtor_limit_use_after", _("Amount owed with the invoice as a share of the limits for the debtor"),
             "share", RAISES, share_with, ("invoice_amount", "pair_balance_now", "pair_debtor_limit_now")),
    Compared("near_debtor_limit", _("Whether the amount is 95 to 100 per cent of the limits for the debtor"),
             "number", RAISES, NEAR, ("invoice_amount", "pair_debtor_limit_now")),
    Compared("due_after_contract", _("Whether it falls due after the client's contract ends"),
             "number", RAISES, outlasts, ("invoice_terms", "client_days_to_contract_end_now")),
)
# fmt: on
