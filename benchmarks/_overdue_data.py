"""The invoices of the benchmark, from a known law or IBM's; and how they are parted into earlier and later ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.book.datasets.ledgers import ibm_late_payment
from riskmodels.models.baselines.history import past
from riskmodels.models.standardising import standardiser
from riskmodels.validation.baselines import Observed

WIDTH = 20
Sample = tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]
IBM_CUT, IBM_READ = np.datetime64("2013-06-05"), np.datetime64("2014-01-10")


def invoices(n: int) -> Sample:
    """Covariates (n, 20), terms, days until paid or censored, and whether paid."""
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.normal(size=(n, WIDTH)), columns=[f"x{i}" for i in range(WIDTH)])
    terms = rng.choice([30, 60, 90], n)
    lag = np.round(8 + 20 * rng.normal(size=n) + X.to_numpy() @ np.linspace(-2.5, 2.5, WIDTH)).clip(-terms, 200)
    seen = rng.integers(20, 400, n)
    return X, terms, np.minimum(terms + lag, seen), terms + lag <= seen


def days_of_issue(n: int) -> np.ndarray:
    """Three years of issue, in order of the rows."""
    return np.datetime64("2023-01-01") + np.arange(n) * 1095 // n


@dataclass(frozen=True)
class Side:
    """Invoices as they were known on a day: covariates, the same as numbers, terms, days seen, paid, obligor."""

    X: pd.DataFrame
    numbers: np.ndarray
    terms: np.ndarray
    duration: np.ndarray
    paid: np.ndarray
    obligor: np.ndarray

    @property
    def seen(self) -> Observed:
        """What became of them; days past due of those not paid are as far as they were watched."""
        unasked = np.full(len(self.terms), np.nan)
        since = np.full(len(self.terms), -np.inf)
        return Observed(self.duration - self.terms, self.paid, unasked, self.terms, self.obligor, since)


@dataclass(frozen=True)
class Split:
    """The invoices to learn from, as known the day before a cut, and those issued from then on, as known at the end."""

    earlier: Side
    later: Side

    def __len__(self) -> int:
        return len(self.earlier.terms) + len(self.later.terms)


def known_law(n: int) -> Split:
    """`invoices` of three years, of which the last is judged, read 90 days later; some are lost from sight at random.

    Earlier ones are seen until the cut. Every invoice is an obligor of its own.
    """
    issued = days_of_issue(n)
    return parted(invoices(n), issued, np.arange(n), np.datetime64("2025-01-01"), issued[-1] + 90)


def ibm(n: int) -> Split:
    """The first n of IBM's invoices by day of issue, with what each customer had settled by the day before."""
    frame = ibm_late_payment().sort_values("InvoiceDate", kind="stable", ignore_index=True)[:n]
    names = {"InvoiceDate": "issued_on", "DueDate": "due_on", "SettledDate": "settled_on", "customerID": "debtor_id"}
    rows = frame.rename(columns=names)
    seen = past(rows, rows, "debtor_id")
    habit = {"delay": _share(seen.total, seen.n), "late": _share(seen.late, seen.n), "last": np.nan_to_num(seen.last)}
    facts = {"amount": rows["InvoiceAmount"], "paper": rows["PaperlessBill"] == "Paper"}
    X = pd.DataFrame({**habit, "settled": seen.n, "new": seen.n == 0, **facts}).astype(float)
    terms, wait = ((rows[day] - rows["issued_on"]).dt.days.to_numpy(float) for day in ("due_on", "settled_on"))
    issued, obligor = rows["issued_on"].to_numpy("datetime64[D]"), pd.factorize(rows["debtor_id"])[0]
    return parted(
        (X, terms, wait, np.full(len(X), True)), issued, obligor, min(IBM_CUT, issued[len(X) * 2 // 3]), IBM_READ
    )


def parted(sample: Sample, issued: np.ndarray, obligor: np.ndarray, cut: np.datetime64, read: np.datetime64) -> Split:
    """A sample parted at a cut; numbers are standardised as the logit has them, by the earlier invoices."""
    scale = standardiser(sample[0][issued < cut])

    def side(some: np.ndarray, until: np.datetime64) -> Side:
        X, terms, duration, paid = (values[some] for values in sample)
        watched = (until - issued[some]).astype(float)
        seen, ended = np.minimum(duration, watched), paid & (duration <= watched)
        return Side(X, scale.transform(X), terms, seen, ended, obligor[some])

    return Split(side(issued < cut, cut - 1), side(issued >= cut, read))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """0 where there is none; a flag says so."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
