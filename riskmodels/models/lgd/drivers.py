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
    return claims["invoice_id"].isin(_standing(book, claims)["invoice_id"]).astype("boolean")


def guarantee_caps(book: Book, claims: pd.DataFrame) -> pd.Series:
    """What the guarantees that stand for each claim may pay at most, each cap parted by ead among its claims.

    inf where one has no cap, nan without a guarantee.
    """
    if not book.has("guarantees"):
        return pd.Series(np.nan, index=claims.index)
    rows = _standing(book, claims).merge(claims[["invoice_id", "ead"]], on="invoice_id")
    part = rows["ead"] / rows.groupby("guarantee_id")["ead"].transform("sum")
    caps = rows["cap"].astype(float).fillna(np.inf) * part
    return claims["invoice_id"].map(caps.groupby(rows["invoice_id"]).sum())


def _standing(book: Book, claims: pd.DataFrame) -> pd.DataFrame:
    """The guarantees that stand for each claim at its default, each once: invoice_id, guarantee_id, cap."""
    # a cap in another currency is taken as nothing: amounts are of the main currency
    promises = book.sql(
        "SELECT guarantee_id, beneficiary_id, facility_id, valid_from, valid_to, known_on, "
        "CASE WHEN coalesce(currency, $currency) = $currency THEN cap ELSE 0 END AS cap FROM guarantees",
        {"currency": book.currency},
    )
    promises = promises.rename(columns={"facility_id": "only"})
    own = ["invoice_id", "facility_id", "default_on"]
    rows = pd.concat(
        claims[[*own, side]].merge(promises, left_on=side, right_on="beneficiary_id")[[*own, *promises.columns]]
        for side in ("client_id", "debtor_id")
    )
    day = rows["default_on"]
    standing = (rows["valid_from"] <= day) & (rows["known_on"] <= day) & ~(rows["valid_to"] < day)
    mine = rows["only"].isna() | (rows["only"] == rows["facility_id"])
    return rows.loc[standing & mine, ["invoice_id", "guarantee_id", "cap"]].drop_duplicates()
