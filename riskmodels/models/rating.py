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
from riskmodels.book.counterparties import main_counterparty
from riskmodels.book.outcomes import Default, default_outcomes
from riskmodels.core.dates import add_months, month_end
from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import OBLIGORS
from riskmodels.features import build
from riskmodels.features.feature import column, subjects_of
from riskmodels.models.boosting import Booster
from riskmodels.models.calibration import Calibration, anchored
from riskmodels.models.calibration.tendency import long_run, row_weights
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
COARSE: dict[str, Any] = {"max_bins": 5, "max_p": 0.05, "min_steady": 2 / 3}
"""Few bins, and only such as differ beyond chance and do so in two years of origin of three.

A true step of two of its errors, which 5 % over all just lets through, shows in one year of k with probability
Phi(2 / sqrt k): it passes in two years of three with .96, whereas a step that one year made alone doesn't.
"""
QUARTERS = 4
LONG_RUN = "long-run mean of the yearly default rates"
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
    """One row per debtor and origin: debtor_id, as_of, outcome, weight (balance), obligor, client (its main one),
    features.
    """
    outcomes = default_outcomes(book, ID, origins, as_of, RULE).rename(
        columns={"origin": "as_of", "defaulted": "outcome", "balance": "weight"}
    )
    features = build(book, "debtor", list(origins), BEHAVIOUR)
    frame = outcomes.drop(columns="defaulted_on").merge(features, on=[ID, "as_of"])
    clients = main_counterparty(book, ID, origins).rename(columns={"counterparty": "client"})
    frame = frame.merge(clients, on=[ID, "as_of"], how="left")
    return frame.assign(obligor=frame[ID], period=frame["as_of"])


def scoring_sample(book: Book, as_of: date) -> pd.DataFrame:
    """Every debtor known at `as_of` with its features."""
    frame = build(book.as_of(as_of), "debtor", as_of, BEHAVIOUR)
    return frame.assign(obligor=frame[ID], period=frame["as_of"])


def at_quarter_ends(models: dict[str, Any], book: Book, origins: Sequence[date], as_of: date) -> pd.DataFrame:
    """The debtors that owed something and were not in default at each origin: party_id, as_of, probability, amount.

    amount is what was owed then, in the book's currency. Only features that the champion uses are built.
    """
    owing = default_outcomes(book, ID, origins, as_of, RULE).rename(columns={"origin": "as_of", "balance": "amount"})
    used = set(models["champion"].feature_names_in_)
    entries = tuple(e for e in BEHAVIOUR if used & {column(e, subject) for subject in subjects_of(e)})
    frame = owing.merge(build(book.as_of(as_of), "debtor", list(origins), entries), on=[ID, "as_of"])
    told = frame.assign(
        party_id=frame[ID], probability=_probability(models, frame), amount=frame["amount"].astype(float)
    )
    return told[["party_id", "as_of", "probability", "amount"]]


def train(
    sample: pd.DataFrame, seed: int, champion: Any = None, tendency: float | None = None
) -> tuple[dict[str, Any], pd.DataFrame]:
    """A scorecard, its calibration and its LightGBM challenger, and how the drivers were selected.

    A `champion` that is given stands in the scorecard's place as it is, and is calibrated like it: on `tendency`, by
    default the long-run mean of the sample's yearly default rates.
    """
    known = _known(sample)
    scorecard, selection = _scorecard(known)
    champion = scorecard if champion is None else champion
    signs = candidates(known)
    booster = Booster(signs, seed=seed).fit(known[list(signs)], known["outcome"], groups=known["obligor"])
    calibration = _calibrated(champion, known, tendency)
    return {"champion": champion, "calibration": calibration, "challenger": booster}, selection


def level(models: dict[str, Any], sample: pd.DataFrame, tendency: float | None = None) -> dict[str, Any]:
    """What the champion's PDs are anchored on and how it was found, as plain values.

    sample_rate (defaults among the rows), central_tendency, found (how), shift (of the log-odds), mean_before and
    mean_after (PDs, every year alike), and the yearly rates under long_run.
    """
    known, calibration = _known(sample), models["calibration"]
    seen = long_run(known["outcome"], known["as_of"])
    return {
        "sample_rate": float(known["outcome"].mean()),
        "central_tendency": seen.rate if tendency is None else tendency,
        "found": LONG_RUN if tendency is None else "stated",
        "shift": calibration.parameters["shift"],
        "mean_before": calibration.before,
        "mean_after": calibration.after,
        "long_run": seen.to_state(),
    }


def trial(sample: pd.DataFrame, seed: int, tendency: float | None = None) -> pd.DataFrame:
    """The known rows as a scorecard sees them that was developed, and calibrated, on a part of them alone.

    Columns: debtor_id, obligor, period, weight, outcome, part (development, hold-out, out-of-time; purged rows, whose
    outcome window reaches into the last, are left out), uncalibrated (the card's own probability), probability, points.
    The obligors held out are drawn by the seed. Refused where a part would have good or bad cases only.
    """
    known = _known(sample)
    split = development_split(known, gap=RULE.months, seed=seed)
    card, _selection = _scorecard(known[split.development])
    calibration = _calibrated(card, known[split.development], tendency)
    parts = {"development": split.development, "hold-out": split.hold_out, "out-of-time": split.out_of_time}
    part = pd.Series(np.select(list(parts.values()), list(parts), ""), index=known.index, dtype="str")
    X = columns_of(card, known)
    told = known[[ID, "obligor", "period", "weight", "outcome"]]
    own = card.predict_proba(X)[:, 1]
    found = told.assign(part=part, uncalibrated=own, probability=calibration.apply(own), points=card.points(X))
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
    rows: dict[str, Any] = {"groups": known["obligor"], "cohorts": years_of_origin(known["as_of"])}
    found = select(known, known["outcome"], signs, RULES, binner=binner, **rows)
    taken = list(found.taken)
    scorecard = Scorecard(signed_binner({name: signs[name] for name in taken}).set_params(**COARSE))
    return scorecard.fit(known[taken], known["outcome"], **rows), found.decisions


def years_of_origin(origin: pd.Series) -> np.ndarray:
    """The year (n,) of each quarterly origin, 0 the newest four quarters; all 0 where fewer than two years are full.

    Quarters before the oldest full year belong to it: alone they would have a year's say.
    """
    days = origin.drop_duplicates().sort_values(ascending=False)
    full = max(len(days) // QUARTERS, 1)
    year = pd.Series(np.minimum(np.arange(len(days)) // QUARTERS, full - 1), index=days)
    return origin.map(year).to_numpy()


def _calibrated(champion: Any, known: pd.DataFrame, tendency: float | None) -> Calibration:
    """The shift to the central tendency, every year of origin counting as it does in the long-run mean."""
    seen = long_run(known["outcome"], known["as_of"])
    own = champion.predict_proba(columns_of(champion, known))[:, 1]
    return anchored(own, seen.rate if tendency is None else tendency, row_weights(seen, known["as_of"]))


def drivers(models: dict[str, Any]) -> list[str]:
    """The columns the scorecard uses: those offered to it, less the ones that came out with the wrong sign."""
    return PointsCard.of(models["champion"]).names


def scored(models: dict[str, Any], sample: pd.DataFrame) -> pd.DataFrame:
    """The sample with the champion's calibrated probability, grade and tier by it, and the challenger's own."""
    champion, challenger = models["champion"], models["challenger"]
    probability, points = _probability(models, sample), champion.points(columns_of(champion, sample))
    rival = challenger.predict_proba(columns_of(challenger, sample))[:, 1]
    ranks = {"grade": SCALE.grade(probability), "tier": SCALE.tier(probability)}
    return sample.assign(probability=probability, challenger=rival, **ranks, points=points)


def _probability(models: dict[str, Any], sample: pd.DataFrame) -> np.ndarray:
    """The champion's probabilities, calibrated."""
    if "calibration" not in models:
        raise DataRefused(f"rating: found {', '.join(models)} without a calibration, expected one: train it again")
    champion = models["champion"]
    return models["calibration"].apply(champion.predict_proba(columns_of(champion, sample))[:, 1])


def _month_end_before(day: date) -> date:
    end = month_end(day)
    return end if end == day else month_end(add_months(day.replace(day=1), -1))
