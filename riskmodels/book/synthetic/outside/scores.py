"""Scores of the champion model as they were stored at quarter ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from riskmodels.book.synthetic.clock import Clock, stream
from riskmodels.book.synthetic.frames import days, table, words
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.laws.outside import Scores
from riskmodels.book.synthetic.outside.subjects import Subjects
from riskmodels.core.scale import OBLIGORS

MODEL = "debtor-default-1"
CENTRE = 600.0


def scores_table(law: Scores, seed: int, subjects: Subjects, clock: Clock) -> pd.DataFrame:
    """A score of each debtor in business at each quarter end; probability and grade follow from the stored score."""
    rng = stream(seed, "scores")
    quarter = np.flatnonzero(clock.calendar_month(np.arange(clock.months)) % 3 == 0)
    scored = subjects.in_business(clock.ends[quarter]) & subjects.is_debtor[:, None]
    party, column = np.nonzero(scored)
    month = quarter[column]
    view = subjects.quality[party, month] + law.noise * rng.normal(size=party.size)
    score = np.round(CENTRE + law.points * view)
    probability = score_odds(law, score)
    on = clock.ends[month]
    cells = {
        "model_id": words((MODEL,), np.zeros(party.size, dtype=np.int64)),
        "subject_id": subjects.names(party),
        "as_of": days(on),
        "score": score,
        "probability": probability,
        "grade": words(OBLIGORS.grades, np.asarray(OBLIGORS.grade(probability).codes)),
        # the run of the night that follows
        "known_on": days(on + 1),
    }
    return table("scores", cells, on + 1 <= clock.last)


def score_odds(law: Scores, score: Floats) -> Floats:
    """Probability of default within a year that the champion gives to a score."""
    return expit(law.intercept - law.slope * (score - CENTRE) / law.points)
