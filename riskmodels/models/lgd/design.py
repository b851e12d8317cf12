"""The columns of a fractional logit: standardised numbers and flags; a category it hasn't seen is the average one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.models.inputs import SampleError
from riskmodels.models.standardising import Standardiser, standardiser

MOST = 100  # flags of one column: more are names, not categories


@dataclass(frozen=True)
class Design:
    """A standardiser, and of each text column the `shares` of its categories and whether it could be missing (`gaps`).

    A missing category has its own level where the sample had one; else, and an unseen one always, it is the average:
    each flag is the share of rows that have it.
    """

    scaler: Standardiser
    shares: dict[str, list[float]]
    gaps: list[str]

    def names(self) -> list[str]:
        """Names of the columns `transform` gives."""
        return self.scaler.names()

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """The columns of a checked frame: n x p."""
        columns = self.scaler.transform(frame)
        place = columns.shape[1] - sum(map(len, self.shares.values()))
        for name, shares in self.shares.items():
            flags = columns[:, place : place + len(shares)]
            unknown = (flags == 0).all(axis=1)
            if name in self.gaps:
                unknown &= frame[name].notna().to_numpy()
            flags[unknown] = shares
            place += len(shares)
        return columns

    def to_state(self) -> dict[str, Any]:
        """Plain values that `from_state` turns back into the same design."""
        return {"scaler": self.scaler.to_state(), "shares": self.shares, "gaps": self.gaps}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Design:
        """The design `to_state` described."""
        return cls(Standardiser.from_state(state["scaler"]), state["shares"], state["gaps"])


def design(frame: pd.DataFrame, weight: np.ndarray) -> Design:
    """The design of a training frame; a column of more than 100 categories is refused."""
    scaler = standardiser(frame)
    for name, known in scaler.texts.items():
        if len(known) > MOST:
            raise SampleError(f"{name}: found {len(known)} categories, expected {MOST} or fewer: group the rare ones")
    shares = {name: _shares(frame[name], known, weight) for name, known in scaler.texts.items()}
    return Design(scaler, shares, [name for name in scaler.texts if frame[name].isna().any()])


def _shares(values: pd.Series, known: list[str], weight: np.ndarray) -> list[float]:
    """Share of the weight of each category among rows that have one."""
    codes = pd.Categorical(values, categories=known).codes
    told = codes >= 0
    total = np.bincount(codes[told], weight[told], len(known))
    return (total / total.sum()).tolist() if len(known) else []
