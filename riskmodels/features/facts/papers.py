"""What invoices look like beside one another: papers shown twice, runs of numbers, contracts, claims by others."""

from __future__ import annotations

from typing import Any

from riskmodels.features.facts.base import Tables, looked_up, on_invoices
from riskmodels.features.measures import Facts, Rows

_IN_ORDER = ("known_on", "issued_on", "invoice_id")
"""The order in which invoices came, which a later one can't change."""
_AGAIN_DAYS = 30


def _beside(t: Tables) -> Rows:
    i = t["invoices"]
    amount, number = ("client_id", "debtor_id", "currency", "amount"), ("client_id", "number")
    first_debtor = i.debtor_id.first().over(_before("client_id", "contract_no", following=0))
    return i.mutate(
        same_amount=_days_after(i, amount) <= _AGAIN_DAYS,
        same_number=i.number.notnull() & _days_after(i, number).notnull(),
        same_tax_invoice=i.tax_invoice_code.notnull() & _days_after(i, ("tax_invoice_code",)).notnull(),
        new_contract=i.contract_no.notnull() & _days_after(i, ("client_id", "contract_no")).isnull(),
        others_contract=i.contract_no.notnull() & (first_debtor != i.debtor_id),
    )


def _days_after(rows: Rows, key: tuple[str, ...]) -> Any:
    """Days since the invoice before with the same key became known; empty for the first."""
    day = rows.known_on.epoch_days()
    return day - day.lag().over(_before(*key))


def _before(*key: str, **bounds: int) -> Any:
    import ibis

    frame = {"preceding": None, **bounds} if bounds else {}
    return ibis.window(group_by=key, order_by=_IN_ORDER, **frame)


def _numbered(t: Tables) -> Rows:
    """Invoices whose number ends in digits, with how far it lies above the largest one before."""
    import ibis

    i = t["invoices"]
    rows = i.mutate(digits=i.number.re_extract("([0-9]{1,15})$", 1).try_cast("int64"))
    rows = rows.filter(rows.digits.notnull())
    earlier = ibis.window(group_by="client_id", order_by=_IN_ORDER, preceding=(None, 1))
    last = ibis.window(group_by="client_id", order_by=_IN_ORDER)
    rows = rows.mutate(
        step=rows.digits - rows.digits.max().over(earlier),
        up=rows.digits - rows.digits.lag().over(last),
        later=rows.issued_on.epoch_days() - rows.issued_on.epoch_days().lag().over(last),
    )
    against = ((rows.up > 0) & (rows.later < 0)) | ((rows.up < 0) & (rows.later > 0))
    return rows.mutate(against=against).drop("up", "later")


def _claims(t: Tables) -> Rows:
    return looked_up(t["registry_hits"], "client_id", t["clients"], "client_id", "client")


def _invoice_claims(t: Tables) -> Rows:
    hits = t["registry_hits"]
    ours = t["invoices"].select("invoice_id", "assigned_on")
    return on_invoices(hits.filter(hits.scope == "invoice").drop("client_id"), t).join(ours, "invoice_id")


INVOICES_BESIDE = Facts("invoices beside", ("invoices",), _beside)
"""Invoices, each with flags of what it shares with those that came before it."""

NUMBERED = Facts("numbered", ("invoices",), _numbered)
"""Invoices in the order in which a client's came: `step` above its largest number so far, `against` the order of days.
"""

CLAIMS = Facts("claims", ("registry_hits",), _claims)
"""Registrations by others of a client's receivables, all of them or one."""

INVOICE_CLAIMS = Facts("invoice claims", ("registry_hits",), _invoice_claims)
"""Registrations by others of an invoice, once that is known; `assigned_on` is the day it was assigned here."""
