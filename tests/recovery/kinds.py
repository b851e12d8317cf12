"""Every kind of defect that is planted, by name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.recovery import defects as d
from tests.recovery.defects import Defect, cells, copies, later

DIFFERENCE, ACCOUNTS = "book.reconciliation.difference", "book.reconciliation.accounts"
RECEIPTS, REFERENCES = "book.reconciliation.receipts", "book.integrity.references"
REQUIRED, RULES = "book.completeness.required", "book.range.broken_rules"
LATE, SLOW = "book.timeliness.late_known", "book.timeliness.slowest_table"


def plain(tables: d.Tables) -> np.ndarray:
    """Payments that have nothing to do with a reversal."""
    return tables["payments"].index.isin(d.whole(tables))


def reversals(tables: d.Tables) -> np.ndarray:
    """Payments that take another one back."""
    return tables["payments"]["reverses"].notna().to_numpy()


def overridden(tables: d.Tables) -> np.ndarray:
    """Ratings decided otherwise than the model said."""
    return (tables["ratings"]["model_grade"] != tables["ratings"]["final_grade"]).to_numpy()


def explained(tables: d.Tables) -> np.ndarray:
    """Applications with a reason against the score."""
    return tables["applications"]["override_reason"].notna().to_numpy()


def allocated_long_ago(tables: d.Tables) -> np.ndarray:
    """Receipts whose payments have been booked."""
    return (tables["receipts"]["allocated_on"] < pd.Timestamp(d.LAST) - pd.Timedelta(days=40)).to_numpy()


def of_invoices(tables: d.Tables) -> np.ndarray:
    """Amendments of invoices."""
    return (tables["amendments"]["target"] == "invoice").to_numpy()


def first_guarantees(tables: d.Tables) -> np.ndarray:
    """Versions of guarantees that another one follows."""
    return tables["guarantees"]["guarantee_id"].duplicated(keep="last").to_numpy()


def of_another_client(tables: d.Tables, rng: np.random.Generator, n: float) -> d.Tables:
    """n invoices under a contract of another client."""
    invoices, contracts = tables["invoices"].copy(), tables["facilities"]
    for row in d.pick(rng, invoices.index, n):
        foreign = contracts["client_id"] != invoices.loc[row, "client_id"]
        invoices.loc[row, "facility_id"] = contracts.loc[foreign, "facility_id"].iloc[0]
    return {**tables, "invoices": invoices}


def of_another_payment(tables: d.Tables, rng: np.random.Generator, n: float) -> d.Tables:
    """n reversals that name a payment of another invoice."""
    frame = tables["payments"].copy()
    other = frame.loc[d.whole(tables)[0], "payment_id"]
    frame.loc[d.pick(rng, frame.index[frame["reverses"].notna()], n), "reverses"] = other
    return {**tables, "payments": frame}


KINDS = {
    "invoice without due date": Defect(REQUIRED, cells("invoices", due_on=None)),
    "payment without invoice": Defect(REQUIRED, cells("payments", plain, invoice_id=None)),
    "advance with a blank key": Defect(REQUIRED, cells("amendments", amendment_id="  "), (1,)),
    "numbers missing": Defect("book.completeness.optional", cells("invoices", number=None), (0.35, 0.6)),
    "override of a grade without reason": Defect(
        "book.completeness.override_reasons", cells("ratings", overridden, override_reason=None), (1, 8)
    ),
    "override of a decision with a dash": Defect(
        "book.completeness.override_reasons", cells("applications", explained, override_reason="-"), (1,)
    ),
    "party twice": Defect("book.uniqueness.duplicate_keys", copies("parties")),
    "dispute twice": Defect("book.uniqueness.duplicate_keys", copies("disputes")),
    "payment booked again the next day": Defect(
        "book.uniqueness.repeated_payments",
        copies(
            "payments",
            payment_id=lambda r: "Z" + r["payment_id"],
            receipt_id=None,
            paid_on=later("paid_on", 1),
            known_on=later("known_on", 1),
        ),
        also=(DIFFERENCE, "book.dates.future"),
    ),
    "invoice under two keys": Defect(
        "book.uniqueness.same_invoice",
        copies(
            "invoices",
            invoice_id=lambda r: "Z" + r["invoice_id"],
            tax_invoice_code=lambda r: "Z" + r["tax_invoice_code"],
        ),
    ),
    "tax invoice behind two invoices": Defect(
        "book.uniqueness.same_tax_invoice",
        copies("invoices", invoice_id=lambda r: "Z" + r["invoice_id"], number=lambda r: "Z" + r["number"]),
    ),
    "payment of an unknown invoice": Defect("book.integrity.orphans", cells("payments", plain, invoice_id="nobody")),
    "note on an unknown invoice": Defect("book.integrity.orphans", cells("credit_notes", invoice_id="nobody")),
    "amendment of an unknown invoice": Defect(
        "book.integrity.orphans", cells("amendments", of_invoices, target_id="nobody"), (1, 8)
    ),
    "debtor without a record": Defect("book.integrity.unknown_parties", d.without("parties"), (1, 5)),
    "unknown contract": Defect(REFERENCES, cells("invoices", facility_id="nobody")),
    "unknown receipt": Defect(REFERENCES, cells("payments", plain, receipt_id="nobody"), also=(RECEIPTS,)),
    "unknown advance": Defect(REFERENCES, cells("repayments", advance_id="nobody"), also=(ACCOUNTS,)),
    "contract of another client": Defect("book.integrity.facility_clients", of_another_client),
    "negative credit note": Defect(RULES, cells("credit_notes", amount=-100.0)),
    "due before issue": Defect(RULES, cells("invoices", due_on=later("issued_on", -5))),
    "dispute closed before it was opened": Defect(RULES, cells("disputes", closed_on=later("opened_on", -1))),
    "advance rate in per cent": Defect(RULES, cells("facilities", advance_rate=80.0), (1, 5)),
    "price in per cent": Defect("book.range.implausible", cells("facilities", annual_rate=8.5), (1, 5)),
    "terms of three years": Defect("book.range.implausible", cells("invoices", due_on=later("issued_on", 1095))),
    "amount in another unit": Defect(
        "book.range.amount_outliers", d.wild_amounts, (1, 3), also=("book.shifts.invoice_amount",)
    ),
    "unknown payer": Defect("book.codes.unknown", cells("payments", payer="the bank")),
    "unknown reason": Defect("book.codes.unknown", cells("credit_notes", reason="because")),
    "currency that doesn't exist": Defect(
        "book.codes.currencies", cells("invoices", currency="RMB"), also=("book.codes.without_rate",)
    ),
    "currency without a rate": Defect("book.codes.without_rate", cells("invoices", currency="GBP")),
    "payment of the future": Defect(
        "book.dates.future",
        cells("payments", plain, paid_on=later("paid_on", 1500), known_on=later("known_on", 1500), matures_on=None),
        also=(RECEIPTS,),
    ),
    "payment known before it was made": Defect(
        "book.dates.known_before_event", cells("payments", known_on=later("paid_on", -3))
    ),
    "payments booked a month late": Defect(
        LATE,
        cells("payments", d.settled_long_ago("payments", "paid_on"), known_on=later("paid_on", 30)),
        (0.2, 0.6),
        also=(SLOW, RECEIPTS),
    ),
    "disputes booked a month late": Defect(
        SLOW,
        cells("disputes", d.settled_long_ago("disputes", "opened_on"), known_on=later("opened_on", 30)),
        (0.3, 0.9),
    ),
    "months without invoices": Defect(
        "book.timeliness.months_without_invoices",
        d.no_invoices_of_a_month,
        (1, 3),
        also=(
            RECEIPTS,
            ACCOUNTS,
            REFERENCES,
            "book.timeliness.months_without_rows",
            "book.shifts.payment_count",
            "book.shifts.payment_amount",
        ),
    ),
    "month without payments": Defect(
        "book.timeliness.months_without_rows",
        d.in_month("payments", "paid_on", d.thinned),
        (0.0,),
        also=(RECEIPTS, REFERENCES),
    ),
    "payment typed with a digit too many": Defect(
        DIFFERENCE,
        cells("payments", plain, amount=lambda r: r["amount"] * 10),
        also=(RECEIPTS, "book.shifts.payment_amount"),
    ),
    "credit note on a paid invoice": Defect(DIFFERENCE, d.twice_credited),
    "reversal of another invoice's payment": Defect("book.reconciliation.reversals", of_another_payment, (1, 5)),
    "confirmed above the amount": Defect(
        "book.reconciliation.confirmed",
        cells(
            "invoices",
            lambda t: t["invoices"]["confirmed_amount"].notna().to_numpy(),
            confirmed_amount=lambda r: r["amount"] + 1,
        ),
    ),
    "receipt allocated otherwise": Defect(
        RECEIPTS, cells("receipts", allocated_long_ago, allocated_amount=lambda r: r["allocated_amount"] - 0.01)
    ),
    "advanced above the invoice": Defect(
        "book.reconciliation.advances",
        cells("advances", amount=lambda r: r["amount"] * 2),
        also=(ACCOUNTS,),
    ),
    "repaid twice": Defect(
        "book.reconciliation.repayments",
        copies("repayments", repayment_id=lambda r: "Z" + r["repayment_id"]),
        also=(ACCOUNTS,),
    ),
    "accounts that say something else": Defect(ACCOUNTS, d.wrong_accounts, (0.03, 0.5)),
    "version known before the one it replaces": Defect("book.versions.order", d.early_versions, (1, 5)),
    "guarantees that overlap": Defect(
        "book.versions.order", cells("guarantees", first_guarantees, valid_to=later("valid_to", 30)), (1, 8)
    ),
    "invoiced amount jumps": Defect(
        "book.shifts.invoice_amount",
        d.in_month("invoices", "issued_on", d.scaled),
        (5, 8),
        also=("book.range.amount_outliers",),
    ),
    "number of invoices jumps": Defect(
        "book.shifts.invoice_count",
        d.in_month("invoices", "issued_on", d.repeated),
        (4, 8),
        also=("book.shifts.invoice_amount",),
    ),
    "number of payments falls": Defect(
        "book.shifts.payment_count",
        d.in_month("payments", "paid_on", d.thinned),
        (0.1, 0.2),
        also=("book.shifts.payment_amount", RECEIPTS, REFERENCES),
    ),
    "amount paid falls": Defect(
        "book.shifts.payment_amount",
        d.in_month("payments", "paid_on", d.scaled),
        (0.05, 0.1),
        also=(RECEIPTS, "book.reconciliation.reversals"),
    ),
}
