"""How well a ledger lets anybody foretell who is late in a synthetic book: a filter that knows the planted law.

The true odds know each debtor's quality, which no ledger tells. Here it is estimated, for each invoice from what was
settled before its issue and what was open then: quality is a base and an autoregression, a relation has a slowness of
its own, and the day of payment, log-logistic, speaks of their sum (a Kalman filter whose steps are the scores of that
law; West and Harrison 1997, chapter 14). What clients add is left in the relation. No model knows the coefficients, and
this one does: what it reaches is about the best that can be had.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import invoice_outcomes
from riskmodels.book.synthetic.law import EARLIEST, LATEST
from riskmodels.book.synthetic.plan import SIZE_SPREAD
from riskmodels.core.calendar import calendar

MONTH, NODES = 30.4, 9
Law = dict[str, float]
"""The planted parameters by name."""


@dataclass
class Belief:
    """Mean and covariance of a debtor's base and drift of quality and of its relations' slowness, as of a day."""

    mean: np.ndarray
    spread: np.ndarray
    day: float

    def moved(self, day: float, law: Law) -> Belief:
        """The belief on a later day: the drift has come nearer to its mean."""
        kept, wide = law["drift.persistence"] ** ((day - self.day) / MONTH), _drift(law)
        shrink = np.ones(len(self.mean))
        shrink[1] = kept
        spread = self.spread * np.outer(shrink, shrink)
        spread[1, 1] += wide * (1 - kept**2)
        return Belief(self.mean * shrink, spread, day)

    def told(self, reading: np.ndarray, score: float, information: float) -> Belief:
        """The belief after a fact of which the log-likelihood has this slope and curvature in the pace."""
        across = self.spread @ reading
        gain = across / (reading @ across + 1 / information)
        return Belief(self.mean + gain * score / information, self.spread - np.outer(gain, across), self.day)


def ledger_odds(book: Book, truth: dict[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.Series:
    """P(late) of each invoice by its id, given the ledger on the day before its issue and the planted law."""
    law = truth["parameters"].set_index("name")["value"].to_dict()
    facts = _facts(book, truth, law, as_of)
    found = pd.concat([_of_debtor(group, law) for _, group in facts.groupby("debtor_id", sort=False)])
    return pd.Series(_late(found, facts.loc[found.index, "closed"], law), facts.loc[found.index, "invoice_id"])


def _facts(book: Book, truth: dict[str, pd.DataFrame], law: Law, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per invoice: days, what its pace hangs on but for what is hidden, and the effect of quality on it."""
    facts = invoice_outcomes(book, as_of.date())
    debtors, turns = truth["debtors"].set_index("debtor_id"), truth["turns"].set_index("kind")
    currency = book.sql("SELECT invoice_id, currency FROM invoices").set_index("invoice_id")["currency"]
    yuan = facts["amount"] * np.where(facts["invoice_id"].map(currency) == "USD", law["clients.export_rate"], 1.0)
    typical, month = np.log(debtors["typical_amount"]), facts["due_on"].dt.month
    after = facts["due_on"] >= turns.loc["structural break", "first_on"]
    size = (np.log(yuan) - facts["debtor_id"].map(typical)) / SIZE_SPREAD
    slope = law["payment.quality"] + law["structural_break.quality"] * after
    season = np.where(month == 12, law["payment.year_end"], np.where(month <= 2, law["payment.spring_festival"], 0.0))
    issued, due = (facts[c].to_numpy().astype("datetime64[D]").astype(np.int64) for c in ("issued_on", "due_on"))
    # the root of the volume is the typical amount's
    usual = law["debtors.size_lifts_quality"] * 2 * facts["debtor_id"].map(typical - typical.mean())
    base = law["payment.intercept"] + season + law["structural_break.slower"] * after + slope * usual
    own = law["payment.amount"] * size + law["payment.terms"] * (due - issued - 60) / 30
    open_days = calendar(int(issued.min()), int(due.max()))
    days = {"issued": issued, "due": due, "end": np.where(facts["settled"], due + facts["days_late"], np.inf)}
    return facts.assign(**days, known=base + own, slope=slope, closed=due - open_days.last(due))


def _drift(law: Law) -> float:
    """Variance of what moves: the drift and the cycles of industry and region."""
    return law["drift.spread"] ** 2 + (law["drift.cycle_height"] ** 2 + law["drift.region_height"] ** 2) / 2


def _of_debtor(mine: pd.DataFrame, law: Law) -> pd.DataFrame:
    """Mean and variance of the pace of each of a debtor's invoices, as of its issue."""
    rows, number = list(mine.itertuples()), pd.factorize(mine["client_id"])[0]
    width = 2 + int(number.max()) + 1
    relation = law["payment.relation_spread"] ** 2 + law["payment.client"] ** 2 * (_drift(law) + 0.5)
    spread = np.diag([law["debtors.base_spread"] ** 2, _drift(law), *[relation] * (width - 2)])
    readings = np.zeros((len(rows), width))
    readings[:, 0] = readings[:, 1] = mine["slope"]
    readings[np.arange(len(rows)), 2 + number] = 1.0
    # of one day, invoices are written before any is paid
    events = sorted([(r.issued, 0, k) for k, r in enumerate(rows)] + [(r.end, 1, k) for k, r in enumerate(rows)])
    belief, waiting, found = Belief(np.zeros(width), spread, events[0][0]), set(), {}
    for day, paid, k in events:
        if not np.isfinite(day):
            break
        belief = belief.moved(day, law)
        if paid:
            waiting.discard(k)
            belief = _seen(belief, readings[k], rows[k], day, False, law)
            continue
        now = belief
        for other in sorted(waiting):
            now = _seen(now, readings[other], rows[other], day, True, law)
        then = now.moved(rows[k].due, law)
        found[rows[k].Index] = rows[k].known + readings[k] @ then.mean, readings[k] @ then.spread @ readings[k]
        waiting.add(k)
    return pd.DataFrame.from_dict(found, orient="index", columns=["mean", "variance"])


def _seen(belief: Belief, reading: np.ndarray, row, day: float, is_open: bool, law: Law) -> Belief:
    """The belief once an invoice was paid, or is open, on a day; what a stopped debtor owes tells nothing."""
    late, shape = day - row.due, law["payment.shape"]
    if late <= 1 - EARLIEST or late > LATEST + EARLIEST:
        return belief
    first, treated = law["collecting.day"], 1 - law["collecting.share"] * (1 - law["collecting.factor"])
    alone = late if late <= first else first + (late - first) / treated
    away = shape * (np.log(EARLIEST + alone) - row.known - reading @ belief.mean)
    share = 1 / (1 + np.exp(-np.clip(away, -30, 30)))
    if is_open:
        return belief.told(reading, shape * share, max(shape**2 * share * (1 - share), 1e-4))
    return belief.told(reading, shape * (2 * share - 1), shape**2 / 3)


def _late(pace: pd.DataFrame, closed: pd.Series, law: Law) -> np.ndarray:
    """P(late) averaged over a normal pace; what falls due on a day off is late unless it is paid before."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    at = pace["mean"].to_numpy()[:, None] + np.sqrt(pace["variance"].to_numpy())[:, None] * nodes
    within = (1 / (1 + np.exp(law["payment.shape"] * (at - np.log(days)))) for days in _ends(closed))
    punctual, ever = within
    return (1 - punctual / ever) @ (weights / weights.sum())


def _ends(closed: pd.Series) -> tuple[np.ndarray, float]:
    return (EARLIEST - closed.to_numpy(dtype=float))[:, None].clip(0.5), float(EARLIEST + LATEST)
