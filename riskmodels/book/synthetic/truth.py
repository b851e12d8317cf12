"""What the generator knows and no model may see, as frames."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import Clock
from riskmodels.book.synthetic.failure import FAR, Failure, default_within_year, stop_within_month
from riskmodels.book.synthetic.frames import days, ids
from riskmodels.book.synthetic.network import Debtors
from riskmodels.book.synthetic.quality import Quality
from riskmodels.book.synthetic.settle import Outcome


def debtor_months(failure: Failure, quality: Quality, debtors: Debtors, clock: Clock) -> pd.DataFrame:
    """One row per debtor and month end of the book, from its first month of business until it is in default.

    Quality, whether it has stopped paying, the true probability to stop in the next month (stop_1m) and to be in
    default within twelve months (default_12m), and whether it was (defaulted_12m, beyond the end of the book too).
    """
    months = np.arange(clock.months)
    end = clock.ends[: clock.months]
    default = failure.default[:, None]
    within = (debtors.joins[:, None] <= months) & (default > end)
    debtor, month = np.nonzero(within)
    stopped = failure.stopped[:, None] <= end
    return pd.DataFrame(
        {
            "debtor_id": ids("D", debtors.joins.size)[debtor],
            "month_end": days(end[month]),
            "quality": quality.value[debtor, month],
            "stopped": stopped[within],
            "stop_1m": np.where(stopped, 1.0, stop_within_month(failure, quality, clock))[within],
            "default_12m": default_within_year(failure, quality, clock)[within],
            "defaulted_12m": (default <= clock.ends[12 : 12 + clock.months])[within],
        }
    ).astype({"debtor_id": "str"})


def invoice_truth(odds: pd.DataFrame, outcome: Outcome, invoice_ids: np.ndarray) -> pd.DataFrame:
    """The true odds of each invoice at its issue, and how it ends: days_late, 91 when its debtor stops paying first."""
    key = pd.DataFrame({"invoice_id": pd.Series(invoice_ids, dtype="str")})
    return key.join(odds).assign(days_late=outcome.days_late)


def defaults(failure: Failure, clock: Clock) -> pd.DataFrame:
    """One row per debtor that stops paying: that day, and the first with more than 90 days past due."""
    rows = np.flatnonzero(failure.stopped < FAR)
    rows = rows[np.argsort(failure.stopped[rows], kind="stable")]
    return pd.DataFrame(
        {
            "debtor_id": ids("D", failure.stopped.size)[rows],
            "stopped_on": days(failure.stopped[rows]),
            "default_on": days(failure.default[rows]),
        }
    ).astype({"debtor_id": "str"})


def parameters(values: dict[str, float]) -> pd.DataFrame:
    """The generator's coefficients by name."""
    return pd.DataFrame({"name": list(values), "value": [float(v) for v in values.values()]})
