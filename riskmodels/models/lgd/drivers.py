"""What was known of a claim at its default, and the sample a model of LGD is fitted on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.text import mark

NO_DISPUTES = mark("the book has no disputes")
NO_GUARANTEES = mark("the book has no guarantees")
DRIVERS = ("ead", "holdback", "recourse", "disclosed", "margin_rate", "insured_share", "disputed", "guaranteed")


@dataclass(frozen=True)
class LossSample:
    """Rows of finished workouts: drivers X, the capped loss y, exposures as weights, debtors as groups, default days.

    Drivers that the book doesn't have are left out.
    """

    X: pd.DataFrame
    y: np.ndarray
    weight: np.ndarray
    groups: np.ndarray
    default_on: pd.Series


def loss_sample(final: pd.DataFrame) -> LossSample:
    """The sample of a model from finished workouts (`RealisedLosses.final`).

    Further features join by debtor_id and default_on, as of that day. The exposure counts as its logarithm. Losses that
    rest on a dispute belong to the dilution leg: leave rows that are `disputed` out where that leg is modelled.
    """
    known = [name for name in DRIVERS if final[name].notna().any()]
    X = final[known].assign(ead=np.log(final["ead"])).rename(columns={"ead": "log_ead"})
    flags = [name for name in ("recourse", "disclosed", "disputed", "guaranteed") if name in X]
    X = X.astype(dict.fromkeys(X, "float64"))
    y, weight = (final[name].to_numpy(dtype=float) for name in ("capped", "ead"))
    # an empty margin or insured share says that there is none
    none = {name: 0.0 for name in ("margin_rate", "insured_share", *flags) if name in X}
    return LossSample(X.fillna(none), y, weight, final["debtor_id"].to_numpy(), final["default_on"])


def disputed(book: Book, claims: pd.DataFrame) -> pd.Series:
    """Whether each claim's invoice was in an open dispute at the close of its default, as known then; empty where the
    book has no disputes."""
    if not book.has("disputes"):
        return pd.Series(pd.NA, index=claims.index, dtype="boolean")
    rows = claims[["invoice_id", "default_on"]].merge(
        book.sql("SELECT invoice_id, known_on, closed_on FROM disputes"), on="invoice_id"
    )
    standing = (rows["known_on"] <= rows["default_on"]) & ~(rows["closed_on"] <= rows["default_on"])
    return claims["invoice_id"].isin(rows.loc[standing, "invoice_id"]).astype("boolean")


def guaranteed(book: Book, claims: pd.DataFrame) -> pd.Series:
    """Whether a guarantee, collateral or pledge for the client or debtor stood at the close of each default, as known
    then, for the claim's facility or for all; empty where the book has no guarantees."""
    if not book.has("guarantees"):
        return pd.Series(pd.NA, index=claims.index, dtype="boolean")
    promises = book.sql("SELECT beneficiary_id, facility_id, valid_from, valid_to, known_on FROM guarantees")
    promises = promises.rename(columns={"facility_id": "only"})
    own = ["invoice_id", "facility_id", "default_on"]
    rows = pd.concat(
        claims[[*own, side]].merge(promises, left_on=side, right_on="beneficiary_id")[[*own, *promises.columns]]
        for side in ("client_id", "debtor_id")
    )
    day = rows["default_on"]
    standing = (rows["valid_from"] <= day) & (rows["known_on"] <= day) & ~(rows["valid_to"] < day)
    mine = rows["only"].isna() | (rows["only"] == rows["facility_id"])
    return claims["invoice_id"].isin(rows.loc[standing & mine, "invoice_id"]).astype("boolean")
