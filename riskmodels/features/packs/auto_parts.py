"""Parts for cars: a supplier's place in the chain, its platforms, price-downs, quality, deliveries and recalls.

A car maker scores its suppliers monthly by parts rejected per million delivered (PPM), deliveries on time against its
call-offs, stops of its line and complaints (the monthly scorecards of car makers and their first-tier suppliers; AIAG
and Odette, Key Performance Indicators for Automotive Supply Chain Management, LK03, 2020). A supplier lives on few
vehicle platforms: when one ends, so do the invoices. Prices fall by contract every year, customarily by 3 to 5 %, and
by more when car makers fight over prices: what is agreed above that comes out of the supplier's margin. Since June 2025
large buyers must pay small suppliers within 60 days (保障中小企业款项支付条例, article 9).

A programme hangs on `contract_no`, the number of the supply agreement that invoices name.
"""

from __future__ import annotations

from riskmodels.book.schema import Column, Rule, Table
from riskmodels.book.schema.contract import known_on, not_before, not_negative, share
from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.values import amount, one
from riskmodels.features.facts import PARTIES
from riskmodels.features.facts.base import Tables, in_force, looked_up, on_parties
from riskmodels.features.feature import LOWERS, RAISES, Catalogue, Feature, Linked, over
from riskmodels.features.feature import PARTIES as SIDES
from riskmodels.features.formulas import Array, ratio, ratio_change, total
from riskmodels.features.measures import Facts, Flow, Last, Peak, Rows
from riskmodels.features.pack import Pack
from riskmodels.features.packs.contracts import CONTRACT, on_contracts, with_terms

# fmt: off
PROGRAMMES = Table(
    "programmes",
    "what is supplied for which vehicle platform, one row per version of the terms",
    key=(CONTRACT, "valid_from"),
    event="valid_from",
    zh="车型项目",
    columns=(
        Column(CONTRACT, "text", "number of the supply agreement, as invoices name it", required=True, zh="供货协议号"),
        Column("valid_from", "date", "first day of this version", required=True, zh="版本生效日"),
        Column("platform", "text", "vehicle platform the parts go into", required=True, zh="车型平台"),
        Column("sole_source", "flag", "nobody else supplies the part", zh="独家供货"),
        Column("price_down", "rate", "price reduction against the version before", unit="fraction", zh="年降幅度"),
        Column("starts_on", "date", "start of series production", zh="量产日"),
        Column("ends_on", "date", "end of series production as planned", zh="停产日"),
        known_on(),
    ),
    rules=(share("price_down"), not_before("ends_on", "starts_on")),
)
QUALITY_RECORDS = Table(
    "quality_records",
    "a customer's monthly scorecard of its supplier",
    key=("client_id", "debtor_id", "month"),
    event="month",
    zh="质量与交付记录",
    columns=(
        Column("client_id", "text", "supplier scored", required=True, refers_to="parties", zh="融资方编号"),
        Column("debtor_id", "text", "customer who scores", required=True, refers_to="parties", zh="债务人编号"),
        Column("month", "date", "last day of the month", required=True, zh="月份"),
        Column("delivered_parts", "count", "parts delivered", unit="parts", zh="交付件数"),
        Column("rejected_parts", "count", "parts rejected", unit="parts", zh="不良件数"),
        Column("complaints", "count", "complaints opened", zh="质量投诉数"),
        Column("deliveries", "count", "deliveries called off", zh="应交付批次"),
        Column("on_time", "count", "deliveries within their time window", zh="准时批次"),
        Column("line_stops", "count", "times the customer's line stood still for want of parts", zh="停线次数"),
        known_on(),
    ),
    rules=(
        not_negative("delivered_parts", "rejected_parts", "complaints", "deliveries", "on_time", "line_stops"),
        Rule("rejected_within_delivered", "rejected_parts <= delivered_parts", "rejected_parts within delivered_parts"),
        Rule("on_time_within_deliveries", "on_time <= deliveries", "on_time within deliveries"),
        not_before("known_on", "month"),
    ),
)
# fmt: on


def _programme_invoices(t: Tables) -> Rows:
    """Invoices of programmes, each with all its client had invoiced for the platform in that currency by its day."""
    import ibis

    i, terms = t["invoices"], in_force(t["programmes"], CONTRACT)
    rows = with_terms(i, terms, CONTRACT, "platform", "sole_source")
    so_far = ibis.window(group_by=("client_id", "platform", "currency"), order_by="known_on", preceding=(None, 0))
    return rows.mutate(so_far=rows.amount.sum().over(so_far).cast("decimal(18, 2)"))


def _scores(t: Tables) -> Rows:
    rows = looked_up(t["quality_records"], "client_id", t["clients"], "client_id", "client")
    return looked_up(rows, "debtor_id", t["debtors"], "debtor_id", "debtor")


_TERMS = Facts("auto_parts programmes", ("programmes",), lambda t: in_force(on_contracts(t["programmes"], t), CONTRACT))
_INVOICES = Facts("auto_parts invoices", ("programmes",), _programme_invoices)
_SCORES = Facts("auto_parts scores", ("quality_records",), _scores)
_RECALLS = Facts("auto_parts recalls", ("party_events",), lambda t: on_parties(t["party_events"], t))

INVOICED = Flow(_INVOICES, amount)
SOLE = Flow(_INVOICES, amount, where=lambda r: r.sole_source)
TOP_PLATFORM = Peak(_INVOICES, lambda r: r.so_far)
DELIVERED = Flow(_SCORES, lambda r: r.delivered_parts)
REJECTED = Flow(_SCORES, lambda r: r.rejected_parts)
COMPLAINTS = Flow(_SCORES, lambda r: r.complaints)
DELIVERIES = Flow(_SCORES, lambda r: r.deliveries)
ON_TIME = Flow(_SCORES, lambda r: r.on_time)
STOPS = Flow(_SCORES, lambda r: r.line_stops)
RECALLS = Flow(_RECALLS, one, where=lambda r: r.kind == "recall")


def ppm(rejected: Array, delivered: Array) -> Array:
    """Parts rejected per million delivered; NaN without deliveries."""
    return 1e6 * ratio(rejected, delivered)


def ppm_change(rejected: Array, delivered: Array, rejected_before: Array, delivered_before: Array) -> Array:
    """Parts rejected per million less those of an earlier window."""
    return 1e6 * ratio_change(rejected, delivered, rejected_before, delivered_before)


(RECALL_COUNT,) = over(
    (365,), "recall_count", _("Number of recalls"), "count", RAISES, total, RECALLS, subjects=(*SIDES, "chain")
)
"""A chain's are those of its core enterprise, which reach all who supply it."""

# fmt: off
CATALOGUE: Catalogue = (
    Feature("supplier_tier_now", _("Tier in the chain, 1 supplies the core enterprise directly"),
            "number", RAISES, total, (Last(PARTIES, lambda r: r.tier),), ("client",)),
    *over((None,), "top_platform_share", _("Share of the vehicle platform invoiced most"),
          "share", RAISES, ratio, TOP_PLATFORM, INVOICED, subjects=("client",)),
    *over((365,), "sole_source_share", _("Share of the amount invoiced for parts that nobody else supplies"),
          "share", LOWERS, ratio, SOLE, INVOICED),
    *over((365,), "largest_price_down", _("Largest price reduction that came into force"),
          "rate", RAISES, total, Peak(_TERMS, lambda r: r.price_down)),
    *over((90, 365), "ppm", _("Parts rejected per million delivered"),
          "number", RAISES, ppm, REJECTED, DELIVERED, subjects=SIDES),
    Feature("ppm_change_365d", _("Parts rejected per million of 365 days less those of the 365 before"),
            "number", RAISES, ppm_change,
            tuple(m.over(365).before(ago) for ago in (0, 365) for m in (REJECTED, DELIVERED)), SIDES),
    *over((365,), "complaint_count", _("Number of quality complaints"), "count", RAISES, total, COMPLAINTS,
          subjects=SIDES),
    *over((90, 365), "on_time_share", _("Share of deliveries within their time window"),
          "share", LOWERS, ratio, ON_TIME, DELIVERIES, subjects=SIDES),
    *over((365,), "line_stop_count", _("Number of times a customer's line stood still for want of parts"),
          "count", RAISES, total, STOPS, subjects=SIDES),
    RECALL_COUNT,
    Linked("chain", RECALL_COUNT),
)
# fmt: on

AUTO_PARTS = Pack(
    "auto_parts",
    _("Parts for cars: tiers, vehicle platforms, price-downs, quality, deliveries on time, recalls"),
    (PROGRAMMES, QUALITY_RECORDS),
    CATALOGUE,
)
