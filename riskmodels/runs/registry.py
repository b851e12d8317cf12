"""The runs that were kept: the reports folder is the register, and each run in it is never changed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmodels.core.errors import Misuse
from riskmodels.core.nearest import hint
from riskmodels.runs.manifest import MANIFEST, RESULT, SUMS, Manifest, result_values, sums

_log = logging.getLogger(__name__)
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True)
class Run:
    """One kept run: its folder and what it says of itself."""

    path: Path
    manifest: Manifest

    @property
    def values(self) -> dict[str, float]:
        """The figures of its checks by name."""
        return result_values(self.path / RESULT)


def runs(reports: Path) -> list[Run]:
    """All runs under `reports`, newest first; a folder that isn't a sound run is logged and left out."""
    found = (_read(folder) for folder in sorted(reports.glob("[!.]*/*/*")) if folder.is_dir())
    return sorted((run for run in found if run), key=_made, reverse=True)


def show(reports: Path, run_id: str) -> Run:
    """The run of that id; Misuse when there is none."""
    known = {run.manifest.run_id: run for run in runs(reports)}
    if run_id not in known:
        raise Misuse(f"{reports}: no run {run_id!r}; {hint(run_id, known)}")
    return known[run_id]


def verify(run: Run) -> list[str]:
    """What differs from the run's SHA256SUMS, one line per file; empty when nothing does."""
    try:
        listed = dict(_listed(run.path / SUMS))
    except (OSError, ValueError) as error:
        return [f"{SUMS}: can't be read: {error}"]
    found = sums(run.path)
    missing = [f"{name}: missing" for name in listed if name not in found]
    foreign = [f"{name}: not of this run" for name in found if name not in listed]
    changed = [f"{name}: changed" for name in found if name in listed and found[name] != listed[name]]
    return missing + foreign + changed


def latest(reports: Path, report: str, book: str, as_of: date, model: str = "") -> Run | None:
    """The run to compare with: same report, book and model at the nearest earlier date, else at the same date.

    The same book is the one of the same name: its content grows from date to date. Of several runs at one date
    the last one made counts.
    """
    alike = [r for r in runs(reports) if _about(r.manifest) == (report, book, model) and _intact(r)]
    earlier = [r for r in alike if r.manifest.as_of < as_of]
    return _newest(earlier) or _newest(r for r in alike if r.manifest.as_of == as_of)


def _intact(run: Run) -> bool:
    """Whether a run may be compared with: one whose files were changed may not, and that is logged."""
    if differences := verify(run):
        _log.warning("%s: not compared with: %s", run.path, "; ".join(differences))
    return not differences


def _about(manifest: Manifest) -> tuple[str, str, str]:
    return manifest.report, manifest.book, manifest.model


def _newest(alike: Iterable[Run]) -> Run | None:
    return max(alike, key=lambda r: (r.manifest.as_of, *_made(r)), default=None)


def _made(run: Run) -> tuple[float, str]:
    return run.manifest.created.timestamp(), run.manifest.run_id


def _read(folder: Path) -> Run | None:
    try:
        manifest = Manifest.read(folder)
        _refuse_moved(folder, manifest)
    except (OSError, ValueError, TypeError, KeyError) as error:
        _log.warning("%s: skipped, not a run: %s: %s", folder, type(error).__name__, error)
        return None
    return Run(folder, manifest)


def _refuse_moved(folder: Path, manifest: Manifest) -> None:
    place = (manifest.report, manifest.as_of.isoformat(), manifest.run_id)
    if folder.parts[-3:] != place:
        raise ValueError(f"{MANIFEST} is of {'/'.join(place)}")


def _listed(path: Path) -> Iterable[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = _SUM.fullmatch(line)
        if not parts:
            raise ValueError(f"found {line[:80]!r}, expected a hash and a name")
        yield parts[2], parts[1]
