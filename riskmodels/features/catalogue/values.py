"""What the catalogue's measures read of a fact: row-wise expressions of its columns."""

from __future__ import annotations

from typing import Any

from riskmodels.features.measures import Value, minor

MOST_COUNTED = 15
"""Days late, or early, beyond which a settlement tells no more of a habit."""


def one(r: Any) -> int:
    """1 for each fact."""
    return 1


def amount(r: Any) -> Any:
    """The fact's own amount."""
    return r.amount


def change_of_count(r: Any) -> Any:
    """The change of the number of open invoices."""
    return r["count"]


def days_past_due_then(r: Any) -> Any:
    """What changed of an amount owed times its days past due on the day from which that counts, at least one."""
    import ibis

    return minor(r.amount) * ibis.greatest(r.known_on.epoch_days() - r.due_on.epoch_days(), 1)


def sign(r: Any) -> Any:
    """1 for a settlement, -1 for one taken back."""
    return r.sign


def settled(r: Any) -> Any:
    """Whether a settlement was made, rather than taken back."""
    return r.sign > 0


def days_late(r: Any) -> Any:
    """Days from the due date to settlement; negative when early."""
    return r.settled_on.epoch_days() - r.due_on.epoch_days()


def signed_days_late(r: Any) -> Any:
    """Days late, taken back with the settlement."""
    return (r.sign * days_late(r)).cast("int32")


def held_days_late(r: Any) -> Any:
    """Days late, none counted beyond 15 either way, taken back with the settlement."""
    import ibis

    return (r.sign * ibis.least(ibis.greatest(days_late(r), -MOST_COUNTED), MOST_COUNTED)).cast("int32")


def signed_square_late(r: Any) -> Any:
    """The square of the days late, taken back with the settlement."""
    return r.sign * days_late(r) * days_late(r)


def face(r: Any) -> Any:
    """The settled invoice's amount in minor units, taken back with the settlement."""
    return r.sign * minor(r.face)


def whole_face(r: Any) -> Any:
    """The amount of the fact's invoice."""
    return r.face


def face_days_late(r: Any) -> Any:
    """Days late times the settled invoice's amount."""
    return face(r) * days_late(r)


def late_by(days: int) -> Value:
    """Whether an invoice was settled more than `days` days late."""
    return lambda r: days_late(r) > days


def early(r: Any) -> Any:
    """Whether an invoice was settled before its due date."""
    return days_late(r) < 0


def past_due(days: int) -> Value:
    """The first day on which an invoice is more than `days` days past due."""
    return lambda r: r.due_on + _days(days + 1)


def _days(n: int) -> Any:
    import ibis

    return ibis.interval(days=n)
