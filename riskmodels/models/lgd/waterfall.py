"""The LGD that a claim's cover promises: debtor, recourse, cash margin, guarantee, insurance, in that order.

LGD = max(0, 1 - PV(min(EAD, debtor cash + repurchase + guarantee + insurance + cash margin - costs)) / EAD). The debtor
pays on the invoice, so the holdback is worth what it pays of it and nothing else. Each further source covers what those
before it leave of the EAD: recourse the client's share of it, the margin what is held, the guarantee its share up to
its cap, insurance its share of what is lost in the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmodels.core.errors import DataRefused
from riskmodels.core.text import gettext as _
from riskmodels.models.lgd.flows import SOURCES, Floats, loss_given_default, present_values

NEEDED = ("ead", "face", "debtor_share")
ORDER = ("debtor", "client", "cash margin", "guarantor", "insurer", "costs")
COVERS = {
    "client": ("recourse", "client_share"),
    "cash margin": ("margin",),
    "guarantor": ("guarantor_share",),
    "insurer": ("insured_share",),
    "costs": ("costs",),
}
DAYS = {
    "debtor": "debtor_days",
    "client": "client_days",
    "guarantor": "guarantor_days",
    "insurer": "insurer_days",
    "costs": "costs_days",
}
SHARES = ("debtor_share", "client_share", "guarantor_share", "insured_share")


@dataclass(frozen=True)
class Waterfall:
    """Per claim the present value by source (`parts`, a column per source of ORDER; costs below 0) and the `lgd`.

    `off` says which sources the frame has no columns for, with the reason.
    """

    parts: pd.DataFrame
    lgd: pd.Series
    off: dict[str, str]


def waterfall(claims: pd.DataFrame, rate: ArrayLike = 0.0) -> Waterfall:
    """The LGD of each claim by what stands behind it, discounted to the default at `rate` a year (one, or one each).

    Columns: ead (advance + accrued), face (open receivable), debtor_share (of the face that the debtor pays);
    recourse (bool) and client_share (of the rest that the client buys back); margin (cash held); guarantor_share (of
    the rest) and guarantee_cap (none: no cap); insured_share (of the loss); costs; and the days after default at which
    each comes (debtor_days and so on, 0 where absent; the margin at once). A source without columns is switched off.
    All are point values: where the debtor's share is uncertain the expected LGD is the mean over its values, which is
    more than the LGD at its mean.
    """
    _check(claims)
    amounts, days = _amounts(claims), _days(claims)
    order = np.argsort(days, axis=1, kind="stable")
    place = np.array([SOURCES.index(name) for name in ORDER])
    n, width = amounts.shape
    worth = present_values(
        _column(claims, "ead"),
        np.broadcast_to(np.asarray(rate, dtype=float), n),
        np.repeat(np.arange(n), width),
        np.take_along_axis(days, order, axis=1).ravel(),
        np.take_along_axis(amounts, order, axis=1).ravel(),
        place[order].ravel(),
        len(SOURCES),
    )
    parts = pd.DataFrame(worth[:, place], index=claims.index, columns=list(ORDER))
    lgd = loss_given_default(_column(claims, "ead"), worth.sum(axis=1))
    return Waterfall(parts, pd.Series(lgd, index=claims.index, name="lgd"), _off(claims))


def _amounts(claims: pd.DataFrame) -> Floats:
    """What each source of ORDER pays, undiscounted: n x 6, costs below 0."""
    ead = _column(claims, "ead")
    debtor = _column(claims, "debtor_share") * _column(claims, "face")
    left = np.maximum(ead - debtor, 0)
    client = _column(claims, "recourse") * _column(claims, "client_share") * left
    left = left - client
    margin = np.minimum(_column(claims, "margin"), left)
    left = left - margin
    guarantor = np.minimum(_column(claims, "guarantor_share") * left, _column(claims, "guarantee_cap", np.inf))
    insurer = _column(claims, "insured_share") * (left - guarantor)
    return np.column_stack([debtor, client, margin, guarantor, insurer, -_column(claims, "costs")])


def _days(claims: pd.DataFrame) -> Floats:
    zero = np.zeros(len(claims))
    return np.column_stack([_column(claims, DAYS[name]) if name in DAYS else zero for name in ORDER])


def _column(claims: pd.DataFrame, name: str, missing: float = 0.0) -> Floats:
    """The column as floats; an absent column or cell is `missing`: a source that isn't there pays nothing."""
    if name not in claims:
        return np.full(len(claims), missing)
    return np.asarray(claims[name].astype(float).fillna(missing), dtype=np.float64)


def _off(claims: pd.DataFrame) -> dict[str, str]:
    words = _("the claims have no column {names}")
    missing = {name: [c for c in columns if c not in claims] for name, columns in COVERS.items()}
    return {name: words.format(names=", ".join(columns)) for name, columns in missing.items() if columns}


def _check(claims: pd.DataFrame) -> None:
    if missing := [name for name in NEEDED if name not in claims]:
        raise DataRefused(f"claims: found no columns {missing}, expected {', '.join(NEEDED)}")
    if claims[list(NEEDED)].isna().any(axis=None) or not (claims["ead"] > 0).all():
        raise DataRefused("claims: found an empty cell or an ead of 0 or less, expected ead, face and debtor_share")
    for name in SHARES:
        share = _column(claims, name)
        if not ((share >= 0) & (share <= 1)).all():
            raise DataRefused(f"claims: {name}: found {share.min():g} to {share.max():g}, expected shares in [0, 1]")
    for name in ("face", "margin", "costs", "guarantee_cap", *DAYS.values()):
        if (low := _column(claims, name)[_column(claims, name) < 0]).size:
            raise DataRefused(f"claims: {name}: found {low.min():g}, expected 0 or more")
