"""Cash bands against planted shocks: debtors and industries pay earlier or later together, more or less at each origin.

Each seed is a world of its own: six origins to learn the strength of shocks from, and a seventh that is forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskmodels.models.cash.draws import Claims, drawn, effects
from riskmodels.models.cash.spreads import Residuals, spreads
from tests.certify.campaign import Campaign, Figure, Record

FRESH = 500_000
DEBTORS, INDUSTRIES, INVOICES, PAST, WEEKS, DRAWS = 60, 6, 300, 6, 13, 500
DEBTOR_EFFECT, INDUSTRY_EFFECT = 0.6, 0.3
BANDS = (80, 95)
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
_SPREAD = math.hypot(DEBTOR_EFFECT, INDUSTRY_EFFECT)


@dataclass(frozen=True)
class Origin:
    """Open invoices at one origin: debtor, scale of the hazard in weeks, amount, and the week of payment (a number)."""

    debtor: np.ndarray
    scale: np.ndarray
    amount: np.ndarray
    week: np.ndarray

    @property
    def industry(self) -> np.ndarray:
        """Of each invoice's debtor."""
        return self.debtor % INDUSTRIES

    def open_at(self, week: np.ndarray) -> np.ndarray:
        """The probability of being open after so many weeks, shocks averaged out: what a right model says."""
        base = (week / self.scale) ** 1.5
        return np.exp(-base[..., None] * np.exp(_SPREAD * _NODES)) @ (_WEIGHTS / _WEIGHTS.sum())


def origin(rng: np.random.Generator) -> Origin:
    """An origin with effects of its own: a hazard of Weibull's shape times those of debtor and industry."""
    debtor = rng.integers(0, DEBTORS, INVOICES)
    scale, amount = rng.uniform(4, 20, INVOICES), rng.lognormal(12, 1, INVOICES)
    of_debtor, of_industry = rng.normal(0, DEBTOR_EFFECT, DEBTORS), rng.normal(0, INDUSTRY_EFFECT, INDUSTRIES)
    hazard = np.exp(of_debtor[debtor] + of_industry[debtor % INDUSTRIES])
    return Origin(debtor, scale, amount, scale * (rng.exponential(size=INVOICES) / hazard) ** (1 / 1.5))


def residuals(past: list[Origin]) -> Residuals:
    """What the origins' invoices had met of hazard by their payment or the end of the horizon."""
    hazard = [-np.log(o.open_at(np.minimum(o.week, WEEKS))) for o in past]
    debtor, industry = ([n * k + codes for k, codes in enumerate(each)] for n, each in (
        (DEBTORS, [o.debtor for o in past]), (INDUSTRIES, [o.industry for o in past])))  # fmt: skip
    period = np.repeat(np.arange(len(past)), INVOICES)
    paid = np.concatenate([o.week <= WEEKS for o in past])
    return Residuals(np.concatenate(hazard), paid, (np.concatenate(debtor), np.concatenate(industry), period))


def run(seed: int) -> Record:
    """Strengths found, and by band whether it held the horizon's cash, and of how many of the weeks; both if shocks
    are left out."""
    rng = np.random.default_rng(FRESH + seed)
    found = spreads(residuals([origin(rng) for _ in range(PAST)]))
    now = origin(rng)
    ours, naive = (held(now, strengths, rng) for strengths in (found, (0.0, 0.0, 0.0)))
    return {"debtor": found[0], "industry": found[1], **ours, **{f"naive_{k}": v for k, v in naive.items()}}


def held(now: Origin, strengths: tuple[float, ...], rng: np.random.Generator) -> dict[str, float]:
    """By band: whether it held the cash of the thirteen weeks, and the share of the weeks whose cash it held."""
    came = np.bincount(np.ceil(now.week).astype(int).clip(1, WEEKS + 1) - 1, now.amount, WEEKS + 1)[:-1]
    weeks = np.arange(1.0, WEEKS + 1)
    curves = np.column_stack([now.open_at(np.full(INVOICES, week)) for week in weeks])
    claims = Claims(curves, now.amount, (now.debtor, now.industry, np.zeros(INVOICES, dtype=int)))
    cash = drawn(claims, strengths, effects(claims, strengths, DRAWS, rng), np.arange(INVOICES), rng)
    whole, truth = np.column_stack([cash, cash.sum(axis=1)]), np.append(came, came.sum())
    told = {}
    for band in BANDS:
        low, high = np.quantile(whole, [0.5 - band / 200, 0.5 + band / 200], axis=0)
        inside = (low <= truth) & (truth <= high)
        told |= {f"horizon_{band}": float(inside[-1]), f"weeks_{band}": float(inside[:-1].mean())}
    return told


def summary(records: list[Record]) -> list[Figure]:
    """Coverage of the bands, without shocks too, and the strengths beside those planted."""
    n = len(records)
    mean = {key: sum(r[key] for r in records) / n for key in records[0] if key != "seed"}
    bands = [
        _within(f"{band} % band, {what}", mean[f"{span}_{band}"], n, band / 100)
        for band in BANDS
        for span, what in (("horizon", "thirteen weeks together"), ("weeks", "single weeks"))
    ]
    naive = [
        Figure(f"{band} % band without shocks, thirteen weeks", f"{mean[f'naive_horizon_{band}']:.1%}")
        for band in BANDS
    ]
    planted = (("debtor", DEBTOR_EFFECT), ("industry", INDUSTRY_EFFECT))
    strengths = [Figure(f"mean strength, {who} (planted {truth})", f"{mean[who]:.3f}") for who, truth in planted]
    return [*bands, *naive, *strengths]


def _within(what: str, found: float, n: int, nominal: float) -> Figure:
    """Coverage that must be within three points, or three standard errors where so few origins can't tell."""
    room = max(0.03, 3 * math.sqrt(nominal * (1 - nominal) / n))
    return Figure(what, f"{found:.2%} of {n:,} origins", f"{nominal:.0%} ± {room:.1%}", abs(found - nominal) <= room)


CASH_BANDS = Campaign("cash-bands", "Coverage of cash forecasts", run, summary, seeds=1_600, quick=40)
