"""Dilution rates of small pairs drawn towards their client, of small clients towards the book: empirical Bayes.

A pair's rate r rests on n effective invoices and is taken as r n of n (a beta-binomial whose counts needn't be whole);
its true rate is Beta around its client's, that around the book's. Both variances are estimated by moments, so a pair of
few invoices says little and one of many speaks for itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import beta

from riskmodels.core.errors import DataRefused
from riskmodels.models.dilution.history import DilutionHistory
from riskmodels.models.dilution.maturation import Maturation, matured_rates

Floats = NDArray[np.float64]
POOLED = 1e9  # invoices that a prior counts for when rates don't differ beyond chance


def pair_rates(history: DilutionHistory, pattern: Maturation, confidence: float = 0.95) -> pd.DataFrame:
    """One row per client and debtor: what it invoiced and was credited, its raw rate, and its shrunken one.

    Columns: client_id, debtor_id, invoices, invoiced, exposure (invoiced x share of credits that has come by now),
    credited, raw (credited / exposure), trials (effective invoices), client_rate (what it is drawn towards), rate, low,
    high. Pairs whose every invoice is too young to have been credited have no raw rate and take their client's.
    """
    rows = matured_rates(history, pattern).rename(columns={"rate": "raw"})
    scale = dispersion(history, rows)
    squares = rows.pop("squares")
    rows["trials"] = (rows["exposure"] ** 2 / squares.where(squares > 0) / scale).fillna(0.0)
    rows["raw"] = rows["raw"].clip(upper=1.0)
    raw, trials = rows["raw"].fillna(0.0).to_numpy(dtype=float), rows["trials"].to_numpy(dtype=float)
    told = shrunk(raw, trials, rows["client_id"].to_numpy(), confidence)
    return pd.concat([rows, told], axis=1)


def shrunk(rate: Floats, trials: Floats, group: NDArray, confidence: float = 0.95) -> pd.DataFrame:
    """Shrunken rate of each pair (n), from its raw rate, effective invoices and group (client).

    Columns: client_rate, rate, low, high: the posterior's mean and interval (a Beta of its mean and variance, in which
    the client's own uncertainty is counted, and the scatter of pairs taken one standard error larger than estimated).
    """
    if not ((rate >= 0) & (rate <= 1)).all() or not (np.isfinite(trials) & (trials >= 0)).all():
        raise DataRefused("rates: found some outside [0, 1], or trials missing or below 0; expected shares of invoices")
    codes = pd.factorize(group)[0]
    inside, error = pair_variance(rate, trials, codes)
    middle, variance = _groups(rate, trials, codes, inside)
    mean, book = middle[codes], _book_rate(rate, trials)
    size = _prior_size(book, inside) + trials
    own = np.divide(trials, size, out=np.zeros_like(size), where=size > 0)
    found = own * rate + (1 - own) * mean
    # intervals that take the scatter as known hold too seldom: with few pairs it is often estimated as next to none
    doubtful = _prior_size(book, inside + error) + trials
    spread = found * (1 - found) / (doubtful + 1) + (1 - own) ** 2 * variance[codes]
    low, high = beta_interval(found, spread, confidence)
    return pd.DataFrame({"client_rate": mean, "rate": found, "low": low, "high": high})


def pair_variance(rate: Floats, trials: Floats, codes: NDArray[np.int64]) -> tuple[float, float]:
    """Variance of true rates between pairs of one client, and its standard error, by moments.

    E sum n (r - r_client)^2 = v (pairs - clients) + tau^2 sum (N - sum n^2 / N), v the variance of one invoice; the
    error is that of a chi2 of pairs - clients degrees. Both are 0 where no client has two pairs.
    """
    told = trials > 0
    rate, trials, codes = rate[told], trials[told], np.unique(codes[told], return_inverse=True)[1]
    total = _sum(codes, trials)
    room, freedom = float((total - _sum(codes, trials**2) / total).sum()), len(rate) - len(total)
    if freedom < 1:
        return 0.0, 0.0
    squares = float(trials @ (rate - _client_rate(rate, trials, codes)[codes]) ** 2)
    book = _book_rate(rate, trials)
    excess = max(0.0, squares - book * (1 - book) * freedom)
    return excess / room, squares / room * float(np.sqrt(2 / freedom))


def _prior_size(rate: float, variance: float) -> float:
    """Invoices that a Beta of this mean and variance counts for; POOLED where rates don't differ."""
    return float(np.clip(rate * (1 - rate) / variance - 1, 0, POOLED)) if variance > 0 else POOLED


def dispersion(history: DilutionHistory, rows: pd.DataFrame) -> float:
    """Variance of one invoice's credited share over that of a coin of the same mean: credits are mostly partial, so
    each invoice says more than a yes or no. Between 0.001 and 1."""
    credited, exposure = rows["credited"].sum(), rows["exposure"].sum()
    mean = credited / exposure if exposure > 0 else 0.0
    if not 0 < mean < 1:
        return 1.0
    # sum of squared credits over sum of squared amounts is the mean square of the share, by amount
    square = history.credited["squares"].sum() / history.invoiced["squares"].sum()
    return float(np.clip((square - mean**2) / (mean * (1 - mean)), 0.001, 1.0))


def _groups(rate: Floats, trials: Floats, codes: NDArray[np.int64], inside: float) -> tuple[Floats, Floats]:
    """Rate of each client drawn towards the book's, and its variance; `inside` is that between pairs of a client."""
    book = _book_rate(rate, trials)
    total = _sum(codes, trials)
    some = np.where(total > 0, total, np.nan)
    noise = book * (1 - book) / some + inside * _sum(codes, trials**2) / some**2
    raw = _client_rate(rate, trials, codes)
    known = np.isfinite(noise) & (noise > 0)
    between = _between(raw[known], noise[known])
    weight = np.where(known, between / (between + np.where(known, noise, 1.0)), 0.0)
    return book + weight * (np.where(known, raw, book) - book), between * (1 - weight)


def _between(means: Floats, noise: Floats) -> float:
    """Variance of true means beyond their noise (DerSimonian and Laird 1986), 0 at least."""
    if len(means) < 2:
        return 0.0
    weight = 1 / noise
    excess = weight @ (means - np.average(means, weights=weight)) ** 2 - (len(means) - 1)
    return float(max(0.0, excess / (weight.sum() - (weight**2).sum() / weight.sum())))


def beta_interval(mean: Floats, variance: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Equal-tailed interval of a Beta of that mean and variance; the mean itself where it doesn't vary."""
    inside = (mean > 0) & (mean < 1) & (variance > 0)
    middle = np.where(inside, mean, 0.5)
    size = middle * (1 - middle) / np.where(inside, np.minimum(variance, 0.999 * middle * (1 - middle)), 0.1) - 1
    tail = (1 - confidence) / 2
    low, high = (beta.ppf(q, middle * size, (1 - middle) * size) for q in (tail, 1 - tail))
    return np.where(inside, low, mean), np.where(inside, high, mean)


def _book_rate(rate: Floats, trials: Floats) -> float:
    return float(np.average(rate, weights=trials)) if trials.sum() > 0 else 0.0


def _client_rate(rate: Floats, trials: Floats, codes: NDArray[np.int64]) -> Floats:
    total = _sum(codes, trials)
    return np.divide(_sum(codes, trials * rate), total, out=np.zeros_like(total), where=total > 0)


def _sum(codes: NDArray[np.int64], values: Floats) -> Floats:
    return np.bincount(codes, values, int(codes.max(initial=-1)) + 1).astype(np.float64)
