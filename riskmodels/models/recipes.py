"""From a book to a stored model and back: train, find, open and score by purpose."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

import riskmodels
from riskmodels.book.open import open_book
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models import overdue, rating, store

PURPOSES: dict[str, ModuleType] = {"rating": rating, "overdue": overdue}
DEVELOPMENT, SELECTION = "development", "selection"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class StoredModel:
    """A model folder opened: its models by role, its card, and the sample it was developed on, scored."""

    folder: Path
    models: dict[str, Any]
    card: dict[str, Any]
    development: pd.DataFrame
    selection: pd.DataFrame

    @property
    def purpose(self) -> str:
        """What it was trained for, a key of PURPOSES."""
        return str(self.card["purpose"])

    @property
    def recipe(self) -> ModuleType:
        """The module that knows its samples and how it scores."""
        return PURPOSES[self.purpose]

    @property
    def trained(self) -> date:
        """The date it was trained on what was known at."""
        return date.fromisoformat(self.card["as_of"])

    @property
    def drivers(self) -> list[str]:
        """Columns the champion uses."""
        return list(self.card["drivers"])

    def scored(self, sample: pd.DataFrame) -> pd.DataFrame:
        """The sample scored by the recipe; refused when the book it comes from can't give what the models use."""
        used = {name for model in self.models.values() for name in model.feature_names_in_}
        if missing := sorted(used - set(sample)):
            given = f"{len(missing)} of its {len(used)} features, {missing[0]} the first"
            raise DataRefused(f"{self.folder}: found a book that can't give {given}; expected one with the same tables")
        return self.recipe.scored(self.models, sample)

    @property
    def digest(self) -> str:
        """SHA-256 of its manifest, which holds the hash of every file."""
        return hashlib.sha256((self.folder / store.MANIFEST).read_bytes()).hexdigest()


def train(purpose: str, path: Path, as_of: str | date, seed: int = 0, progress: Progress | None = None) -> Path:
    """Train the champion and challenger of a purpose on what a book knew at a date; the folder they are kept in.

    The folder stands beside the book: `models/<book>/<purpose>-<as of>-<hash>`. The hash is of all that decides the
    model: what the book knew, the date, the seed and this package's code. A model that is there already is not
    trained again.
    """
    recipe, day, book = _recipe(purpose), parse_date(as_of, "--as-of"), open_book(path)
    inputs = {"purpose": purpose, "book": book.name, "as_of": day.isoformat(), "seed": seed}
    inputs |= {"book_sha256": book.as_of(day).fingerprint, "code_sha256": _code_digest()}
    home = models_of(path) / f"{purpose}-{day}-{_digest(inputs)}"
    if home.exists():
        return home
    _step(progress, 0)
    sample = recipe.training_sample(book, day)
    _step(progress, 1)
    models, selection = recipe.train(sample, seed)
    _step(progress, 2)
    development = recipe.scored(models, sample)
    card = {**inputs, **_card(recipe, models, development)}
    store.save(models, home, card, {DEVELOPMENT: _kept(development, models), SELECTION: selection})
    _step(progress, 3)
    return home


def open_model(folder: Path) -> StoredModel:
    """The stored model of a folder, every file checked against its manifest first."""
    card = store.read_card(folder)
    if card.get("purpose") not in PURPOSES:
        raise Misuse(f"{folder}: found a model for {card.get('purpose')!r}, expected one of {', '.join(PURPOSES)}")
    frames = (store.load_frame(folder, name) for name in (DEVELOPMENT, SELECTION))
    return StoredModel(folder, store.load(folder), card, *frames)


def find_model(model: str, path: Path) -> Path | None:
    """The folder that `model` names: a folder itself, a purpose (the book's newest), or nothing (the newest of any).

    None only when nothing was named and the book has no model.
    """
    if model and model not in PURPOSES:
        if not Path(model).is_dir():
            raise Misuse(f"--model: found {model!r}, expected a model's folder or one of {', '.join(PURPOSES)}")
        return Path(model)
    found = sorted(models_of(path).glob(f"{model or '*'}-*/{store.MANIFEST}"), key=_age)
    if model and not found:
        raise Misuse(f"--model: no {model} model of {path} yet; riskmodels train {model} {path} --as-of DATE makes one")
    return found[-1].parent if found else None


def score(model: str, path: Path, as_of: str | date) -> pd.DataFrame:
    """The book's subjects at a date, scored: debtors by a rating, open invoices by an overdue model.

    Columns: the subject's id, as_of, probability, challenger, grade, and what else the purpose gives; sorted by id.
    """
    folder = find_model(model, path)
    if folder is None:
        raise Misuse(f"{path}: has no model yet; riskmodels train rating {path} --as-of DATE makes one")
    stored, day = open_model(folder), parse_date(as_of, "--as-of")
    if stored.trained > day:
        raise Misuse(f"{folder}: found a model trained on {stored.trained}, expected one trained by {day}, the as-of")
    frame = stored.scored(stored.recipe.scoring_sample(open_book(path), day))
    told = ["probability", "challenger", "grade", "points", "expected_days"]
    columns = [stored.recipe.ID, *(c for c in told if c in frame)]
    found = frame[columns].sort_values(stored.recipe.ID, ignore_index=True)
    found.insert(1, "as_of", pd.Timestamp(day))
    return found


def models_of(path: Path) -> Path:
    """Where the models of a book are kept."""
    return Path(path).parent / "models" / Path(path).stem


def _recipe(purpose: str) -> ModuleType:
    if purpose not in PURPOSES:
        raise Misuse(f"train: found {purpose!r}, expected one of {', '.join(PURPOSES)}")
    return PURPOSES[purpose]


def _card(recipe: ModuleType, models: dict[str, Any], sample: pd.DataFrame) -> dict[str, Any]:
    known = sample[sample["outcome"].notna()]
    return {
        "rows": len(sample),
        "mature": len(known),
        "events": int(known["outcome"].sum()),
        "first": str(sample["period"].min().date()),
        "last": str(sample["period"].max().date()),
        "drivers": list(models["champion"].feature_names_in_),
        "scale": recipe.SCALE.to_state(),
        "models": {role: model.card() for role, model in models.items()},
    }


def _kept(sample: pd.DataFrame, models: dict[str, Any]) -> pd.DataFrame:
    """The facts of the sample and the columns its models use, so that it can be scored again."""
    used = dict.fromkeys(c for model in models.values() for c in model.feature_names_in_)
    facts = ["period", "obligor", "weight", "outcome", "terms_days", "probability", "challenger", "grade"]
    columns = [c for c in facts if c in sample] + list(used)
    return sample[columns].assign(grade=sample["grade"].astype("str"))


def _digest(inputs: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:8]


@cache
def _code_digest() -> str:
    """SHA-256 over the code a model can depend on: the floors from core up to models."""
    root, digest = Path(riskmodels.__file__).parent, hashlib.sha256()
    for floor in ("core", "book", "features", "models"):
        for path in sorted((root / floor).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _age(manifest: Path) -> tuple[str, float]:
    """Newest by training date, then by when it was stored."""
    return manifest.parent.name.split("-", 1)[1][:10], manifest.stat().st_mtime


def _step(progress: Progress | None, done: int) -> None:
    if progress:
        progress(done, 3)
