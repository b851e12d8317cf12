"""What a run says of itself: run.json, the only file that knows the clock, and the hashes of all files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from riskmodels.core.checks import Verdict
from riskmodels.runs.fingerprint import Fingerprint, file_hash
from riskmodels.runs.values import Scalar

MANIFEST, SUMS, RESULT, NOTEBOOK = "run.json", "SHA256SUMS", "result.json", "notebook.ipynb"


@dataclass(frozen=True)
class Manifest:
    """One run: which report of which book (and model) at which date, from what, when, and how it ended.

    `book` and `model` are names that stay the same from run to run; the fingerprint holds the hashes of their
    content. Duration, verdict and files are filled in when the report is rendered.
    """

    run_id: str
    report: str
    title: str
    as_of: date
    language: str
    book: str
    model: str
    tag: str
    parameters: Mapping[str, Scalar]
    fingerprint: Fingerprint
    created: datetime
    previous: str
    seconds: float = 0.0
    verdict: Verdict = Verdict.NOT_RUN
    files: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What the report is about, in a word: the book, and the model if there is one."""
        return " / ".join(name for name in (self.book, self.model) if name)

    def write(self, folder: Path) -> None:
        """Write run.json, then SHA256SUMS over every file of the folder."""
        (folder / MANIFEST).write_text(
            json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        (folder / SUMS).write_text("".join(f"{h}  {name}\n" for name, h in sums(folder).items()), encoding="utf-8")

    def as_dict(self) -> dict[str, Any]:
        """The manifest as plain values for JSON."""
        return {
            **asdict(self),
            "as_of": self.as_of.isoformat(),
            "created": self.created.isoformat(),
            "verdict": str(self.verdict),
            "files": list(self.files),
        }

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in a folder; ValueError, TypeError, KeyError or OSError when there is no sound one."""
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return cls(
            **{
                **found,
                "as_of": date.fromisoformat(found["as_of"]),
                "created": datetime.fromisoformat(found["created"]),
                "verdict": Verdict(found["verdict"]),
                "fingerprint": Fingerprint(**found["fingerprint"]),
                "files": tuple(found["files"]),
            }
        )


def run_id(created: datetime, parameters: Mapping[str, Scalar], attempt: int) -> str:
    """A name such as 20261012T0240Z-b81c: the minute in UTC and four digits that tell its runs apart."""
    seed = json.dumps([created.isoformat(), dict(parameters), attempt], sort_keys=True)
    return f"{created:%Y%m%dT%H%MZ}-{hashlib.sha256(seed.encode()).hexdigest()[:4]}"


def names(folder: Path) -> list[str]:
    """The files of a run's folder by their path inside it, sorted, without SHA256SUMS."""
    found = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(name for name in found if name != SUMS)


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a run's folder."""
    return {name: file_hash(folder / name) for name in names(folder)}


def result_values(result: str | Path) -> dict[str, float]:
    """The figures of an earlier run's result.json by check name; none when `result` is empty, as in a first run."""
    found = read_result(Path(result))["figures"] if result else {}
    return {name: value for name, value in found.items() if value is not None}


def read_result(result: Path) -> dict[str, Any]:
    """What a result.json says: `overall` is the verdict of the report, `figures` its checks' values by name."""
    return dict(json.loads(result.read_text(encoding="utf-8")))
