"""Work out of sight, then a rename: a folder of results appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from riskmodels.core.errors import Locked

_PLACE = ".scratch"
_PATIENCE = 120.0


@dataclass(frozen=True)
class Scratch:
    """A folder of one run's own under `reports/.scratch`, on the file system it will be promoted on."""

    folder: Path
    destination: Path

    @property
    def files(self) -> Path:
        """The folder that becomes the destination."""
        return self.folder / "files"

    def promote(self) -> None:
        """Move the files to their destination in one step, once they are safe on disk."""
        self.destination.parent.mkdir(parents=True, exist_ok=True)
        for path in (*self.files.rglob("*"), self.files):
            _to_disk(path)
        self.files.rename(self.destination)
        _to_disk(self.destination.parent)


@contextmanager
def scratch(reports: Path, home: Path, proposals: Iterable[str]) -> Iterator[Scratch]:
    """A scratch folder for the first proposed name nobody has, bound for `home`; gone when the block ends.

    A lock shows that it is in use; folders that killed processes left behind are removed first.
    """
    place = reports / _PLACE
    with gate(reports):
        _sweep(place)
        name = next(n for n in proposals if not (place / n).exists() and not (home / n).exists())
        work = Scratch(place / name, home / name)
        work.files.mkdir(parents=True)
        lock = FileLock(work.folder / "lock")
        lock.acquire()
    try:
        yield work
    finally:
        shutil.rmtree(work.folder, ignore_errors=True)
        lock.release()


@contextmanager
def gate(reports: Path) -> Iterator[None]:
    """One process at a time, while the reports folder itself changes; Locked when it stays shut."""
    reports.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(reports / ".lock", timeout=_PATIENCE):
            yield
    except Timeout:
        raise Locked(f"{reports}: another process has held {reports / '.lock'} for {_PATIENCE:.0f} s") from None


def _sweep(place: Path) -> None:
    # a lock that can be had belongs to a dead process: the gate is shut, so nobody is about to take it
    for folder in place.glob("*"):
        with suppress(Timeout), FileLock(folder / "lock", timeout=0):
            shutil.rmtree(folder, ignore_errors=True)


def _to_disk(path: Path) -> None:
    # Windows has no handle of a folder to flush
    if os.name == "posix" or path.is_file():
        handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
