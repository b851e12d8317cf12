"""How dilution ripens: credit notes lag their invoices, so a young month's rate is low for being young.

Of month k after the invoice's own: r_k = credits that came then / invoiced, over all vintages that have seen month k
whole. Their sum is the expected rate, its running sum over it the share that has come by an age. A vintage's rate is
then what was credited plus what is still expected (Bornhuetter and Ferguson 1972): a young month without a credit note
is expected to get some, where a development factor (chain ladder) would make nothing of nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.dilution.history import KEYS, DilutionHistory, month_name

Floats = NDArray[np.float64]
RIPE = 0.9  # vintages of which this share has come tell how rates vary; the expected rest of others doesn't vary


@dataclass(frozen=True)
class Maturation:
    """Credits by months after the invoice's, as a share of what was invoiced (`rates`), and of how much each rests.

    `exposure` is what was invoiced by the vintages behind each rate. `beyond` is the share of all credits that came
    later than the last of them: they are left out.
    """

    rates: Floats
    exposure: Floats
    beyond: float

    @property
    def expected(self) -> float:
        """The expected rate of a vintage once all has come."""
        return float(self.rates.sum())

    @property
    def emerged(self) -> Floats:
        """The share of all credits that has come by the end of each month after the invoice's; 1 without credits."""
        total = self.rates.sum()
        return np.cumsum(self.rates) / total if total > 0 else np.ones(len(self.rates))

    @property
    def lag(self) -> float:
        """Mean months from an invoice to its credits, both in mid-month; nan without credits."""
        total = self.rates.sum()
        return float(self.rates @ np.arange(len(self.rates)) / total) if total > 0 else float("nan")

    def emerged_at(self, age: NDArray[np.int64]) -> Floats:
        """The share of all credits that has come by each age in whole months after the invoice's; 0 below age 0."""
        known = self.emerged[np.clip(age, 0, len(self.rates) - 1)]
        return np.where(age < 0, 0.0, known)


def maturation(history: DilutionHistory, longest: int = 12) -> Maturation:
    """How credits came, up to `longest` months after the invoice's, over the whole book."""
    if longest < 0:
        raise Misuse(f"longest: found {longest}, expected months, 0 or more")
    invoiced, noted = triangle(history)
    if not len(invoiced):
        raise DataRefused("dilution: found no whole month of invoices")
    age = len(invoiced) - 1 - np.arange(len(invoiced))
    months = min(longest, int(age.max())) + 1
    seen = age[:, None] >= np.arange(noted.shape[1])
    exposure = (seen * invoiced[:, None]).sum(axis=0)
    came = (noted * seen).sum(axis=0)
    rates = np.divide(came, exposure, out=np.zeros_like(came), where=exposure > 0)
    total = came.sum()
    beyond = float(came[months:].sum() / total) if total > 0 else 0.0
    return Maturation(rates[:months], exposure[:months], beyond)


def triangle(history: DilutionHistory) -> tuple[Floats, Floats]:
    """Invoiced by vintage (V), and credits by vintage and months after it (V x V), from the first month to the last."""
    if history.invoiced.empty:
        return np.zeros(0), np.zeros((0, 0))
    first = int(history.invoiced["vintage"].min())
    size = history.last - first + 1
    sold, noted = history.invoiced, history.credited
    invoiced = np.bincount(sold["vintage"] - first, sold["amount"], size).astype(np.float64)
    cells = (noted["vintage"] - first) * size + noted["lag"]
    credited = np.bincount(cells, noted["amount"], size * size).astype(np.float64)
    return invoiced, credited.reshape(size, size)


def vintages(history: DilutionHistory, pattern: Maturation) -> pd.DataFrame:
    """One row per month of invoices: what was invoiced, what was credited, and what it will have come to.

    Columns: month, invoiced, credited (within the pattern's months), age, emerged (share that has come), raw (credited
    / invoiced), chain_ladder (raw / emerged), rate (raw + expected x (1 - emerged)), ripe. Months without invoices have
    no rates.
    """
    invoiced, noted = triangle(history)
    credited = noted[:, : len(pattern.rates)].sum(axis=1)
    age = len(invoiced) - 1 - np.arange(len(invoiced))
    emerged = pattern.emerged_at(age)
    sold = np.where(invoiced > 0, invoiced, np.nan)
    raw = credited / sold
    first = history.last - len(invoiced) + 1
    columns = {
        "month": [month_name(first + i) for i in range(len(invoiced))],
        "invoiced": invoiced,
        "credited": credited,
        "age": age,
        "emerged": emerged,
        "raw": raw,
        "chain_ladder": raw / np.where(emerged > 0, emerged, np.nan),
        "rate": raw + pattern.expected * (1 - emerged),
        "ripe": emerged >= RIPE,
    }
    return pd.DataFrame(columns)


def development(history: DilutionHistory, pattern: Maturation) -> pd.DataFrame:
    """The triangle: one row per month of invoices, and what of them was credited by each month after, as a share.

    Columns: month, invoiced, and 0, 1, ... (text) up to the pattern's months; nan where a month isn't whole yet, or
    nothing was invoiced. The last of a row is `raw` of `vintages`.
    """
    invoiced, noted = triangle(history)
    ages = len(pattern.rates)
    came = np.cumsum(noted[:, :ages], axis=1)
    sold = np.where(invoiced > 0, invoiced, np.nan)[:, None]
    seen = (len(invoiced) - 1 - np.arange(len(invoiced)))[:, None] >= np.arange(came.shape[1])
    shares = pd.DataFrame(np.where(seen, came / sold, np.nan), columns=[str(age) for age in range(came.shape[1])])
    first = history.last - len(invoiced) + 1
    shares.insert(0, "month", [month_name(first + i) for i in range(len(invoiced))])
    shares.insert(1, "invoiced", invoiced)
    return shares


def matured_rates(history: DilutionHistory, pattern: Maturation, by: Sequence[str] = KEYS) -> pd.DataFrame:
    """Dilution rates by client, debtor or pair in which young invoices count for the part of credits that has come.

    One row per combination of `by`: those, invoices, invoiced, exposure (invoiced x share of credits that has come),
    squares (of amounts, likewise), credited (within the pattern's months), rate (credited / exposure; nan without any).
    """
    keys = list(by)
    if not keys or set(keys) - set(KEYS):
        raise Misuse(f"by: found {keys}, expected some of {', '.join(KEYS)}")
    sold = history.invoiced
    emerged = pattern.emerged_at((history.last - sold["vintage"]).to_numpy())
    sold = sold.assign(exposure=sold["amount"] * emerged, squares=sold["squares"] * emerged)
    rows = sold.groupby(keys, as_index=False)[["invoices", "amount", "exposure", "squares"]].sum()
    near = history.credited[history.credited["lag"] < len(pattern.rates)]
    credited = near.groupby(keys)["amount"].sum().rename("credited").reset_index()
    rows = rows.rename(columns={"amount": "invoiced"}).merge(credited, on=keys, how="left").fillna({"credited": 0.0})
    return rows.assign(rate=rows["credited"] / rows["exposure"].where(rows["exposure"] > 0))


def ripe_rates(history: DilutionHistory, pattern: Maturation, after: int) -> pd.DataFrame:
    """The rows of `matured_rates` by pair, of those months after number `after` of which RIPE has come."""
    invoiced, credited = (
        rows[(rows["vintage"] > after) & (pattern.emerged_at((history.last - rows["vintage"]).to_numpy()) >= RIPE)]
        for rows in (history.invoiced, history.credited)
    )
    return matured_rates(replace(history, invoiced=invoiced, credited=credited), pattern)


def volatility(table: pd.DataFrame) -> float:
    """Standard deviation of the rates of ripe vintages, each weighing by what was invoiced; nan with fewer than two."""
    ripe = table[table["ripe"] & table["rate"].notna()]
    if len(ripe) < 2:
        return float("nan")
    mean = np.average(ripe["rate"], weights=ripe["invoiced"])
    variance = np.average((ripe["rate"] - mean) ** 2, weights=ripe["invoiced"])
    return float(np.sqrt(variance * len(ripe) / (len(ripe) - 1)))
