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
from collections.abc import Callable
from pathlib import Path

from tests.certify.runner import ROOT

GOLDEN = 0.6180339887498949
Sign = Callable[[], bool]
COMMAND = (sys.executable, "-c", "from riskmodels.cli import main; main()")
VERDICTS = (0, 10, 20)


def started(*arguments: object) -> subprocess.Popen[str]:
    """The command line begun in the background."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    words, environment = [*COMMAND, *map(str, arguments)], {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def seconds(once: Sign, *arguments: object) -> float:
    """How long the command takes from the sign to its end when it is left alone; whatever its verdict, it ends well."""
    process = _begun(once, arguments)
    start = time.perf_counter()
    words = process.communicate()[1]
    if process.returncode not in VERDICTS:
        raise RuntimeError(f"{arguments[0]}: exit code {process.returncode}: {words[-400:]}")
    return time.perf_counter() - start


def killed(once: Sign, after: float, *arguments: object) -> bool:
    """Whether the command still ran so many seconds after the sign, and so was killed."""
    process = _begun(once, arguments)
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    return False


def _begun(once: Sign, arguments: tuple[object, ...]) -> subprocess.Popen[str]:
    """The command at the sign that it has something to lose; before that it only imports and reads."""
    process = started(*arguments)
    while process.poll() is None and not once():
        time.sleep(0.001)
    return process


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
