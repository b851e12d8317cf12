"""The rating of debtors: will one that performs today be in default within twelve months?

One row per debtor and origin. Quarterly origins overlap, so errors are clustered by debtor; the model is trained
only on windows that were over at the training date.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, default_outcomes
from riskmodels.core.dates import add_months, month_end
from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import OBLIGORS
from riskmodels.features import build
from riskmodels.models.boosting import Booster
from riskmodels.models.cards.card import PointsCard
from riskmodels.models.inputs import columns_of
from riskmodels.models.panel import development_split
from riskmodels.models.scorecard.model import Scorecard
from riskmodels.models.scorecard.offered import BEHAVIOUR, candidates, signed_binner
from riskmodels.models.scorecard.selection import SelectionRules, select

ID = "debtor_id"
SCALE = OBLIGORS
RULE = Default()
HISTORY_MONTHS = 3
"""The first origin leaves the book this long to fill."""
RULES = SelectionRules(most=8)
"""Few drivers, as there are few defaults; a stepwise search over so many candidates would follow chance."""
COARSE: dict[str, Any] = {"max_bins": 5, "max_p": 0.05}
"""Few bins, and only such as differ beyond chance."""
FEWEST = 20
"""Fewest defaults a rating is trained on."""


def training_sample(book: Book, as_of: date) -> pd.DataFrame:
    """Debtors at quarterly origins whose twelve months were over at `as_of`, with features and outcome."""
    first = book.first_day or as_of
    last = _month_end_before(add_months(as_of, -RULE.months))
    origins, origin = [], last
    while origin >= add_months(first, HISTORY_MONTHS):
        origins.append(origin)
        origin = month_end(add_months(origin.replace(day=1), -3))
    if not origins:
        months = RULE.months + HISTORY_MONTHS
        raise DataRefused(
            f"{book.name}: the book begins on {first}; a rating needs {months} months before the training date {as_of}"
        )
    return sample(book.as_of(as_of), sorted(origins), as_of)


def validation_sample(book: Book, trained: date, as_of: date) -> pd.DataFrame:
    """Debtors at yearly origins from `trained` on, the last twelve months before `as_of`; young when there is none."""
    origins, origin = [], add_months(as_of, -RULE.months)
    while origin >= trained:
        origins.append(origin)
        origin = add_months(origin, -RULE.months)
    return sample(book.as_of(as_of), sorted(origins) or [trained], as_of)


def sample(book: Book, origins: Sequence[date], as_of: date) -> pd.DataFrame:
    """One row per debtor and origin: debtor_id, as_of, outcome, weight (balance), obligor, features."""
    outcomes = default_outcomes(book, ID, origins, as_of, RULE).rename(
        columns={"origin": "as_of", "defaulted": "outcome", "balance": "weight"}
    )
    features = build(book, "debtor", list(origins), BEHAVIOUR)
    frame = outcomes.drop(columns="defaulted_on").merge(features, on=[ID, "as_of"])
    return frame.assign(obligor=frame[ID], period=frame["as_of"])


def scoring_sample(book: Book, as_of: date) -> pd.DataFrame:
    """Every debtor known at `as_of` with its features."""
    frame = build(book.as_of(as_of), "debtor", as_of, BEHAVIOUR)
    return frame.assign(obligor=frame[ID], period=frame["as_of"])


def train(sample: pd.DataFrame, seed: int) -> tuple[dict[str, Any], pd.DataFrame]:
    """A scorecard and its LightGBM challenger, and how the drivers were selected."""
    known = _known(sample)
    scorecard, selection = _scorecard(known)
    signs = candidates(known)
    booster = Booster(signs, seed=seed).fit(known[list(signs)], known["outcome"], groups=known["obligor"])
    return {"champion": scorecard, "challenger": booster}, selection


def trial(sample: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The known rows as a scorecard sees them that was developed on a part of them alone.

    Columns: debtor_id, obligor, period, weight, outcome, part (development, hold-out, out-of-time; purged rows, whose
    outcome window reaches into the last, are left out), probability, points. The obligors held out are drawn by the
    seed. Refused where a part would have good or bad cases only.
    """
    known = _known(sample)
    split = development_split(known, gap=RULE.months, seed=seed)
    card, _selection = _scorecard(known[split.development])
    parts = {"development": split.development, "hold-out": split.hold_out, "out-of-time": split.out_of_time}
    part = pd.Series(np.select(list(parts.values()), list(parts), ""), index=known.index, dtype="str")
    X = columns_of(card, known)
    told = known[[ID, "obligor", "period", "weight", "outcome"]]
    found = told.assign(part=part, probability=card.predict_proba(X)[:, 1], points=card.points(X))
    return found[part != ""].reset_index(drop=True)


def _known(sample: pd.DataFrame) -> pd.DataFrame:
    """The rows with an outcome, enough of them bad and good."""
    known = sample[sample["outcome"].notna()].reset_index(drop=True)
    events = int(known["outcome"].sum())
    if events < FEWEST or len(known) - events < FEWEST:
        raise DataRefused(
            f"rating: found {events} defaults among {len(known):,} debtor-origins, "
            f"expected at least {FEWEST} with and {FEWEST} without"
        )
    return known


def _scorecard(known: pd.DataFrame) -> tuple[Scorecard, pd.DataFrame]:
    """The scorecard of a sample, its drivers selected on it, and how."""
    signs = candidates(known)
    binner = signed_binner(signs).set_params(**COARSE)
    found = select(known, known["outcome"], signs, RULES, binner=binner, groups=known["obligor"])
    taken = list(found.taken)
    scorecard = Scorecard(signed_binner({name: signs[name] for name in taken}).set_params(**COARSE))
    return scorecard.fit(known[taken], known["outcome"], groups=known["obligor"]), found.decisions


def drivers(models: dict[str, Any]) -> list[str]:
    """The columns the scorecard uses: those offered to it, less the ones that came out with the wrong sign."""
    return PointsCard.of(models["champion"]).names


def scored(models: dict[str, Any], sample: pd.DataFrame) -> pd.DataFrame:
    """The sample with probability and grade by the champion, and the challenger's probability."""
    champion, challenger = models["champion"], models["challenger"]
    X = columns_of(champion, sample)
    probability, points = champion.predict_proba(X)[:, 1], champion.points(X)
    rival = challenger.predict_proba(columns_of(challenger, sample))[:, 1]
    return sample.assign(probability=probability, challenger=rival, grade=SCALE.grade(probability), points=points)


def _month_end_before(day: date) -> date:
    end = month_end(day)
    return end if end == day else month_end(add_months(day.replace(day=1), -1))
