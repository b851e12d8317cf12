"""The command line as its own process: quick to help, quiet on streams, and no traceback whatever the system says."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pytest

START = [sys.executable, "-c", "from riskmodels.cli import main; main()"]
COMMANDS = [
    "demo", "load", "check", "features", "train", "score",
    "report", "report list", "report run", "runs", "runs list", "runs show",
]  # fmt: skip


def process(*args: object, **given: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*START, *map(str, args)], capture_output=True, text=True, check=False, **given)  # type: ignore[call-overload]


def test_help_comes_at_once():
    def taken() -> float:
        began = time.perf_counter()
        assert process("--help").returncode == 0
        return time.perf_counter() - began

    times = [taken() for _ in range(7)]
    assert min(times) < 0.3
    assert median(times) < 0.6  # a busy machine; at rest it is that of the best


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(cli, command):
    ended = cli(*command.split(), "--help")
    assert (ended.code, ended.err) == (0, "")
    assert "Usage:" in ended.out


def test_help_imports_nothing_heavy():
    heavy = "numpy pandas duckdb lightgbm numba papermill matplotlib".split()
    code = f"import sys, riskmodels.cli; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_refusal_is_one_line_on_standard_error(tmp_path):
    ended = process("check", "gone.duckdb", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("riskmodels: gone.duckdb: no such book")
    assert ended.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_file_that_may_not_be_read_is_one_line():
    # not under pytest's own folder: another user can't reach into it
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for secret in ("invoices.csv", "book.duckdb", "book.xlsx"):
            (folder / secret).write_text("secret")
            (folder / secret).chmod(0)
            ended = process("load", folder / secret, "--out", folder / "out.duckdb", **nobody())
            assert ended.returncode == 2, ended
            assert ended.stderr.count("\n") == 1, ended.stderr
            assert secret in ended.stderr or "this folder may not be written to" in ended.stderr


def nobody() -> dict[str, object]:
    """The super-user may read everything, so a test run by it is run as somebody else."""
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


def test_a_terminal_sees_that_work_goes_on(single):
    shown = on_terminal("check", single)
    assert "checking" in shown


def test_a_label_with_brackets_is_no_markup(single):
    shown = on_terminal("train", "[/x]", single, "--as-of", "2025-03-31")
    assert "train: found '[/x]', expected one of rating, overdue" in shown
    assert "Traceback" not in shown


def on_terminal(*args: object) -> str:
    """What a user sees on a terminal that shows standard error."""
    reads, shows = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen([*START, *map(str, args)], stdout=subprocess.DEVNULL, stderr=shows, env=environment):
        os.close(shows)
        shown = b""
        try:
            while part := os.read(reads, 4096):
                shown += part
        except OSError:
            pass  # Linux says so when the other end is closed
    os.close(reads)
    return shown.decode()
