"""Papers: what was seen of the documents behind invoices, the state of tax invoices, runs of numbers, contracts.

A share of what was done within some days is of the invoices that had those days: each is counted when they are over.
"""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.catalogue.expressions import after, days_between, stated, within
from riskmodels.features.catalogue.values import one
from riskmodels.features.facts import INVOICES, INVOICES_BESIDE, NUMBERED
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, over
from riskmodels.features.formulas import less, ratio, total
from riskmodels.features.measures import Flow, Value

SELLERS = ("client", "pair")
DOCUMENTS = ("has_contract", "has_tax_invoice", "has_logistics", "has_acceptance")
LARGEST_GAP = 1_000_000
"""More missing numbers than this between two invoices count as so many."""


def seen(flag: str) -> tuple[Flow, Flow]:
    """Invoices with a flag that documents showed, and those of which it is known."""
    return Flow(INVOICES, one, where=lambda r: r[flag]), Flow(INVOICES, one, where=stated(flag))


def in_time(start: str, end: str, days: int) -> tuple[Flow, Flow]:
    """Invoices on which something was done within some days of another, and those on which these days are over."""
    over_on = after(start, days)
    return (
        Flow(INVOICES, one, where=within(start, end, days), not_before=over_on),
        Flow(INVOICES, one, where=stated(start), not_before=over_on),
    )


def _state(state: str) -> tuple[Flow, Flow]:
    done = Flow(
        INVOICES,
        one,
        where=lambda r: (r.tax_state == state) & within("issued_on", "tax_state_on", 90)(r),
        not_before=after("issued_on", 90),
    )
    return done, Flow(INVOICES, one, not_before=after("issued_on", 90))


def _complete(r: Any) -> Any:
    import ibis

    return ibis.and_(*(r[d].fill_null(False) for d in DOCUMENTS))


def flagged(flag: str) -> Flow:
    """Invoices with a flag of how they stand beside those before."""
    return Flow(INVOICES_BESIDE, one, where=lambda r: r[flag])


def _skipped(r: Any) -> Any:
    import ibis

    return ibis.least(ibis.greatest(r.step - 1, 0), LARGEST_GAP)


def _steps(where: Value) -> Flow:
    return Flow(NUMBERED, one, where=where)


VERIFIED = Flow(INVOICES, one, where=stated("verified_on"))
COUNT = Flow(INVOICES, one)
STEPS = _steps(lambda r: r.step.notnull())
GAPS = _steps(lambda r: r.step > 1)
WITH_CONTRACT = Flow(INVOICES, one, where=stated("contract_no"))

# fmt: off
PAPERS = (
    *over((365,), "contract_seen_share", _("Share of verified invoices of which the trade contract was seen"),
          "share", LOWERS, ratio, *seen("has_contract")),
    *over((365,), "tax_invoice_seen_share", _("Share of verified invoices of which the tax invoice was seen"),
          "share", LOWERS, ratio, *seen("has_tax_invoice")),
    *over((365,), "logistics_seen_share", _("Share of verified invoices of which a proof of delivery was seen"),
          "share", LOWERS, ratio, *seen("has_logistics")),
    *over((365,), "acceptance_seen_share", _("Share of verified invoices of which a proof of acceptance was seen"),
          "share", LOWERS, ratio, *seen("has_acceptance")),
    *over((90, 365), "complete_share", _("Share of verified invoices of which all four documents were seen"),
          "share", LOWERS, ratio, Flow(INVOICES, one, where=lambda r: _complete(r) & r.verified_on.notnull()),
          VERIFIED),
    *over((365,), "non_assignable_share", _("Share of verified invoices whose contract forbids assignment"),
          "share", RAISES, ratio, *seen("non_assignable")),
    *over((365,), "verified_share", _("Share of invoices whose documents were seen within 30 days of issue"),
          "share", LOWERS, ratio, *in_time("issued_on", "verified_on", 30)),
    *over((365,), "mean_days_to_verify", _("Mean days from issue until documents were seen"),
          "days", RAISES, ratio, Flow(INVOICES, days_between("issued_on", "verified_on")), VERIFIED),
    *over((365,), "voided_share", _("Share of invoices whose tax invoice was voided within 90 days of issue"),
          "share", RAISES, ratio, *_state("voided")),
    *over((365,), "red_flushed_share", _("Share of invoices whose tax invoice was red-flushed within 90 days of issue"),
          "share", RAISES, ratio, *_state("red-flushed")),
    *over((90,), "cancelled_tax_invoice_count", _("Number of tax invoices voided or red-flushed"),
          "count", RAISES, total, Flow(INVOICES, one, where=lambda r: r.tax_state.isin(("voided", "red-flushed")))),
    *over((90, 365), "number_gap_count", _("Number of times that invoice numbers were skipped"),
          "count", NEITHER, total, GAPS, subjects=SELLERS),
    *over((365,), "number_gap_share", _("Share of invoices before which numbers were skipped"),
          "share", NEITHER, ratio, GAPS, STEPS, subjects=SELLERS),
    *over((365,), "mean_numbers_skipped", _("Mean numbers skipped before an invoice"),
          "number", NEITHER, ratio, Flow(NUMBERED, _skipped), STEPS, subjects=SELLERS),
    *over((365,), "consecutive_number_share",
          _("Share of invoices whose number comes right after the client's largest so far"),
          "share", RAISES, ratio, _steps(lambda r: r.step == 1), STEPS, subjects=SELLERS),
    *over((365,), "number_against_date_share", _("Share of invoices whose number runs against the day of issue"),
          "share", RAISES, ratio, _steps(lambda r: r.against), STEPS, subjects=SELLERS),
    *over((365,), "repeated_number_count", _("Number of invoices whose number the client had used before"),
          "count", RAISES, total, flagged("same_number")),
    *over((365,), "repeated_tax_invoice_count", _("Number of invoices whose tax invoice was presented before"),
          "count", RAISES, total, flagged("same_tax_invoice")),
    *over((365,), "new_contract_share", _("Share of invoices naming a trade contract that are the first under it"),
          "share", RAISES, ratio, flagged("new_contract"), WITH_CONTRACT),
    *over((None,), "invoices_per_contract", _("Invoices for each trade contract"),
          "number", LOWERS, ratio, WITH_CONTRACT, flagged("new_contract")),
    *over((365,), "no_contract_count", _("Number of invoices that name no trade contract"),
          "count", RAISES, less, COUNT, WITH_CONTRACT),
    *over((365,), "others_contract_count", _("Number of invoices that name a trade contract with another debtor"),
          "count", RAISES, total, flagged("others_contract"), subjects=SELLERS),
)
# fmt: on
