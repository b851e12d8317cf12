"""Which features of the house's catalogue a model is offered, and the signs they are expected to have."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from riskmodels.features.catalogue import CATALOGUE, PARTS
from riskmodels.features.feature import Catalogue, column, subjects_of, suffix
from riskmodels.models.binning.binner import Binner, trends_from_signs

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
