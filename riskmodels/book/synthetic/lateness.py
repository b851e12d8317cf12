"""How late an invoice is paid while its debtor is healthy: the law of its pace, business days, collection actions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodels.book.synthetic.clock import Clock, Days
from riskmodels.book.synthetic.collect import action_day, longest_untreated, shrink
from riskmodels.book.synthetic.law import EARLIEST, LATEST, Floats, Law, beyond
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.pace import Pace

GRID = 512  # paces at which the expected days late are tabulated


@dataclass(frozen=True)
class Lateness:
    """By due day, from `first` on. `late`, `month`: the longest delays by which an invoice isn't late, or not more than
    30 days; `treated`: the latter of an invoice that is treated. `expected` (days x paces): expected days late."""

    law: Law
    pace: Pace
    first: int
    late: Days
    month: Days
    treated: Days
    paces: Floats
    expected: Floats

    def of(self, rows: Codes, due: Days, reach: Floats) -> Floats:
        """P(late), P(more than 30 days late) and expected days late of invoices, summed over the debtor's state in the
        due month; `reach` (rows x states) is its law. Where the debtor may stop paying it adds up to less than one."""
        day, share = due - self.first, self.law.collecting.share
        calm = self.pace.known[rows, None] + self.pace.slope[rows, None] * self.pace.grid
        disputed = self.pace.dispute_chance[rows]
        result = np.zeros((rows.size, 3))
        for pace, weight in ((calm, 1.0 - disputed), (calm + self.pace.dispute, disputed)):
            u = np.exp(self.law.payment.shape * pace)
            late = self._beyond(u, self.late[day])
            month = (1 - share) * self._beyond(u, self.month[day]) + share * self._beyond(u, self.treated[day])
            cells = [np.einsum("rs,rs->r", reach, x) for x in (late, month, self._expected(pace, day))]
            result += weight[:, None] * np.column_stack(cells)
        return result

    def _beyond(self, u: Floats, days: Days) -> Floats:
        """law.beyond by row: u is exp(shape x pace), so that one division does."""
        c = (EARLIEST + days[:, None]) ** -self.law.payment.shape
        end = (EARLIEST + LATEST) ** -self.law.payment.shape
        return np.maximum(u * (c - end) / (1.0 + u * c), 0.0)

    def _expected(self, pace: Floats, day: Days) -> Floats:
        place = (pace - self.paces[0]) / (self.paces[1] - self.paces[0])
        cell = np.minimum(place.astype(np.int64), GRID - 2)
        below = day[:, None] * GRID + cell
        flat = self.expected.ravel()
        low = flat.take(below)
        return low + (place - cell) * (flat.take(below + 1) - low)


def lateness(law: Law, pace: Pace, due: Days, clock: Clock) -> Lateness:
    """The law for the due days of a world's invoices."""
    days, calendar = np.arange(due.min(), due.max() + 1), clock.calendar
    start = action_day(law, days, clock) - days
    month = calendar.last(days + 30) - days
    delays = np.arange(1 - EARLIEST, LATEST + 1)
    plain = np.maximum(calendar.next(days[:, None] + delays) - days[:, None], 0)
    shorter = shrink(law, np.broadcast_to(delays, plain.shape), start[:, None])
    acted = np.maximum(calendar.next(days[:, None] + shorter) - days[:, None], 0)
    value = (1 - law.collecting.share) * plain + law.collecting.share * acted
    edge = np.abs(pace.slope).max() * np.abs(pace.grid).max()
    top = pace.known.max() + edge + max(pace.dispute, 0.0)
    paces = np.linspace(pace.known.min() - edge + min(pace.dispute, 0.0), top, GRID)
    over = np.array([np.ones(GRID), *(beyond(int(d), paces, law.payment.shape) for d in delays)])
    return Lateness(
        law,
        pace,
        int(days[0]),
        calendar.last(days) - days,
        month,
        longest_untreated(law, month, start),
        paces,
        # not a product of matrices: its last bits hang on the number of threads
        np.einsum("dk,kp->dp", value, -np.diff(over, axis=0)),
    )
