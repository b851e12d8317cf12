"""What holds for a while: each version's amounts as they come into force (sign 1) and as they leave it (sign -1)."""

from __future__ import annotations

from riskmodels.features.facts.base import in_force
from riskmodels.features.measures import Rows


def terms(rows: Rows, key: str, last_day: str) -> Rows:
    """Versions in force twice: on the day each starts, and on the day after it ended or another took its place.

    `last_day` names the column with a version's last day, empty where it has none.
    """
    import ibis

    rows = in_force(rows, key)
    over = rows[last_day] + ibis.interval(days=1)
    closed = (over < rows.known_on).ifelse(rows.known_on, over)
    overtaken = rows.known_on.lead().over(ibis.window(group_by=key, order_by="known_on"))
    rows = rows.mutate(ends=ibis.least(closed.coalesce(overtaken), overtaken.coalesce(closed)))
    starting = rows.mutate(sign=ibis.literal(1, "int8")).drop("ends")
    ending = rows.filter(rows.ends.notnull()).mutate(known_on=lambda r: r.ends, sign=ibis.literal(-1, "int8"))
    return starting.union(ending.drop("ends"))
