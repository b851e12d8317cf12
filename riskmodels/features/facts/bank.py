"""What went through a party's bank accounts, month by month."""

from __future__ import annotations

from riskmodels.features.facts.base import Tables, in_force, on_parties
from riskmodels.features.measures import Facts, Rows


def _flows(t: Tables) -> Rows:
    return on_parties(t["bank_flows"], t)


def _newest(t: Tables) -> Rows:
    rows = t["bank_flows"]
    return on_parties(in_force(rows.mutate(valid_from=rows.month), "party_id"), t)


def _swings(t: Tables) -> Rows:
    import ibis

    rows = t["bank_flows"]
    rows = rows.mutate(number=rows.month.year().cast("int32") * 12 + rows.month.month().cast("int32"))
    month_before = rows.select(
        whose=rows.party_id,
        next_number=rows.number + 1,
        unit=rows.currency,
        since=rows.known_on,
        inflow_before=rows.inflow,
    )
    joined = rows.inner_join(
        month_before,
        [
            rows.party_id == month_before.whose,
            rows.number == month_before.next_number,
            rows.currency == month_before.unit,
        ],
    )
    joined = joined.filter(joined.inflow.notnull() & joined.inflow_before.notnull())
    known_on = ibis.greatest(joined.known_on, joined.since)
    return on_parties(joined.select("party_id", "currency", "inflow", "inflow_before", known_on=known_on), t)


BANK_FLOWS = Facts("bank_flows", ("bank_flows",), _flows)
"""What went in and out in a month, from the day it became known; of a party there may be several a day."""
BANK_STATE = Facts("newest bank_flows", ("bank_flows",), _newest)
"""The newest month known of a party's accounts, one fact a day; a month that becomes known late doesn't become it."""
BANK_SWINGS = Facts("bank_flows beside the month before", ("bank_flows",), _swings)
"""The inflows of two months in a row, from the day both are known."""
