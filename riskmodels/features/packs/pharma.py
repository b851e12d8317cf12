"""Medicines: licences, batches and their shelf life, cold chain, recalls, returns, the two-invoice system, hospitals.

A wholesaler must track the shelf life of its medicines, be warned before it ends and stop selling when it has ended,
and record the temperature of what is refrigerated all the way (药品经营质量管理规范 of 2016 and its annexes). What is
near its end, was recalled or warmed up comes back, and the invoice with it. Under the two-invoice system a medicine is
invoiced once by its maker to a wholesaler and once by that to the public hospital (两票制): a wholesaler that bought
from another one sells on a third invoice, outside the system. How long hospitals take to pay is watched by itself.

A batch hangs on the invoice it was sold under.
"""

from __future__ import annotations

from typing import Any

from riskmodels.book.schema import Column, Rule, Table
from riskmodels.book.schema.contract import POSITIVE_AMOUNT, known_on, not_before, not_negative
from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one, sign
from riskmodels.features.facts import INVOICES, SETTLEMENTS
from riskmodels.features.facts.base import Tables, in_force, on_invoices, on_parties
from riskmodels.features.feature import LOWERS, NEITHER, PARTIES, RAISES, Catalogue, Feature, over
from riskmodels.features.formulas import less, ratio, total
from riskmodels.features.measures import Facts, Flow, Rows, Stock
from riskmodels.features.pack import Pack
from riskmodels.features.packs.contracts import with_terms

HOSPITALS = ("public hospital", "private hospital", "primary care")
SHORT_LIFE = 180
"""Days of shelf life left at delivery from which a batch counts as near its end."""

# fmt: off
CERTIFICATES = Table(
    "certificates",
    "licences and certificates without which a party may not trade in medicines, one row per issue",
    key=("party_id", "kind", "valid_from"),
    event="valid_from",
    zh="资质证照",
    columns=(
        Column("party_id", "text", "who holds it", required=True, refers_to="parties", zh="主体编号"),
        Column("kind", "text", "what it allows", required=True, zh="证照类型",
               allowed=("drug business licence", "GSP certificate", "drug production licence", "GMP certificate",
                        "medical device licence")),
        Column("valid_from", "date", "first day it is valid", required=True, zh="生效日"),
        Column("number", "text", "its number", zh="证照编号"),
        Column("expires_on", "date", "last day it is valid", required=True, zh="到期日"),
        known_on(),
    ),
    rules=(not_before("expires_on", "valid_from"),),
)
INSTITUTIONS = Table(
    "institutions",
    "what kind of buyer of medicines a party is, one row per version",
    key=("party_id", "valid_from"),
    event="valid_from",
    zh="医药机构",
    columns=(
        Column("party_id", "text", "the buyer", required=True, refers_to="parties", zh="主体编号"),
        Column("valid_from", "date", "first day of this version", required=True, zh="版本生效日"),
        Column("institution", "text", "kind of buyer", required=True, zh="机构类型",
               allowed=(*HOSPITALS, "pharmacy", "wholesaler")),
        Column("level", "count", "level of a hospital, 3 the highest", sparse=True, zh="医院等级"),
        known_on(),
    ),
    rules=(Rule("level_of_three", "level BETWEEN 1 AND 3", "level between 1 and 3"),),
)
BATCHES = Table(
    "batches",
    "batches of medicines sold under an invoice, and what became of them",
    key=("invoice_id", "batch_no"),
    event="shipped_on",
    zh="药品批次",
    columns=(
        Column("invoice_id", "text", "invoice it was sold under", required=True, refers_to="invoices",
               zh="应收账款编号"),
        Column("batch_no", "text", "number of the batch", required=True, zh="批号"),
        Column("product", "text", "medicine", zh="药品"),
        Column("shipped_on", "date", "day of delivery", required=True, zh="发货日"),
        Column("amount", "money", "its part of the invoice", unit="invoice currency", required=True, zh="批次金额"),
        Column("expires_on", "date", "last day of its shelf life", required=True, zh="有效期至"),
        Column("cold_chain", "flag", "must be kept cold", zh="是否冷链"),
        Column("bought_from", "text", "whom the seller had it from", zh="上游类型",
               allowed=("manufacturer", "wholesaler", "own production")),
        Column("broken_on", "date", "day the cold chain was broken", revealed_by="broken_on", sparse=True,
               zh="断链日"),
        Column("recalled_on", "date", "day it was recalled", revealed_by="recalled_on", sparse=True, zh="召回日"),
        Column("returned_on", "date", "day it came back", revealed_by="returned_on", sparse=True, zh="退货日"),
        Column("returned_amount", "money", "amount returned", unit="invoice currency", revealed_by="returned_on",
               sparse=True, zh="退货金额"),
        Column("return_reason", "text", "why it came back", revealed_by="returned_on", sparse=True, zh="退货原因",
               allowed=("near expiry", "recall", "quality", "other")),
        known_on(),
    ),
    rules=(
        POSITIVE_AMOUNT,
        not_negative("returned_amount"),
        not_before("broken_on", "shipped_on"),
        not_before("returned_on", "shipped_on"),
        not_before("known_on", "shipped_on"),
    ),
)
# fmt: on


def _certificates(t: Tables) -> Rows:
    """Issues of certificates, each with whether the next of its kind was in force and known when it ended."""
    import ibis

    rows = in_force(t["certificates"], "party_id", "kind")
    own = ibis.window(group_by=("party_id", "kind"), order_by="known_on")
    rows = rows.mutate(next_known_on=rows.known_on.lead().over(own))
    renewed = (rows.next_known_on <= _day_after(rows.expires_on)).fill_null(False)
    return on_parties(rows.mutate(renewed=renewed).drop("next_known_on"), t)


def _to_institutions(rows: Rows, t: Tables) -> Rows:
    """The rows whose debtor is an institution, with what it was first known to be."""
    institutions = in_force(t["institutions"], "party_id")
    return with_terms(rows, institutions, "party_id", "institution")


def _hospital_settlements(t: Tables) -> Rows:
    i = t["invoices"]
    rows = SETTLEMENTS.rows(t).join(i.select("invoice_id", billed_on=i.issued_on), "invoice_id")
    return _to_institutions(rows, t)


def _day_after(day: Any) -> Any:
    import ibis

    return day + ibis.interval(days=1)


_HELD = Facts("pharma certificates", ("certificates",), _certificates)
_BATCHES = Facts("pharma batches", ("batches",), lambda t: on_invoices(t["batches"], t))
_PLACED = Facts("pharma batches of institutions", ("batches", "institutions"),
                lambda t: _to_institutions(on_invoices(t["batches"], t), t))  # fmt: skip
_SOLD = Facts("pharma invoices of institutions", ("institutions",), lambda t: _to_institutions(t["invoices"], t))
_PAID = Facts("pharma settlements of institutions", ("payments", "institutions"), _hospital_settlements)


def _hospital(r: Any) -> Any:
    return r.institution.isin(HOSPITALS)


def _public(r: Any) -> Any:
    return r.institution == "public hospital"


def _near_expiry(r: Any) -> Any:
    return r.expires_on.epoch_days() - r.shipped_on.epoch_days() < SHORT_LIFE


def _ended(r: Any) -> Any:
    return _day_after(r.expires_on)


SHIPPED = Flow(_BATCHES, amount)
SHORT = Flow(_BATCHES, amount, where=_near_expiry)
RECALLED = Flow(_BATCHES, amount, where=lambda r: r.recalled_on.notnull())
COLD = Flow(_BATCHES, one, where=lambda r: r.cold_chain)
BROKEN = Flow(_BATCHES, one, where=lambda r: r.cold_chain & r.broken_on.notnull())
RETURNED = Flow(_BATCHES, lambda r: r.returned_amount, where=lambda r: r.return_reason == "near expiry")
TO_PUBLIC = Flow(_PLACED, amount, where=_public)
THIRD = Flow(_PLACED, amount, where=lambda r: _public(r) & (r.bought_from == "wholesaler"))
INVOICED = Flow(INVOICES, amount)
TO_HOSPITALS = Flow(_SOLD, amount, where=_hospital)
SETTLED = Flow(_PAID, sign, where=_hospital)
DAYS_TO_PAY = Flow(_PAID, lambda r: r.sign * (r.settled_on.epoch_days() - r.billed_on.epoch_days()), where=_hospital)
ISSUED = Stock(_HELD, one)
ENDED = Stock(_HELD, one, not_before=_ended)
LAPSED = Flow(_HELD, one, where=lambda r: ~r.renewed, not_before=_ended)

# fmt: off
CATALOGUE: Catalogue = (
    Feature("certificates_in_force_now", _("Number of licences and certificates in force"),
            "count", LOWERS, less, (ISSUED, ENDED), PARTIES),
    *over((365,), "certificate_lapse_count", _("Number of licences and certificates that ended unrenewed"),
          "count", RAISES, total, LAPSED, subjects=PARTIES),
    *over((365,), "near_expiry_share", _("Share of the amount shipped with less than 180 days of shelf life left"),
          "share", RAISES, ratio, SHORT, SHIPPED),
    *over((365,), "near_expiry_return_share", _("Returns near the end of shelf life as a share of the amount shipped"),
          "share", RAISES, ratio, RETURNED, SHIPPED),
    *over((365,), "recalled_share", _("Batches recalled as a share of the amount shipped"),
          "share", RAISES, ratio, RECALLED, SHIPPED),
    *over((365,), "cold_chain_break_share", _("Share of batches to be kept cold whose cold chain was broken"),
          "share", RAISES, ratio, BROKEN, COLD),
    *over((365,), "third_invoice_share", _("Share of the amount shipped to public hospitals that the seller had from "
          "a wholesaler"), "share", RAISES, ratio, THIRD, TO_PUBLIC),
    *over((365,), "hospital_share", _("Share of the amount invoiced that was invoiced to hospitals"),
          "share", NEITHER, ratio, TO_HOSPITALS, INVOICED),
    *over((365,), "hospital_days_to_pay", _("Mean days from issue to settlement of invoices to hospitals"),
          "days", RAISES, ratio, DAYS_TO_PAY, SETTLED),
)
# fmt: on

PHARMA = Pack(
    "pharma",
    _("Medicines: licences, shelf life, cold chain, recalls, returns, the two-invoice system, hospitals"),
    (CERTIFICATES, INSTITUTIONS, BATCHES),
    CATALOGUE,
)
