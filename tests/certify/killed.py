"""A command run in a process of its own and killed at an instant."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.certify.runner import ROOT

GOLDEN = 0.6180339887498949
COMMAND = (sys.executable, "-c", "from riskmodels.cli import main; main()")
VERDICTS = (0, 10, 20)


def started(*arguments: object) -> subprocess.Popen[str]:
    """The command line begun in the background."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    words, environment = [*COMMAND, *map(str, arguments)], {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def seconds(*arguments: object) -> float:
    """How long the command takes when it is left alone; its verdict may be any, but it must not fail."""
    start = time.perf_counter()
    process = started(*arguments)
    words = process.communicate()[1]
    if process.returncode not in VERDICTS:
        raise RuntimeError(f"{arguments[0]}: exit code {process.returncode}: {words[-400:]}")
    return time.perf_counter() - start


def killed(after: float, *arguments: object) -> bool:
    """Whether the command was still running after so many seconds, and so was killed."""
    process = started(*arguments)
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    return False


def instant(seed: int) -> float:
    """A share of a command's time: the seeds spread evenly over 0 to 1, whatever their number."""
    return (0.5 + seed * GOLDEN) % 1


def home() -> Path:
    """A folder that is removed when this process ends."""
    place = Path(tempfile.mkdtemp(prefix="certify-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file under a folder, by its path in it."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
