"""The models of overdue parties: a scorecard, its LightGBM challenger, and both tried on later origins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from riskmodels.core.errors import DataRefused
from riskmodels.models.boosting import Booster
from riskmodels.models.inputs import columns_of
from riskmodels.models.panel import ForwardFolds
from riskmodels.models.rating import COARSE, RULES, years_of_origin
from riskmodels.models.scorecard.model import Scorecard
from riskmodels.models.scorecard.offered import candidates, signed_binner
from riskmodels.models.scorecard.selection import select

FEWEST = 20
"""Fewest overdue, and fewest other, party-origins a model is trained on."""
FOLDS = 3


def fitted(known: pd.DataFrame, seed: int, subject: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """The champion, a scorecard with errors by party, its LightGBM challenger, and how the drivers were selected.

    `known` are rows of `party_sample`; refused with fewer than 20 overdue or 20 other. `subject` names them in that.
    """
    events = int(known["outcome"].sum())
    if min(events, len(known) - events) < FEWEST:
        raise DataRefused(
            f"overdue {subject}s: found {events} overdue of {len(known):,} with an outcome, expected at "
            f"least {FEWEST} with and {FEWEST} without"
        )
    scorecard, selection = _scorecard(known)
    return {"champion": scorecard, "challenger": _booster(known, seed)}, selection


def tried(known: pd.DataFrame, months: int, seed: int) -> pd.DataFrame:
    """Both models on three forward folds whose gap is the window: a row per fold and model.

    Columns: fold, model, first, last (origins tested), n, overdue, rate, expected (mean probability), auc, log_loss.
    Refused where the rows can't be parted so.
    """
    folds = enumerate(ForwardFolds(FOLDS, months).split(known, known["outcome"], known["as_of"]), 1)
    return pd.DataFrame([row for number, fold in folds for row in _tested(known, number, fold, seed)])


def scores(models: dict[str, Any], sample: pd.DataFrame) -> pd.DataFrame:
    """The sample with probability and points (the scorecard's) and challenger (the booster's probability)."""
    champion, challenger = models["champion"], models["challenger"]
    X = columns_of(champion, sample)
    rival = challenger.predict_proba(columns_of(challenger, sample))[:, 1]
    return sample.assign(probability=champion.predict_proba(X)[:, 1], challenger=rival, points=champion.points(X))


def _scorecard(frame: pd.DataFrame) -> tuple[Scorecard, pd.DataFrame]:
    """The scorecard of the columns that selection takes, coefficients' errors by party."""
    signs = candidates(frame)
    rows: dict[str, Any] = {"groups": frame["obligor"], "cohorts": years_of_origin(frame["as_of"])}
    binner = signed_binner(signs).set_params(**COARSE)
    found = select(frame, frame["outcome"], signs, RULES, binner=binner, **rows)
    taken = {name: signs[name] for name in found.taken}
    card = Scorecard(signed_binner(taken).set_params(**COARSE))
    return card.fit(frame[list(taken)], frame["outcome"], **rows), found.decisions


def _booster(frame: pd.DataFrame, seed: int) -> Booster:
    signs = candidates(frame)
    return Booster(signs, seed=seed).fit(frame[list(signs)], frame["outcome"], groups=frame["obligor"])


def _tested(frame: pd.DataFrame, number: int, fold: tuple[np.ndarray, np.ndarray], seed: int) -> list[dict[str, Any]]:
    learn, test = (frame.iloc[rows].reset_index(drop=True) for rows in fold)
    models = {"scorecard": _scorecard(learn)[0], "booster": _booster(learn, seed)}
    y, when = test["outcome"].to_numpy(), test["as_of"]
    known = {"first": when.min(), "last": when.max(), "n": len(y), "overdue": int(y.sum()), "rate": float(y.mean())}
    rows = []
    for name, model in models.items():
        p = model.predict_proba(columns_of(model, test))[:, 1]
        judged = {"expected": float(p.mean()), "auc": float(roc_auc_score(y, p)), "log_loss": float(log_loss(y, p))}
        rows.append({"fold": number, "model": name, **known, **judged})
    return rows
