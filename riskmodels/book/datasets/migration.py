"""Transition matrices and rating histories."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from riskmodels.book.datasets.files import original, whole

GRADES = ("AAA", "AA", "A", "BBB", "BB", "B", "CCC")
NOTCHES = (
    "AAA",
    "AA+",
    "AA",
    "AA-",
    "A+",
    "A",
    "A-",
    "BBB+",
    "BBB",
    "BBB-",
    "BB+",
    "BB",
    "BB-",
    "B+",
    "B",
    "B-",
    "CCC",
)
TENORS = (1, 2, 3, 5, 7, 10, 15, 20)


def jarrow_lando_turnbull(folder: str | Path | None = None) -> pd.DataFrame:
    """The one-year transition matrix of Jarrow, Lando and Turnbull (1997): eight grades AAA to D, rows are from.

    Fractions; rows sum to 1 within .0002, the rounding of the paper. D is absorbing.

    Source: open-risk transitionMatrix, Apache-2.0.
    """
    frame = pd.read_csv(original("jarrow_lando_turnbull", folder)).set_axis([*GRADES, "D"], axis=1)
    frame.index = pd.Index([*GRADES, "D"], name="from")
    return whole("jarrow_lando_turnbull", frame)


def sp_matrices(folder: str | Path | None = None) -> pd.DataFrame:
    """S&P's corporate transition rates 1981-2016 over 1, 2, 3, 5, 7, 10, 15 and 20 years, one (tenor, from) a row.

    tenor: years. from: grade at the beginning, AAA to CCC (with CC and C). AAA ... CCC, D, NR: share at the end as a
    fraction, NR with the rating withdrawn.

    Traps: rows sum to 1 only with NR, within .0002. To drop NR and scale up assumes that withdrawals say nothing. The
    longer tenors are counted, not powers of the first; the older cohorts behind 20 years default less than at 15.

    Source: open-risk transitionMatrix, Apache-2.0.
    """
    rates = pd.read_csv(original("sp_matrices", folder), skiprows=2, header=None, usecols=range(9)) / 100
    rates = rates.set_axis([*GRADES, "D", "NR"], axis=1)
    rates.insert(0, "tenor", [t for t in TENORS for _ in GRADES])
    rates.insert(1, "from", [*GRADES] * len(TENORS))
    return whole("sp_matrices", rates)


def sp_notches(folder: str | Path | None = None) -> pd.DataFrame:
    """S&P's one-year transition rates by notch, seventeen grades AAA to CCC in rows, the same and D in columns.

    Fractions. Traps: rows sum to .85 to .97, the rest is withdrawn ratings, which the file leaves out; there is no row
    for D.

    Source: open-risk transitionMatrix, Apache-2.0.
    """
    path = original("sp_notches", folder)
    rates = pd.read_csv(path, header=None, nrows=len(NOTCHES), index_col=0) / 100
    rates = rates.set_axis([*NOTCHES, "D"], axis=1)
    rates.index.name = "from"
    return whole("sp_notches", rates)


def dated_ratings(folder: str | Path | None = None) -> pd.DataFrame:
    """4,000 dated ratings of 1,829 entities, 1999-05-21 to 2005-12-30, with default D and withdrawal NR, one a row.

    CustomerId: text. Date: day of the rating. Rating: AAA, AA+, A+, BBB+, BB+, B+, CCC+, D, NR. RatingNum: 1 to 8 for
    AAA to D, 0 for NR.

    Traps: NR is numbered 0, below AAA: the number is no order. Some entities have two ratings on one day. A rating
    lasts until the next, or until the end of 2005: who has no later row isn't gone.

    Source: open-risk transitionMatrix, Apache-2.0.
    """
    frame = pd.read_csv(original("dated_ratings", folder), dtype={"CustomerId": "str"})
    frame["Date"] = pd.to_datetime(frame["Date"], format="%d-%m-%Y").astype("datetime64[us]")
    return whole("dated_ratings", frame)


def simulated_migration(folder: str | Path | None = None) -> pd.DataFrame:
    """10,000 entities simulated over the times 0 to 4 in the states 0, 1 and 2, one (entity, time) a row.

    ID, Time, State: whole numbers; state 2 is absorbing. The transitions counted are .80 .15 .05 from state 0 and .10
    .70 .20 from state 1, to two digits.

    Source: open-risk transitionMatrix, Apache-2.0.
    """
    return whole("simulated_migration", pd.read_csv(original("simulated_migration", folder)))
