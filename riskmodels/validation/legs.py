"""The same figures seen by leg: how sure they are when debtors, clients or both carry the luck.

A receivable is lost when its debtor doesn't pay and, with recourse, its client can't either. Cases of one party share
its luck, so the party with fewer and larger names decides how much a figure is worth.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.validation.calibration import observed_expected
from riskmodels.validation.case import PARTIES, PROBABILITY, Case, party_codes
from riskmodels.validation.discrimination import auc_interval


def legs(case: Case) -> pd.DataFrame:
    """One row per leg that the mature cases tell of, debtor and client, and one for both where there are two.

    Columns: leg (obligor, client, both), parties, largest (share of the expected bad cases that the largest party
    has), observed_expected with low and high, auc with auc_low and auc_high (95 %, cases of a party of the leg free to
    depend; for both two-way). Empty without probabilities, parties, or bad and good cases.
    """
    told = {party: codes for party in PARTIES if (codes := party_codes(case.mature, party)) is not None}
    if case.score != PROBABILITY or not told or not 0 < case.events < case.n:
        return pd.DataFrame(columns=["leg"])
    rows = [_row(case, party, (codes,)) for party, codes in told.items()]
    if len(told) > 1:
        rows.append(_row(case, "both", tuple(told.values())))
    return pd.DataFrame(rows)


def _row(case: Case, leg: str, clusters: tuple[NDArray[np.int64], ...]) -> dict[str, object]:
    y, p = case.outcome, case.probability
    level, found = observed_expected(y, p, clusters), auc_interval(y, case.risk, clusters)
    alone = len(clusters) == 1
    return {
        "leg": leg,
        "parties": len(np.unique(clusters[0])) if alone else None,
        "largest": float(np.bincount(clusters[0], p).max() / p.sum()) if alone and p.sum() > 0 else None,
        "observed_expected": level.ratio,
        "low": level.interval[0],
        "high": level.interval[1],
        "auc": found.value,
        "auc_low": found.low,
        "auc_high": found.high,
    }
