"""Where a result may be written: asked before any work is done."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from riskmodels.core.errors import Misuse

USERS_OWN = {
    *(errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG),
    *(errno.EROFS, errno.ELOOP, errno.EINVAL),
}
"""What the system says of a path that can't be used as it was given."""
_SERVER = re.compile(r"://|^(spark|jdbc|postgres(ql)?):|\bpass(word|wd)?\s*=", re.IGNORECASE)
"""What no path of a book has: it may hold a password, so no message repeats it."""


def writable(out: Path, *endings: str, where: str = "--out") -> Path:
    """The path, if a file of that name can be put there; `endings` are the suffixes it may have."""
    if out.suffix not in endings:
        raise Misuse(f"{where}: found {str(out)!r}, expected a name that ends in {' or '.join(endings)}")
    if not out.parent.is_dir():
        raise Misuse(f"{where}: no such folder: {out.parent}")
    if out.is_dir():
        raise Misuse(f"{where}: {out}: found a folder, expected the name of a file")
    if not os.access(out.parent, os.W_OK):
        raise Misuse(f"{where}: {out.parent}: this folder may not be written to")
    return out


def folder_of_runs(reports: Path) -> Path:
    """The path, if it is a folder or nothing yet."""
    if reports.exists() and not reports.is_dir():
        raise Misuse(f"--reports: {reports}: found a file, expected a folder")
    return reports


def book_file(place: str) -> Path:
    """The path of a book in a file: models and reports stand beside it, so a server's tables are to be loaded first."""
    if _SERVER.search(place):
        raise Misuse("book: found a server's address, expected a file: riskmodels load ADDRESS --out BOOK.duckdb")
    return Path(place)
