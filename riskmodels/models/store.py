"""Models on disk without pickle: JSON, LightGBM's own text, and a manifest of hashes checked before anything is read.

A folder holds one or more models: `<name>.json`, `<name>.lightgbm.txt` where there are trees, and MANIFEST.json with
the SHA-256 of each file, the package's version and the caller's card. Floats are written as their shortest exact
decimals, so a loaded model gives the same bits.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from riskmodels import __version__
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.binning import Binner
from riskmodels.models.boosting import Booster
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.scorecard import Scorecard

MODELS: dict[str, Any] = {cls.__name__: cls for cls in (Binner, Booster, PaymentTime, Scorecard)}
MANIFEST = "MANIFEST.json"
TREES = "lightgbm"


def save(models: Mapping[str, Any], folder: str | Path, card: Mapping[str, Any] | None = None) -> Path:
    """The folder, new, with the named models in it; it appears whole or not at all.

    `card` is what the caller knows about them (purpose, data window, owner), as plain values.
    """
    target = Path(folder)
    if target.exists():
        raise Misuse(_("{path}: exists already; models are stored in a new folder").format(path=target))
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        _write(models, scratch, dict(card or {}))
        scratch.chmod(0o755)  # mkdtemp's own mode would keep a scheduler's other users out
        scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def load(folder: str | Path) -> dict[str, Any]:
    """The models of a folder by name, after every file has been checked against the manifest."""
    manifest, content = _verified(Path(folder))
    return {name: _model(name, kind, content) for name, kind in manifest["models"].items()}


def read_card(folder: str | Path) -> dict[str, Any]:
    """The card the folder was saved with, after the same checks as `load`."""
    return _verified(Path(folder))[0]["card"]


def _write(models: Mapping[str, Any], folder: Path, card: dict[str, Any]) -> None:
    content: dict[str, bytes] = {}
    for name, model in models.items():
        content |= _files(name, model)
    manifest = {
        "riskmodels": __version__,
        "models": {name: type(model).__name__ for name, model in models.items()},
        "card": card,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in content.items()},
    }
    for name, data in {**content, MANIFEST: _json(manifest, MANIFEST)}.items():
        with (folder / name).open("wb") as file:
            file.write(data)
            os.fsync(file.fileno())


def _files(name: str, model: Any) -> dict[str, bytes]:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise Misuse(_("model name: found {name!r}, expected letters, digits, _ and -").format(name=name))
    if type(model).__name__ not in MODELS:
        found, known = type(model).__name__, ", ".join(MODELS)
        raise Misuse(_("{name}: found a {found}, expected one of {known}").format(name=name, found=found, known=known))
    state = model.to_state()
    trees = state.pop(TREES, "")
    files = {f"{name}.json": _json(state, name)}
    return {**files, f"{name}.{TREES}.txt": trees.encode()} if trees else files


def _json(value: Any, where: str) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, default=_number).encode()
    except (TypeError, ValueError) as error:
        raise Misuse(_("{where}: can't be written as JSON: {error}").format(where=where, error=error)) from None


def _number(value: Any) -> Any:
    """A numpy scalar as Python's own number."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"found a {type(value).__name__}, expected plain values")


def _verified(folder: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the bytes of every file, the same bytes that were checked."""
    if not (folder / MANIFEST).is_file():
        raise DataRefused(_("{path}: found no MANIFEST.json, expected a folder of models").format(path=folder))
    manifest = _manifest(folder)
    expected = manifest["sha256"]
    found = {path.name for path in folder.iterdir()} - {MANIFEST}
    _compare(folder, found, set(expected))
    content = {name: (folder / name).read_bytes() for name in expected}
    for name, data in content.items():
        if hashlib.sha256(data).hexdigest() != expected[name]:
            raise DataRefused(_("{path}: {name} was changed after it was saved").format(path=folder, name=name))
    return manifest, content


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        sound = all(isinstance(manifest[key], dict) for key in ("sha256", "models", "card"))
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise DataRefused(_("{path}: MANIFEST.json can't be read").format(path=folder))
    return manifest


def _compare(folder: Path, found: set[str], expected: set[str]) -> None:
    if missing := sorted(expected - found):
        raise DataRefused(_("{path}: {names} missing").format(path=folder, names=", ".join(missing)))
    if extra := sorted(found - expected):
        raise DataRefused(_("{path}: {names} not in the manifest").format(path=folder, names=", ".join(extra)))


def _model(name: str, kind: str, content: dict[str, bytes]) -> Any:
    if kind not in MODELS:
        raise DataRefused(_("{name}: found a {kind}, which this version doesn't know").format(name=name, kind=kind))
    state = json.loads(content[f"{name}.json"])
    trees = content.get(f"{name}.{TREES}.txt", b"").decode()
    return MODELS[kind].from_state({**state, TREES: trees})
