"""Which of many features a scorecard is offered: informative, not copies of one another, and few."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from riskmodels.core.errors import DataRefused
from riskmodels.features.catalogue import CATALOGUE, PARTS
from riskmodels.features.feature import Catalogue, column, subjects_of, suffix
from riskmodels.models.binning import Binner, feature, trends_from_signs

BEHAVIOUR: Catalogue = tuple(
    entry
    for part in (
        "Payment behaviour",
        "Balances and ageing",
        "Concentration",
        "Dilution",
        "Disputes",
        "Trading rhythm",
        "The invoice at its issue",
    )
    for entry in PARTS[part]
)
"""What the models of the house are offered: what a bare ledger tells, so that one recipe serves every book."""
FEWEST_CLIENTS = 10
"""Fewer clients than this can't be compared with one another."""


def select(
    X: pd.DataFrame, y: pd.Series, signs: Mapping[str, int], least: float = 0.02, alike: float = 0.7, most: int = 12
) -> tuple[list[str], pd.DataFrame]:
    """The columns to model with, and why: one row per column with its information value and what was decided.

    Columns are taken by falling information value (at least `least`), unless their WoE correlates above `alike` with
    one already taken, until there are `most`. Decision columns: feature, iv, taken, reason (empty when taken).
    """
    usable = [c for c in signs if X[c].nunique() > 1]
    if not usable:
        raise DataRefused("features: every column is constant on the training sample; expected some that vary")
    fitted = signed_binner({c: signs[c] for c in usable}).fit(X[usable], y)
    woe = pd.DataFrame(fitted.transform(X[usable]), columns=usable)
    iv = pd.Series({c: feature(fitted, c).iv for c in usable})
    ranked = iv.sort_values(ascending=False, kind="stable")
    taken: list[str] = []
    rows = [(c, float(iv[c]), _decide(c, float(iv[c]), woe, taken, least, alike, most)) for c in ranked.index]
    decided = pd.DataFrame(rows, columns=["feature", "iv", "reason"])
    return taken, decided.assign(taken=decided["reason"] == "")


def _decide(name: str, iv: float, woe: pd.DataFrame, taken: list[str], least: float, alike: float, most: int) -> str:
    if iv < least:
        return "too little information"
    if len(taken) == most:
        return "enough columns"
    for other in taken:
        if abs(_correlation(woe[name].to_numpy(), woe[other].to_numpy())) > alike:
            return f"alike {other}"
    taken.append(name)
    return ""


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    spread = a.std() * b.std()
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 0 else 0.0


def candidates(sample: pd.DataFrame, catalogue: Catalogue = CATALOGUE) -> dict[str, int]:
    """The feature columns of a sample a model may use, each with the sign it is expected to have.

    Features over the whole history are left out: they drift as the history grows, and a model on them ages with it. So
    are features of clients where there are too few to compare: they would only tell the time.
    """
    ever, subjects = f"_{suffix(None)}", _subjects(sample)
    signs = {c: s for c, s in expected_signs(catalogue).items() if c.split("_")[0] in subjects and not c.endswith(ever)}
    return {c: signs[c] for c in sample.columns if c in signs}


def expected_signs(catalogue: Catalogue = CATALOGUE) -> dict[str, int]:
    """The sign each column of a catalogue is expected to have: +1 raises risk, -1 lowers it, 0 neither."""
    return {column(entry, subject): entry.sign for entry in catalogue for subject in subjects_of(entry)}


def _subjects(sample: pd.DataFrame) -> set[str]:
    """Whose features can tell rows apart: clients when there are FEWEST_CLIENTS, pairs when there are two clients."""
    clients = sample["client_id"].nunique() if "client_id" in sample else 0
    needs = {"debtor": 0, "invoice": 0, "pair": 2, "client": FEWEST_CLIENTS}
    return {subject for subject, least in needs.items() if clients >= least}


def signed_binner(signs: Mapping[str, int]) -> Binner:
    """A binner whose trends follow the expected signs."""
    return Binner(trends=trends_from_signs(signs))
