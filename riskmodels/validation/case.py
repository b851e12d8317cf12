"""The sample a model is judged on, split into what can be judged now and what is too young or unusable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.errors import Misuse
from riskmodels.validation.cohorts import non_overlapping
from riskmodels.validation.dependence import cluster_codes

PROBABILITY, RISK = "probability", "risk"
POINTS = "points"
"""A score as its users know it where the higher is the safer; the risk is then its negative."""
PARTIES = ("obligor", "client")
"""The columns whose cases may depend on each other, the party the outcome is of first."""


@dataclass(frozen=True)
class Case:
    """A sample with columns probability and outcome (1 bad, 0 good, NaN censored), one row per scored case.

    A score that tells only which case is riskier stands as `risk`, more is worse, in place of the probability.
    Optional columns: grade, weight (amount), obligor and client (whose cases depend on each other), period (the day a
    case was scored), segment, challenger (another model's probability), points (a score whose negative is the risk).
    `horizon` is the number of months an obligor's outcome takes, 0 where each case has an outcome of its own, such as
    an invoice.
    """

    sample: pd.DataFrame
    reference: Case | None = None
    drivers: tuple[str, ...] = ()
    horizon: int = 0

    def __post_init__(self) -> None:
        if missing := [c for c in (self.score, "outcome") if c not in self.sample]:
            raise Misuse(f"sample: missing columns {missing}; it has {list(self.sample.columns)}")
        if self.reference is not None and self.reference.score != self.score:
            raise Misuse(
                f"reference: found the score as {self.reference.score}, expected {self.score}, as in the sample"
            )
        found = set(self.sample["outcome"].dropna().unique().tolist())
        if not found <= {0, 1}:
            raise Misuse(f"sample: outcome: found {sorted(found - {0, 1}, key=str)[:3]}, expected 1, 0 or missing")

    @property
    def score(self) -> str:
        """The column that tells who is riskier: probability, or risk where there are no probabilities."""
        return RISK if RISK in self.sample and PROBABILITY not in self.sample else PROBABILITY

    @property
    def in_points(self) -> bool:
        """Whether readers know the score by its points, here and in the reference: a probability is known by itself."""
        samples = (self.sample, *(() if self.reference is None else (self.reference.sample,)))
        return self.score == RISK and all(POINTS in sample for sample in samples)

    @cached_property
    def usable(self) -> pd.Series:
        """Whether each case has a probability in [0, 1], or a finite risk."""
        told = self.sample[self.score]
        return told.between(0, 1) if self.score == PROBABILITY else told.abs() < np.inf

    @cached_property
    def censored(self) -> pd.Series:
        """Whether the outcome of each case isn't known yet."""
        return self.sample["outcome"].isna()

    @cached_property
    def mature(self) -> pd.DataFrame:
        """The cases with a usable score and a known outcome."""
        return self.sample[self.usable & ~self.censored]

    @cached_property
    def outcome(self) -> NDArray[np.float64]:
        """Outcomes of the mature cases (n,)."""
        return self.mature["outcome"].to_numpy(dtype=float)

    @cached_property
    def risk(self) -> NDArray[np.float64]:
        """What orders the mature cases (n,), more is worse: their probability, or the risk that stands in its place."""
        return self.mature[self.score].to_numpy(dtype=float)

    @cached_property
    def probability(self) -> NDArray[np.float64]:
        """Probabilities of the mature cases (n,)."""
        return self.mature["probability"].to_numpy(dtype=float)

    @cached_property
    def cluster(self) -> NDArray[np.int64] | None:
        """Obligor code of the mature cases (n,), each case without one standing for itself; None without obligors."""
        return party_codes(self.mature, "obligor")

    @cached_property
    def obligors(self) -> NDArray[np.int64] | None:
        """Obligor code of all cases, mature or not, where some obligor has more than one; else None."""
        codes = party_codes(self.sample, "obligor")
        return None if codes is None or codes.max(initial=0) == len(codes) - 1 else codes

    @cached_property
    def parties(self) -> dict[str, NDArray[np.int64]]:
        """Codes (n,) of the mature cases' parties whose cases depend on each other: obligor, client, as far as known.

        One of only as many parties as cases, or of one party, tells of no dependence and is left out.
        """
        found = ((party, party_codes(self.mature, party)) for party in PARTIES)
        return {party: c for party, c in found if c is not None and 0 < c.max() < len(c) - 1}

    @property
    def clusters(self) -> tuple[NDArray[np.int64], ...]:
        """The codes of `parties` alone, as standard errors take them."""
        return tuple(self.parties.values())

    @cached_property
    def weight(self) -> NDArray[np.float64] | None:
        """Amounts of the mature cases (n,), 0 where one has none; None without amounts."""
        if "weight" not in self.mature or not self.mature["weight"].gt(0).any():
            return None
        return self.mature["weight"].fillna(0.0).to_numpy(dtype=float)

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Which mature cases (n,) count each outcome once: one row per obligor in any window of `horizon` months."""
        if not (self.horizon and self.cluster is not None and "period" in self.mature):
            return np.ones(self.n, bool)
        period = self.mature["period"]
        month = period.dt.year * 12 + period.dt.month
        return non_overlapping(self.cluster, month, self.horizon)

    @cached_property
    def cohorts(self) -> Case:
        """The mature cases that count each outcome once, on which levels are judged."""
        return replace(self, sample=self.mature[self.counted])

    @property
    def n(self) -> int:
        """Number of mature cases."""
        return len(self.mature)

    @property
    def events(self) -> int:
        """Number of bad cases among the mature ones."""
        return int(self.outcome.sum())

    @property
    def development(self) -> Case:
        """The reference sample; checks that use it need it first."""
        if self.reference is None:
            raise Misuse("reference: found none, expected a development sample")
        return self.reference

    def having(self, column: str) -> Case:
        """The case without the rows that have no value in an optional column."""
        return replace(self, sample=self.sample[self.sample[column].notna()])


def party_codes(cases: pd.DataFrame, party: str) -> NDArray[np.int64] | None:
    """The code (n,) of each case's party, one without a party standing for itself; None where none is told."""
    return None if party not in cases or cases[party].isna().all() else cluster_codes(cases[party])
