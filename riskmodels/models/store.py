"""Models on disk without pickle, in a sealed folder: nothing is parsed before every hash has been checked.

A folder holds one or more models, `<name>.json` and `<name>.lightgbm.txt` where there are trees, and the frames that
belong to them, `<name>.parquet`. Floats are written exactly, so a loaded model gives the same bits.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.sealed import MANIFEST, as_json, read_sealed, write_sealed

__all__ = ["MANIFEST", "MODELS", "load", "load_frame", "load_states", "read_card", "save"]

MODELS: dict[str, str] = {
    "Binner": "binning.binner",
    "BoostedLGD": "lgd",
    "Booster": "boosting",
    "Calibration": "calibration",
    "DilutionModel": "dilution",
    "ExpertScorecard": "expert",
    "FractionalLGD": "lgd",
    "HybridScorecard": "expert",
    "ImportedScorecard": "cards.imported",
    "MeanBinner": "binning.binner",
    "PaymentTime": "payment_time",
    "Scorecard": "scorecard.model",
    "ShadowRating": "expert",
    "TwoStageLGD": "lgd",
}
"""The kinds of models and where each is at home, so that only what a folder holds is brought in."""
TREES = "lightgbm"


def save(
    models: Mapping[str, Any],
    folder: str | Path,
    card: Mapping[str, Any] | None = None,
    frames: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """The folder, new, with the named models and frames in it; it appears whole or not at all.

    `card` is what the caller knows about them (purpose, data window, owner), as plain values.
    """
    content: dict[str, bytes] = {}
    for name, model in models.items():
        content |= _files(name, model)
    for name, frame in (frames or {}).items():
        content[f"{_checked(name)}.parquet"] = frame.to_parquet()
    kinds = {name: type(model).__name__ for name, model in models.items()}
    return write_sealed(Path(folder), content, {"models": kinds, "card": dict(card or {})})


def load(folder: str | Path) -> dict[str, Any]:
    """The models of a folder by name, after every file has been checked against the manifest."""
    manifest, content = _read(folder)
    return {name: _model(name, kind, content) for name, kind in manifest["models"].items()}


def load_states(folder: str | Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """Kind and state of each model of a folder by name, after the same checks as `load`, no model made of them."""
    manifest, content = _read(folder)
    return {name: (kind, _state(name, kind, content)) for name, kind in manifest["models"].items()}


def load_frame(folder: str | Path, name: str) -> pd.DataFrame:
    """A frame the folder was saved with, after the same checks as `load`."""
    _manifest, content = _read(folder)
    if f"{name}.parquet" not in content:
        raise DataRefused(f"{folder}: found no frame {name!r}")
    return pd.read_parquet(io.BytesIO(content[f"{name}.parquet"]))


def read_card(folder: str | Path) -> dict[str, Any]:
    """The card the folder was saved with, after the same checks as `load`."""
    return _read(folder)[0]["card"]


def _read(folder: str | Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    return read_sealed(Path(folder), ("models", "card"))


def _checked(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise Misuse(f"model name: found {name!r}, expected letters, digits, _ and -")
    return name


def _files(name: str, model: Any) -> dict[str, bytes]:
    if type(model).__name__ not in MODELS:
        found, known = type(model).__name__, ", ".join(MODELS)
        raise Misuse(f"{name}: found a {found}, expected one of {known}")
    state = model.to_state()
    trees = state.pop(TREES, "")
    files = {f"{_checked(name)}.json": as_json(state, name)}
    return {**files, f"{name}.{TREES}.txt": trees.encode()} if trees else files


def _model(name: str, kind: str, content: Mapping[str, bytes]) -> Any:
    state = _state(name, kind, content)
    try:
        return getattr(import_module(f"riskmodels.models.{MODELS[kind]}"), kind).from_state(state)
    except (KeyError, TypeError) as lacking:
        raise DataRefused(
            f"{name}.json: found a {kind} of another version of this package ({lacking}), expected this one: "
            "train it again"
        ) from None


def _state(name: str, kind: str, content: Mapping[str, bytes]) -> dict[str, Any]:
    if kind not in MODELS:
        raise DataRefused(f"{name}: found a {kind}, which this version doesn't know")
    if f"{name}.json" not in content:
        raise DataRefused(f"{name}: found no {name}.json, expected the model the manifest names")
    state = json.loads(content[f"{name}.json"])
    return {**state, TREES: content.get(f"{name}.{TREES}.txt", b"").decode()}
