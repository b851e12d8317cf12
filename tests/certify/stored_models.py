"""Flipped bits in a stored folder of models: refused before anything but the manifest is parsed."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from riskmodels.core.errors import DataRefused
from riskmodels.models import store
from riskmodels.models.binning import Binner
from riskmodels.models.boosting import Booster
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.scorecard import Scorecard
from tests.certify.campaign import Campaign, Figure, Record, every


class Parsed(Exception):
    """A model was about to be read."""


def run(seed: int) -> Record:
    """Which file had a random bit flipped, and whether the folder was refused before a model was read."""
    rng = np.random.default_rng(seed)
    file = rng.choice(sorted(folder().iterdir()))
    sound = file.read_bytes()
    place, bit = int(rng.integers(len(sound))), 1 << int(rng.integers(8))
    file.write_bytes(sound[:place] + bytes([sound[place] ^ bit]) + sound[place + 1 :])
    try:
        return {"file": file.name, "place": place, "refused": _refused()}
    finally:
        file.write_bytes(sound)


def _refused() -> bool:
    with patch.object(store, "_model", side_effect=Parsed):
        try:
            store.load(folder())
        except DataRefused:
            return True
        except Parsed:
            return False
    return False


@cache
def folder() -> Path:
    """A folder with a model of each kind and a frame."""
    place = Path(tempfile.mkdtemp(prefix="certify-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    rng = np.random.default_rng(1)
    X = pd.DataFrame(rng.normal(size=(600, 3)), columns=["a", "b", "c"])
    y = (rng.random(600) < 1 / (1 + np.exp(1 - X["a"]))).astype(int)
    days = rng.integers(5, 80, 600)
    models = {"bins": Binner(), "card": Scorecard(), "trees": Booster()}
    fitted = {name: model.fit(X, y) for name, model in models.items()}
    fitted["time"] = PaymentTime("lightgbm").fit(X, np.full(600, 30), days, y == 0)
    return store.save(fitted, place / "models", {"purpose": "certificate"}, {"sample": X})


def summary(records: list[Record]) -> list[Figure]:
    """Flips refused, in sealed files and in the manifest, which nothing seals."""
    sealed, manifest = (
        [r["refused"] for r in records if (r["file"] == store.MANIFEST) == own] for own in (False, True)
    )
    return [
        every("flips in a model or frame refused before it was read", sum(sealed), len(sealed)),
        Figure("flips in the manifest refused", f"{sum(manifest):,} of {len(manifest):,}"),
    ]


STORED_MODELS = Campaign("stored-models", "A changed model is never read", run, summary, seeds=3_000, quick=150)
