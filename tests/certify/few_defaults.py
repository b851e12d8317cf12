"""Few defaults, planted truth: 300 obligors, a dozen defaults, the truth of `models.expert.example`.

Seeds start far from any that a setting was ever looked at on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskmodels.models.expert import ExpertScorecard, HybridScorecard, portfolio_pd
from riskmodels.models.expert.example import DRIVERS, ORDER, TRUTH, FewDefaults, drawn, true_units
from riskmodels.models.scorecard.firth import firth
from tests.certify.campaign import Campaign, Figure, Record, share

FRESH = 100_000
EXPERTS = {
    "order": ExpertScorecard(DRIVERS, ORDER),
    "signs": ExpertScorecard(DRIVERS, expected_auc=0.65),
    "wrong": ExpertScorecard(tuple(replace(d, weight=w) for d, w in zip(DRIVERS, (0.1, 0.2, 0.3, 0.4)))),
}
SAID = {
    "order": "signs and a right order",
    "signs": "signs alone, an AUC of .65 expected",
    "wrong": "weights the wrong way round",
}


def run(seed: int) -> Record:
    """Whether each 90 % interval holds the truth, by what experts said, and of Firth's logit; both lines' errors."""
    book = drawn(FRESH + seed)
    parts = [of_hybrid(book, said, seed) for said in EXPERTS]
    return {**of_firth(book), **{name: found for part in parts for name, found in part.items()}}


def of_hybrid(book: FewDefaults, said: str, seed: int) -> Record:
    """Whether the card's intervals hold the level (0), the coefficients (1 to 4) and the portfolio's PD; its error."""
    card = HybridScorecard(EXPERTS[said], draws=500, seed=seed).fit(book.frame, book.outcome)
    low, high = card.summary()[["low", "high"]].to_numpy().T
    truth, reading = np.r_[book.level, TRUTH], portfolio_pd(card, book.frame)
    held = (low <= truth) & (truth <= high)
    return {
        **{f"{said}_{place}": bool(inside) for place, inside in enumerate(held)},
        f"{said}_portfolio": bool(reading.low <= book.true_pd.mean() <= reading.high),
        f"{said}_error": _error(book, card.decision_function(book.frame)),
    }


def of_firth(book: FewDefaults) -> Record:
    """Whether the profile intervals hold the coefficients (1 to 4), and the line's error."""
    units = true_units(book.frame)
    fit = firth(units, book.outcome, confidence=0.9)
    held = (fit.low[1:] <= TRUTH) & (fit.high[1:] >= TRUTH)
    places = {f"firth_{place + 1}": bool(inside) for place, inside in enumerate(held)}
    return {**places, "firth_error": _error(book, fit.level + units @ fit.estimates[1:])}


def _error(book: FewDefaults, line: np.ndarray) -> float:
    """Mean squared error of the log-odds."""
    return float(np.mean((line - np.log(book.true_pd / (1 - book.true_pd))) ** 2))


def summary(records: list[Record]) -> list[Figure]:
    """Coverage of 90 % intervals by what experts said, and errors beside Firth's."""
    by_said = [figure for said in EXPERTS for figure in _coverage(records, said, claimed=said == "order")]
    ours, theirs = (float(np.mean([r[f"{who}_error"] for r in records])) for who in ("order", "firth"))
    nearer = Figure("squared error of log-odds, hybrid and Firth", f"{ours:.2f}, {theirs:.2f}", "less", ours < theirs)
    return [*by_said, _pooled(records, "Firth's logit: coefficients", "firth", 0.03, True), nearer]


def _coverage(records: list[Record], said: str, claimed: bool) -> list[Figure]:
    n, heading = len(records), SAID[said]
    by_driver = ", ".join(f"{sum(r[f'{said}_{place}'] for r in records) / n:.1%}" for place in range(1, 5))
    level = sum(r[f"{said}_0"] for r in records) / n
    held = sum(r[f"{said}_portfolio"] for r in records)
    portfolio = f"{heading}: the portfolio's PD"
    return [
        _pooled(records, f"{heading}: coefficients", said, 0.05, claimed),
        Figure(f"{heading}: by driver", by_driver),
        Figure(f"{heading}: log-odds of the typical obligor", f"{level:.1%} of {n:,}"),
        share(portfolio, held, n, 0.9, 0.05) if claimed else Figure(portfolio, f"{held / n:.2%} of {n:,}"),
    ]


def _pooled(records: list[Record], what: str, who: str, slack: float, claimed: bool) -> Figure:
    """The share of the four coefficients' intervals that hold; its error is that of seeds, not of intervals."""
    held = sum(np.mean([r[f"{who}_{place}"] for place in range(1, 5)]) for r in records)
    n = len(records)
    return share(what, held, n, 0.9, slack) if claimed else Figure(what, f"{held / n:.2%} of {n:,}")


FEW_DEFAULTS = Campaign("few-defaults", "Coverage where defaults are few", run, summary, seeds=2_000, quick=40)
