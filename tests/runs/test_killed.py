"""A run killed at any instant leaves no half run, and the next run clears what it left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

from riskmodels.runs import registry
from riskmodels.runs.scratch import scratch

ROOT = Path(__file__).parents[2]

# runs whose notebook takes no time, each killed at one point between its first file and the finished folder
KILLED_ON_THE_WAY = """
import os, signal, sys
from pathlib import Path
from riskmodels.runs import execute as module, scratch
from riskmodels.runs.notebooks import Report

notebook, reports, *points = sys.argv[1:]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def attempt(point):
    to_disk, rename = scratch._to_disk, Path.rename

    def render(executed, manifest, folder):
        (folder / "result.json").write_text('{"overall": "within", "figures": {}}')
        if point == "rendered":
            die()

    def promote(source, target):
        if point == "on disk":
            die()
        rename(source, target)
        if point == "promoted":
            die()

    module.execute = lambda *_: None
    Path.rename = promote
    if point == "going to disk":
        scratch._to_disk = lambda path: die() if path.name == "run.json" else to_disk(path)
    module.run(Report(Path(notebook)), {}, module.Subject("ledger", "b"), Path(reports, point), render=render)

for point in points:
    if not (child := os.fork()):
        attempt(point)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL, point
"""

KILLED_IN_A_CELL = """
import sys
from pathlib import Path
from riskmodels.runs import execute as module
from riskmodels.runs.notebooks import Report

notebook, reports = map(Path, sys.argv[1:])
module.run(Report(notebook), {}, module.Subject("ledger", "b"), reports)
"""

DEADLY = """
import os, signal, time
from pathlib import Path
Path({pid!r}).write_text(str(os.getpid()))
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(120)
"""


def python(code: str, *arguments: object) -> int:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False).returncode


def only_whole_runs(reports: Path) -> int:
    """How many runs there are, all of them whole and nothing beside them."""
    kept = registry.runs(reports)
    assert set(reports.glob("[!.]*/*/*")) == {run.path for run in kept}
    assert [registry.verify(run) for run in kept] == [[]] * len(kept)
    return len(kept)


def cleared_by_the_next_run(reports: Path) -> bool:
    left = [p.name for p in (reports / ".scratch").iterdir()]
    with scratch(reports, reports / "tiny_report" / "2026-06-30", map(str, count())):
        return len(left) == 1 and [p.name for p in (reports / ".scratch").iterdir()] == ["0"]


def ends(pid: int) -> bool:
    """Whether the process ends by itself within some seconds."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_a_run_killed_on_the_way_leaves_nothing_or_a_whole_run(notebook, tmp_path):
    expected = {"rendered": 0, "going to disk": 0, "on disk": 0, "promoted": 1}
    assert python(KILLED_ON_THE_WAY, notebook().path, tmp_path / "reports", *expected) == 0
    assert {point: only_whole_runs(tmp_path / "reports" / point) for point in expected} == expected
    assert all(cleared_by_the_next_run(tmp_path / "reports" / point) for point in expected)


def test_a_run_killed_in_a_cell_leaves_nothing_not_even_its_kernel(notebook, tmp_path):
    reports, pid = tmp_path / "reports", tmp_path / "pid"
    report = notebook(DEADLY.format(pid=str(pid)))
    assert python(KILLED_IN_A_CELL, report.path, reports) == -signal.SIGKILL
    assert only_whole_runs(reports) == 0
    assert cleared_by_the_next_run(reports)
    assert ends(int(pid.read_text(encoding="utf-8")))
