"""What identifies a run: the code, the environment, the notebook and the data it was made from."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

import riskmodels
from riskmodels.core.environment import environment_hash

_CHECKOUT = Path(riskmodels.__file__).parents[1]


@dataclass(frozen=True)
class Fingerprint:
    """The versions and SHA-256 hashes a run stands on; two runs with equal ones should give equal figures.

    `commit` is empty outside a source checkout; `dirty` says that the code or a notebook differs from it.
    """

    package: str
    commit: str
    dirty: bool
    notebook: str
    environment: str
    python: str
    book: str
    model: str

    @property
    def code(self) -> str:
        """The code as a report names it: version, and in a checkout the commit and whether it was changed."""
        changed = " with changes" if self.dirty else ""
        return f"{self.package} {self.commit[:12]}{changed}" if self.commit else self.package


def fingerprint(notebook: Path, book: str, model: str) -> Fingerprint:
    """The fingerprint of a run of this notebook on the book and model of these hashes."""
    return Fingerprint(
        package=riskmodels.__version__,
        commit=_git("rev-parse", "HEAD").strip(),
        dirty=bool(_git("--no-optional-locks", "status", "--porcelain", "--", "riskmodels", "notebooks")),
        notebook=file_hash(notebook),
        environment=environment_hash(),
        python=platform.python_version(),
        book=book,
        model=model,
    )


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _git(*arguments: str) -> str:
    # only the package's own repository: an installed package may lie inside some other one
    if not (_CHECKOUT / ".git").exists():
        return ""
    command = ["git", "-C", str(_CHECKOUT), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
