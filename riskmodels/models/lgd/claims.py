"""The claims of a book that defaulted: when, how much was owed, and on which terms."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, standing_of
from riskmodels.models.lgd.cash import advanced, returned
from riskmodels.models.lgd.drivers import disputed, guarantee_caps, guaranteed

DAYS_OF_RATE = 360
TERMS = ("recourse", "disclosed", "annual_rate", "margin_rate", "insured_share")
IDS = ("invoice_id", "client_id", "debtor_id")
DEBT = ("default_on", "lent", "principal", "accrued", "ead", "face", "holdback")


def defaulted_claims(book: Book, rule: Default) -> pd.DataFrame:
    """One row per financed invoice that was not paid back when its debtor was in default; its first default only.

    `book` is cut. Columns: invoice_id, client_id, debtor_id, default_on, lent, principal and accrued (unpaid at the
    close of that day, the invoice's advances together), ead = principal + accrued, face (open receivable then),
    holdback (1 - ead / face, at least 0), the TERMS of the facility's version in force when it was first lent,
    disputed and guaranteed (at the default), all empty where the book has none. An advance paid out while its debtor
    is in default defaults on that day. Amounts are of the book's main currency; others are left out.
    """
    claims = _first_default(_financed(book), spells(standing_of(book, "debtor_id", rule)))
    return _as_they_stood(book, claims, rule.least)[[*IDS, *DEBT, *TERMS, "disputed", "guaranteed"]]


def open_claims(book: Book, day: date) -> pd.DataFrame:
    """One row per financed invoice neither paid back nor written off at the close of `day`, in default or not.

    `book` is cut at `day`. The columns of `defaulted_claims` as if each claim defaulted that day, and guarantee_cap:
    its part of the caps that stand for it, by exposure among all claims they stand for (inf where one has no cap, nan
    without a guarantee).
    """
    financed = _financed(book)
    if book.has("write_offs"):
        financed = financed[~financed["invoice_id"].isin(book.sql("SELECT invoice_id FROM write_offs")["invoice_id"])]
    claims = financed.assign(default_on=pd.Series(pd.Timestamp(day), index=financed.index, dtype="datetime64[us]"))
    found = _as_they_stood(book, claims, 0.0)
    found["guarantee_cap"] = guarantee_caps(book, found)
    return found[[*IDS, *DEBT, *TERMS, "disputed", "guaranteed", "guarantee_cap"]]


def spells(standing: pd.DataFrame) -> pd.DataFrame:
    """Spells of default, from what each debtor owes by day: debtor_id, start, end (NaT while it lasts)."""
    now = standing["in_default"].astype(bool)
    turns = standing[now != now.groupby(standing["debtor_id"]).shift(fill_value=False)]
    end = turns.groupby("debtor_id")["day"].shift(-1)
    starts = turns["in_default"].astype(bool)
    return turns.assign(end=end).loc[starts, ["debtor_id", "day", "end"]].rename(columns={"day": "start"})


def unpaid(
    lent: pd.DataFrame, back: pd.DataFrame, default_on: pd.Series, rate: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Principal and accrued interest unpaid at the close of each claim's default.

    `default_on` and `rate` (yearly) are by invoice_id; `lent` and `back` are rows of `advanced` and `returned`.
    Interest accrues on the running principal over 360 days, less what was paid of it; where that isn't told, on what
    is unpaid.
    """
    out, came = _until(lent, default_on), _until(back, default_on)
    total = _sum(out["amount"], out, default_on)
    principal = (total - _sum(came["principal"], came, default_on)).clip(lower=0)
    carried = _sum(out["amount"] * out["held"], out, default_on)
    relieved = _sum(came["principal"] * came["held"], came, default_on)
    yearly = rate.fillna(0.0) / DAYS_OF_RATE
    grown = (carried - relieved) * yearly - _sum(came["interest"], came, default_on)
    plain = principal * (carried / total.where(total > 0)).fillna(0.0) * yearly
    accrued = grown if back["interest"].notna().any() else plain
    return principal, accrued.clip(lower=0).where(principal > 0, 0.0)


def _until(rows: pd.DataFrame, default_on: pd.Series) -> pd.DataFrame:
    """The rows of defaulted claims up to the default, with the days they were `held` by then."""
    mine = rows[rows["invoice_id"].isin(default_on.index)]
    held = (default_on.reindex(mine["invoice_id"]).set_axis(mine.index) - mine["day"]).dt.days
    return mine.assign(held=held.astype(float))[held >= 0]


def _sum(values: pd.Series, rows: pd.DataFrame, default_on: pd.Series) -> pd.Series:
    return values.groupby(rows["invoice_id"]).sum().reindex(default_on.index, fill_value=0.0)


def _financed(book: Book) -> pd.DataFrame:
    """Financed invoices of the main currency: ids, facility, first day and sum of the advances."""
    book.need("advances", "invoice_id", "amount")
    return book.sql(
        """
        SELECT i.invoice_id, i.client_id, i.debtor_id, i.facility_id, min(a.advanced_on) AS lent_on,
            CAST(sum(a.amount) AS DOUBLE) AS lent
        FROM invoices i JOIN advances a USING (invoice_id)
        WHERE i.currency = $currency GROUP BY ALL ORDER BY i.invoice_id
        """,
        {"currency": book.currency},
    )


def _first_default(financed: pd.DataFrame, in_default: pd.DataFrame) -> pd.DataFrame:
    """The claims whose debtor was in default after they were lent, with the first such day."""
    pairs = financed.merge(in_default, on="debtor_id")
    pairs["default_on"] = pairs[["start", "lent_on"]].max(axis=1)
    pairs = pairs[pairs["end"].isna() | (pairs["default_on"] < pairs["end"])]
    ordered = pairs.sort_values(["invoice_id", "default_on"], kind="stable")
    return ordered.drop_duplicates("invoice_id").drop(columns=["start", "end"])


def _as_they_stood(book: Book, claims: pd.DataFrame, least: float) -> pd.DataFrame:
    """The claims of which `least` or more was unpaid at their default, with debt, terms and what stood behind them."""
    claims = _with_debt(book, _with_terms(book, claims))
    claims = claims[claims["principal"] >= max(least, 0.005)].copy()
    claims["ead"] = claims["principal"] + claims["accrued"]
    claims["face"] = _open_face(book, claims)
    claims["holdback"] = (1 - claims["ead"] / claims["face"].where(claims["face"] > 0)).clip(lower=0).fillna(0.0)
    claims = claims.assign(disputed=disputed(book, claims), guaranteed=guaranteed(book, claims))
    return claims.sort_values("invoice_id", ignore_index=True)


def _with_terms(book: Book, claims: pd.DataFrame) -> pd.DataFrame:
    """The claims with the terms of their facility in force on the day of the first advance."""
    if not book.has("facilities"):
        return claims.assign(**dict.fromkeys(TERMS, np.nan))
    listed = ", ".join(TERMS)
    versions = book.sql(
        f"SELECT facility_id, valid_from, {listed} FROM facilities WHERE facility_id IS NOT NULL "
        "ORDER BY valid_from, known_on, facility_id"
    )
    told = claims.sort_values(["lent_on", "invoice_id"], kind="stable")
    found = pd.merge_asof(told, versions, left_on="lent_on", right_on="valid_from", by="facility_id")
    return found.drop(columns="valid_from")


def _with_debt(book: Book, claims: pd.DataFrame) -> pd.DataFrame:
    """The claims with what was unpaid at their default: principal, accrued."""
    keyed = claims.set_index("invoice_id")
    rate = keyed["annual_rate"].astype(float)
    principal, accrued = unpaid(advanced(book), returned(book), keyed["default_on"], rate)
    return keyed.assign(principal=principal, accrued=accrued).reset_index()


def _open_face(book: Book, claims: pd.DataFrame) -> np.ndarray:
    """The open receivable of each claim at the close of its default: amount less payments and credit notes by then."""
    told = [
        f"SELECT invoice_id, {day} AS day, CAST(amount AS DOUBLE) AS amount FROM {table}"
        for table, day in (("payments", "paid_on"), ("credit_notes", "issued_on"))
        if book.has(table)
    ]
    keyed = claims.set_index("invoice_id")["default_on"]
    face = book.sql("SELECT invoice_id, CAST(amount AS DOUBLE) AS amount FROM invoices").set_index("invoice_id")
    known = face["amount"].reindex(keyed.index)
    if told:
        rows = _until(book.sql(" UNION ALL ".join(told)), keyed)
        known = known - _sum(rows["amount"], rows, keyed)
    return known.clip(lower=0).to_numpy()
