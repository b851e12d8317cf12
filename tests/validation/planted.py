"""Models with a planted flaw, each fitted on a development sample and scored on a later one.

The truth is a logit of five drivers with an AUC of about .90 and a default rate of 3 %. What a flaw is flagged by is
the group of checks that must notice it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.validation.opinion import AUC_FALL, OBSERVED_EXPECTED
from riskmodels.validation.suite import validate

EFFECTS = np.array([1.2, 1.0, 0.8, 0.7, 0.6])
NAMES = [f"driver_{i}" for i in range(1, 6)]
LEVEL = -5.07
"""The intercept that makes the default rate 3 %."""
LOWER = -5.57
"""The one that makes it 2 %."""
INVERTED = "validation.robustness.segments.inverted"
STRETCH = 2 * norm.ppf(0.95) / (norm.ppf(0.95) + norm.ppf(0.8))
OBLIGORS, DEVELOPED, FEW = 4_000, 40_000, 600
"""Ten years of development leave the AUC at the start little error, so that its fall is the later sample's matter."""
GRADES = [0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 1]


@dataclass(frozen=True)
class Truth:
    """A population: its level, by how much its drivers moved, its PDs rose, and whether a part ranks the wrong way.

    `strength` scales the effects of the drivers.
    """

    level: float = LEVEL
    strength: float = 1.0
    shift: float = 0.0
    raised: float = 1.0
    inverted: bool = False

    def drawn(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """n obligors with drivers, segment, weight and outcome."""
        x = rng.normal(size=(n, len(NAMES))) + self.shift * np.array([1, -0.5, 0, 0, 0])
        segment = rng.choice(["north", "south", "east", "west"], n, p=[0.3, 0.3, 0.2, 0.2])
        sign = np.where((segment == "north") & self.inverted, -1.0, 1.0)
        chance = np.minimum(self.raised * expit(self.level + sign * self.strength * (x @ EFFECTS)), 1.0)
        facts = {"segment": segment, "weight": rng.lognormal(12, 1, n), "outcome": (rng.random(n) < chance) * 1.0}
        return pd.DataFrame(x, columns=NAMES).assign(obligor=np.arange(n), **facts)


@dataclass(frozen=True)
class Planted:
    """A flaw: how the samples are made, and the group that must flag it; a good model has none.

    `size` is how large the flaw is in the deviation that the check `by` detects: a ratio, a fall of an AUC, a PSI.
    """

    name: str
    samples: Callable[[np.random.Generator], tuple[pd.DataFrame, pd.DataFrame, list[str]]]
    flagged_by: str = ""
    by: str = ""
    size: float = 0.0


def judged(planted: Planted, seed: int) -> list[CheckResult]:
    """All checks of the flawed model of a seed."""
    development, later, drivers = planted.samples(np.random.default_rng([seed, 7]))
    return validate(later, development, drivers=drivers)


def flags(results: list[CheckResult], group: str) -> list[str]:
    """The checks of a group that are on watch or beyond their limit."""
    return [r.name for r in results if r.group == group and r.verdict in (Verdict.BREACH, Verdict.WATCH)]


def powerful(planted: Planted, results: list[CheckResult]) -> bool:
    """Whether what the check says it detects with 80 % power promises the flaw a power of 95 %.

    A normal test at 5 % one-sided has 95 % power at (z_.95 + z_.95) / (z_.95 + z_.8) times the deviation of 80 %.
    """
    found = next(r for r in results if r.name == planted.by)
    if found.detectable is None:
        return False
    none = 1.0 if found.name == OBSERVED_EXPECTED else 0.0
    return bool(STRETCH * (found.detectable - none) <= planted.size - none)


def _fitted(development: pd.DataFrame, later: pd.DataFrame, drivers: list[str], penalty: float = 1e4) -> list:
    """Both samples scored by a logit of the drivers that was fitted on the first."""
    logit = LogisticRegression(C=penalty, max_iter=500).fit(development[drivers], development["outcome"])
    return [_scored(frame, logit.predict_proba(frame[drivers])[:, 1]) for frame in (development, later)]


def _scored(frame: pd.DataFrame, probability: np.ndarray) -> pd.DataFrame:
    grade = pd.cut(probability, GRADES, labels=list("ABCDEFG"), include_lowest=True)
    return frame.assign(probability=probability, grade=np.asarray(grade, dtype=str))


def _of(later: Truth, n: int = OBLIGORS) -> Callable:
    def samples(rng):
        before, now = Truth(later.level, later.strength).drawn(DEVELOPED, rng), later.drawn(n, rng)
        return *_fitted(before, now, NAMES), NAMES

    return samples


def _leaked(rng):
    """A driver that in development already knew of the default, and on later data knows nothing."""
    before, now = Truth().drawn(DEVELOPED, rng), Truth().drawn(OBLIGORS, rng)
    before["balance_written_off"] = 2.5 * before["outcome"] + rng.normal(size=DEVELOPED)
    now["balance_written_off"] = rng.normal(size=OBLIGORS)
    drivers = [*NAMES, "balance_written_off"]
    return *_fitted(before, now, drivers), drivers


def _overfitted(rng):
    """Forty columns of noise learnt by heart from 1,000 obligors."""
    noise = [f"noise_{i}" for i in range(40)]
    parts = [Truth().drawn(n, rng) for n in (1_000, OBLIGORS)]
    before, now = (
        pd.concat([p, pd.DataFrame(rng.normal(size=(len(p), len(noise))), columns=noise)], axis=1) for p in parts
    )
    drivers = [*NAMES, *noise]
    return *_fitted(before, now, drivers), drivers


GOOD = Planted("good", _of(Truth()))
WEAKER = (
    Planted("good, AUC .75", _of(Truth(-3.90, 0.484))),
    Planted("good, AUC .80", _of(Truth(-4.15, 0.618))),
    Planted("good, AUC .85", _of(Truth(-4.51, 0.782))),
)
"""Right models that know less, all of a default rate of 3 %."""
FLAWS = (
    Planted("miscalibrated", _of(Truth(raised=1.5)), "calibration", OBSERVED_EXPECTED, 1.5),
    Planted(
        "inverted in a segment",
        _of(Truth(inverted=True)),
        "robustness",
        "validation.robustness.segments.inverted",
        0.38,
    ),
    Planted("trained with a leak", _leaked, "data", "validation.data.leak_suspicion", 0.46),
    Planted("drifted", _of(Truth(shift=1.2)), "stability", "validation.stability.psi.score", 0.15),
    Planted("overfitted", _overfitted, "discrimination", AUC_FALL, 0.12),
)
TINY = Planted("too few to tell", _of(Truth(LOWER), FEW))
