"""From a book to a stored model and back: made, opened and used to score, by purpose."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.open import open_book
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import RatingScale
from riskmodels.models import overdue, rating, store
from riskmodels.models.inputs import columns_used
from riskmodels.models.model_card import model_card
from riskmodels.models.overdue_parties import OverdueParties
from riskmodels.models.overdue_rule import rule_of
from riskmodels.models.sealed import MANIFEST
from riskmodels.models.shelf import Progress, find_model, model_digest, read_card

DEVELOPMENT, SELECTION, TRIAL = "development", "selection", "trial"


class Recipe(Protocol):
    """What a purpose knows: its subject's id, its grades, its samples, and how models are trained on them and score.

    A recipe may have a `level` and a `trial` too, which `make` keeps beside the models.
    """

    @property
    def ID(self) -> str:  # noqa: N802
        """The column that names a subject."""

    @property
    def SCALE(self) -> RatingScale:  # noqa: N802
        """The grades of its probabilities."""

    @property
    def train(self) -> Callable[..., tuple[dict[str, Any], pd.DataFrame]]:
        """(sample, seed) to the models by role, and how the drivers were selected."""

    def training_sample(self, book: Book, as_of: date) -> pd.DataFrame:
        """Cases with features and what was known of their outcome at `as_of`."""

    def validation_sample(self, book: Book, trained: date, as_of: date) -> pd.DataFrame:
        """Cases from `trained` on, as known at `as_of`."""

    def scoring_sample(self, book: Book, as_of: date) -> pd.DataFrame:
        """The subjects at `as_of` with features."""

    def drivers(self, models: dict[str, Any]) -> list[str]:
        """The columns the champion uses."""

    def scored(self, models: dict[str, Any], sample: pd.DataFrame) -> pd.DataFrame:
        """The sample with probability, challenger and grade."""


PURPOSES: dict[str, Recipe] = {
    "rating": rating,
    "overdue": overdue,
    "overdue-debtor": OverdueParties("debtor_id", rule_of()),
    "overdue-client": OverdueParties("client_id", rule_of()),
}


def recipe_of(told: Mapping[str, Any]) -> Any:
    """The recipe of the purpose that inputs or a card tell, set to the rule that stands there, if one does."""
    recipe: Any = PURPOSES[told["purpose"]]
    return replace(recipe, RULE=rule_of(**told["rule"])) if "rule" in told else recipe


@dataclass(frozen=True)
class StoredModel:
    """A model folder opened: its models by role, its card, and the sample it was developed on, scored.

    `trial` is that sample as a model saw it that was fitted on a part of it, or how models fared that were; empty where
    the sample can't be parted, for the reason that the card gives, or the purpose has none.
    """

    folder: Path
    models: dict[str, Any]
    card: dict[str, Any]
    development: pd.DataFrame
    selection: pd.DataFrame
    trial: pd.DataFrame

    @property
    def purpose(self) -> str:
        """What it was trained for, a key of PURPOSES."""
        return str(self.card["purpose"])

    @property
    def recipe(self) -> Any:
        """What knows its samples and how it scores: a Recipe."""
        return recipe_of(self.card)

    @property
    def trained(self) -> date:
        """The date it was trained on what was known at."""
        return date.fromisoformat(self.card["as_of"])

    @property
    def drivers(self) -> list[str]:
        """Columns the champion uses."""
        return list(self.card["drivers"])

    @property
    def version(self) -> str:
        """The version of this package that made it."""
        return str(json.loads((self.folder / MANIFEST).read_bytes())["riskmodels"])

    @property
    def digest(self) -> str:
        """SHA-256 of its manifest, which holds the hash of every file."""
        return model_digest(self.folder)


def make(
    book: Book, day: date, inputs: dict[str, Any], home: Path, progress: Progress | None = None, champion: Any = None
) -> None:
    """Train the models that `inputs` name (purpose, seed) on what the book knew on the day, into the folder `home`.

    A `champion` that is given (a card from elsewhere) stands there as it is, beside the challenger trained here. A
    rating's `inputs` may state the central tendency that its PDs are anchored on, those of overdue parties the rule.
    """
    recipe = recipe_of(inputs)
    _step(progress, 0)
    sample = recipe.training_sample(book, day)
    _step(progress, 1)
    stated = {"tendency": inputs["tendency"]} if "tendency" in inputs else {}
    models, selection = recipe.train(sample, inputs["seed"], **stated, **({"champion": champion} if champion else {}))
    _step(progress, 2)
    development = recipe.scored(models, sample)
    given = pd.DataFrame(), "the champion is a card from elsewhere"
    trial, reason = given if champion else _trial(recipe, sample, inputs["seed"], stated)
    anchor = {"level": recipe.level(models, sample, **stated)} if hasattr(recipe, "level") else {}
    told = model_card(recipe, book, day, sample, elsewhere=champion is not None)
    card = {**inputs, **told, **_card(recipe, models, development), **anchor, "no_trial": reason}
    store.save(models, home, card, {DEVELOPMENT: _kept(development, models), SELECTION: selection, TRIAL: trial})
    _step(progress, 3)


def _trial(recipe: Any, sample: pd.DataFrame, seed: int, stated: dict[str, float]) -> tuple[pd.DataFrame, str]:
    """The trial of a purpose that has one, or none and the reason."""
    if not hasattr(recipe, "trial"):
        return pd.DataFrame(), ""
    try:
        return recipe.trial(sample, seed, **stated), ""
    except DataRefused as refused:
        return pd.DataFrame(), str(refused)


def open_model(folder: Path) -> StoredModel:
    """The stored model of a folder, every file checked against its manifest first."""
    card = read_card(folder)
    frames = (store.load_frame(folder, name) for name in (DEVELOPMENT, SELECTION, TRIAL))
    return StoredModel(folder, store.load(folder), card, *frames)


def score(model: str, path: Path, as_of: str | date) -> pd.DataFrame:
    """The book's subjects at a date, scored: debtors by a rating, open invoices by an overdue model.

    A model of overdue debtors or clients scores those that owe something and aren't overdue in its sense already, which
    stands beside: dpd and months. Columns: the subject's id, as_of, probability, challenger, grade, and what else the
    purpose gives; sorted by id.
    """
    day = parse_date(as_of, "--as-of")
    folder = find_model(model, path, day)
    if folder is None:
        raise Misuse(f"{path}: has no model trained by {day}; riskmodels train rating {path} --as-of DATE makes one")
    stored = open_model(folder)
    if stored.trained > day:
        raise Misuse(f"{folder}: found a model trained on {stored.trained}, expected one trained by {day}, the as-of")
    frame = stored.recipe.scored(stored.models, stored.recipe.scoring_sample(open_book(path), day))
    told = ["probability", "challenger", "grade", "tier", "points", *overdue.ANSWERS, *overdue.ON]
    columns = [stored.recipe.ID, *(c for c in told if c in frame)]
    found = frame[columns].sort_values(stored.recipe.ID, ignore_index=True)
    found.insert(1, "as_of", pd.Timestamp(day))
    return found.assign(**stored.card.get("rule", {}))


def _card(recipe: Recipe, models: dict[str, Any], sample: pd.DataFrame) -> dict[str, Any]:
    known = sample[sample["outcome"].notna()]
    return {
        "rows": len(sample),
        "mature": len(known),
        "events": int(known["outcome"].sum()),
        "first": str(sample["period"].min().date()),
        "last": str(sample["period"].max().date()),
        "drivers": recipe.drivers(models),
        "scale": recipe.SCALE.to_state(),
        "models": {role: model.card() for role, model in models.items()},
    }


def _kept(sample: pd.DataFrame, models: dict[str, Any]) -> pd.DataFrame:
    """The facts of the sample and the columns its models use, so that it can be scored again."""
    used = columns_used(models)
    facts = ["period", "obligor", "client", "weight", "outcome", "terms_days", "probability", "challenger", "grade"]
    columns = [c for c in facts if c in sample] + used
    return sample[columns].assign(grade=sample["grade"].astype("str"))


def _step(progress: Progress | None, done: int) -> None:
    if progress:
        progress(done, 3)
