"""The models of overdue parties: a scorecard, its LightGBM challenger, and both tried on later origins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from riskmodels.book.outcomes import Default
from riskmodels.core.errors import DataRefused
from riskmodels.models.boosting import Booster
from riskmodels.models.inputs import columns_of
from riskmodels.models.overdue_parties.sample import SUBJECT, PartySample
from riskmodels.models.panel import ForwardFolds
from riskmodels.models.rating import COARSE, RULES, years_of_origin
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.offered import candidates, signed_binner
from riskmodels.models.scorecard.selection import select

FEWEST = 20
"""Fewest overdue, and fewest other, party-origins a model is trained on."""
FOLDS = 3


@dataclass(frozen=True)
class PartyModel:
    """What a sample of parties gave.

    scorecard and booster give P(overdue within the rule's months); errors of the scorecard are clustered by party.
    selection : a row per column offered, and why it is in or out. folds : a row per forward fold and model: fold,
    model, first, last (origins tested), n, overdue, rate, expected (mean probability), auc, log_loss; empty with
    `no_folds` saying why.
    """

    key: str
    rule: Default
    scorecard: Scorecard
    booster: Booster
    selection: pd.DataFrame
    folds: pd.DataFrame
    no_folds: str

    def scored(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of features with probability (the scorecard's) and challenger (the booster's)."""
        own, rival = (m.predict_proba(columns_of(m, frame))[:, 1] for m in (self.scorecard, self.booster))
        return frame.assign(probability=own, challenger=rival)


def train(sample: PartySample, seed: int = 0) -> PartyModel:
    """Both models on all mature rows, and a trial of both on forward folds whose gap is the rule's window.

    Refused with fewer than 20 overdue or 20 other rows.
    """
    frame = sample.frame
    events = int(frame["outcome"].sum())
    if min(events, len(frame) - events) < FEWEST:
        raise DataRefused(
            f"overdue {SUBJECT[sample.key]}s: found {events} overdue of {len(frame):,} with an outcome, expected at "
            f"least {FEWEST} with and {FEWEST} without"
        )
    scorecard, selection = _scorecard(frame)
    booster = _booster(frame, seed)
    folds, reason = _trial(frame, sample.rule.months, seed)
    return PartyModel(sample.key, sample.rule, scorecard, booster, selection, folds, reason)


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


def _trial(frame: pd.DataFrame, months: int, seed: int) -> tuple[pd.DataFrame, str]:
    """The rows of the forward folds, or none and the reason."""
    try:
        folds = list(ForwardFolds(FOLDS, months).split(frame, frame["outcome"], frame["as_of"]))
        rows = [row for number, fold in enumerate(folds, 1) for row in _tested(frame, number, fold, seed)]
    except DataRefused as refusal:
        return pd.DataFrame(), str(refusal)
    return pd.DataFrame(rows), ""


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
