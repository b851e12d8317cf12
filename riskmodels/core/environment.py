"""What is installed beside this package: its hash, and the versions that decide figures."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path

NUMERIC = ("numpy", "scipy", "pandas", "scikit-learn", "statsmodels", "lightgbm", "matplotlib")
"""The packages whose versions can change a figure."""


def environment_hash() -> str:
    """SHA-256 over the sorted `name==version` of everything installed beside this package."""
    installed = {f"{d.name}=={d.version}".lower() for d in distributions()}
    return hashlib.sha256("\n".join(sorted(installed)).encode()).hexdigest()


@cache
def code_hash() -> str:
    """SHA-256 over every module of this package, by its path in it."""
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that decide figures, by name."""
    return {"python": platform.python_version(), **{name: version(name) for name in NUMERIC}}
