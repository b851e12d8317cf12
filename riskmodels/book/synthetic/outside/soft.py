"""Soft information on parties: what a credit officer would note of founder, owners, place in the industry, agency."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from riskmodels.book.synthetic.chain import NOBODY
from riskmodels.book.synthetic.clock import stream
from riskmodels.book.synthetic.frames import words
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.laws.outside import Soft
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.people import Everyone

MIDDLE_FOUNDER, MIDDLE_SHARE = 60.0, -0.2  # points; logit of the largest shareholder's share
POSITIONS, POSITION_BOUNDS = ("lagging", "middle", "leading"), (-0.7, 1.0)
AGENCY = ("BB", "BBB", "A-", "A", "A+", "AA-", "AA", "AA+", "AAA")
AGENCY_BOUNDS = (-1.4, -1.0, -0.6, -0.2, 0.3, 0.8, 1.4, 2.1)


OWNERSHIP, LISTED = ("private", "state", "foreign", "listed"), 3
SHARES = np.array([0.62, 0.2, 0.1, 0.08])
LARGE_SHARES = np.array([0.3, 0.3, 0.12, 0.28])  # among the tenth of the parties with the largest volume


def soft_information(law: Soft, seed: int, base: Floats) -> dict[str, Any]:
    """The columns founder_score, shareholder_concentration, industry_position and external_rating of parties.

    `base` is the part of each party's quality that doesn't move. An agency rates a part of the parties only.
    """
    rng = stream(seed, "soft information")

    def view(slope: float, noise: float) -> Floats:
        """What somebody makes of each party's quality."""
        return slope * base + noise * rng.normal(size=base.size)

    position = np.searchsorted(POSITION_BOUNDS, view(law.position, law.position_noise))
    grade = np.searchsorted(AGENCY_BOUNDS, view(law.rating, law.rating_noise))
    largest = expit(MIDDLE_SHARE + view(law.concentration, law.concentration_noise))
    return {
        "founder_score": np.clip(np.round(MIDDLE_FOUNDER + view(law.founder, law.founder_noise)), 0, 100),
        "shareholder_concentration": np.round(largest, 4),
        "industry_position": words(POSITIONS, position),
        "external_rating": words(AGENCY, np.where(rng.random(base.size) < law.rated_share, grade, NOBODY)),
    }


def draw_ownership(seed: int, people: Everyone) -> Codes:
    """The owner of each party, a code of OWNERSHIP: large ones are more often listed or the state's."""
    large = people.volume.argsort().argsort() >= 0.9 * people.volume.size
    below = np.where(large[:, None], LARGE_SHARES.cumsum(), SHARES.cumsum())
    return (stream(seed, "ownership").random(large.size)[:, None] > below[:, :-1]).sum(axis=1)
