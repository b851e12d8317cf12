"""Where a book is made: beside its place, under a lock, put there in one step when it is complete."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from riskmodels.book.sources import located
from riskmodels.core.errors import Locked, Misuse
from riskmodels.core.paths import writable


@contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """A folder beside `out` that nobody else works in, gone when the block ends."""
    _probe(writable(out, ".duckdb"))
    lock = FileLock(f"{out}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Locked(f"{out}: another load is writing it") from None
    folder = out.with_name(f".{out.name}.loading")
    try:
        shutil.rmtree(folder, ignore_errors=True)  # what a killed load left: the lock says that nobody works on it
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        # Before the release, so that the file unlinked is the one locked: who opened it meanwhile sees that it is gone.
        with suppress(OSError):
            Path(lock.lock_file).unlink()
        lock.release()


def _probe(out: Path) -> None:
    """Refuse a folder that takes no files, whatever its permissions say."""
    try:
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise Misuse(f"--out: {out.parent}: no file can be made in this folder ({error.strerror})") from None


def place_apart(sources: Iterable[str | Path], set_aside: Path | None) -> Path | None:
    """Where refused rows are written while the load runs; a file of a source itself is never their place."""
    if set_aside is None:
        return None
    writable(set_aside, ".csv", where="--set-aside")
    place = set_aside.resolve()
    for source in (p.resolve() for p in map(located, sources) if isinstance(p, Path)):
        if source in (place, place.parent):
            raise Misuse(f"--set-aside: {set_aside}: found a place in the source, expected one outside it")
    return set_aside.with_name(f".{set_aside.name}.{os.getpid()}")


def replace(new: Path, old: Path) -> None:
    """Put a finished file in the place of another, so that a crash leaves one or the other."""
    with new.open("rb") as handle:
        os.fsync(handle.fileno())
    new.replace(old)
    folder = os.open(old.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
