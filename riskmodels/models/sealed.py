"""A folder that appears whole, with a manifest of hashes, and is read only if not one byte or file differs.

MANIFEST.json holds the caller's facts, the version of the package and the SHA-256 of every other file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from riskmodels import __version__
from riskmodels.core.errors import DataRefused, Misuse

MANIFEST = "MANIFEST.json"


def write_sealed(target: Path, content: Mapping[str, bytes], facts: Mapping[str, Any]) -> Path:
    """The new folder `target` with the files of `content`, and `facts` in its manifest."""
    if target.exists():
        raise Misuse(f"{target}: exists already; models are stored in a new folder")
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    manifest = as_json({"riskmodels": __version__, **facts, "sha256": hashes}, MANIFEST)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for name, data in {**content, MANIFEST: manifest}.items():
            _write(scratch / name, data)
        scratch.chmod(0o755)  # mkdtemp's own mode would keep a scheduler's other users out
        scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def read_sealed(folder: Path, keys: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest, whose `keys` hold mappings, and the bytes of every file: the same bytes that were checked."""
    if not (folder / MANIFEST).is_file():
        raise DataRefused(f"{folder}: found no MANIFEST.json, expected a folder of models")
    manifest = _manifest(folder, ("sha256", *keys))
    expected = manifest["sha256"]
    _compare(folder, {path.name for path in folder.iterdir()} - {MANIFEST}, set(expected))
    content = {name: (folder / name).read_bytes() for name in expected}
    for name, data in content.items():
        if hashlib.sha256(data).hexdigest() != expected[name]:
            raise DataRefused(f"{folder}: {name} was changed after it was saved")
    return manifest, content


def as_json(value: Any, where: str) -> bytes:
    """Plain values as JSON, floats as their shortest exact decimals; nan and infinity are refused."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, default=_number).encode()
    except (TypeError, ValueError) as error:
        raise Misuse(f"{where}: can't be written as JSON: {error}") from None


def _number(value: Any) -> Any:
    """A numpy scalar as Python's own number."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"found a {type(value).__name__}, expected plain values")


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        os.fsync(file.fileno())


def _manifest(folder: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        sound = all(isinstance(manifest[key], dict) for key in keys)
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise DataRefused(f"{folder}: MANIFEST.json can't be read")
    return manifest


def _compare(folder: Path, found: set[str], expected: set[str]) -> None:
    if missing := sorted(expected - found):
        raise DataRefused(f"{folder}: missing files {missing}")
    if extra := sorted(found - expected):
        raise DataRefused(f"{folder}: found files {extra} that are not in the manifest")
