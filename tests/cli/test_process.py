"""The command line as its own process: quick to help, quiet on streams, and no traceback whatever the system says."""

from __future__ import annotations

import os
import pty
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import pytest

START = [sys.executable, "-c", "from riskmodels.cli import main; main()"]
COMMANDS = [
    "demo", "load", "check", "features", "train", "score",
    "report", "report list", "report run", "runs", "runs list", "runs show",
]  # fmt: skip


def process(*args: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*START, *map(str, args)], capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.skipif(os.name != "posix", reason="time of child processes as POSIX tells it")
def test_help_comes_at_once():
    def taken() -> float:
        # processor time: on a busy machine the clock tells of others
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert process("--help").returncode == 0
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime

    assert median(taken() for _ in range(5)) < 0.3


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(cli, command):
    ended = cli(*command.split(), "--help")
    assert (ended.code, ended.err) == (0, "")
    assert "Usage:" in ended.out


def test_help_imports_nothing_heavy():
    heavy = ["numpy", "pandas", "duckdb", "lightgbm", "numba", "papermill", "matplotlib"]
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
        (folder / "invoices.csv").write_text("secret")
        (folder / "invoices.csv").chmod(0)
        ended = as_nobody("check", folder)
        assert (ended.returncode, ended.stderr) == (2, f"riskmodels: {folder / 'invoices.csv'}: Permission denied\n")
        ended = as_nobody("load", folder, "--out", folder / "out.duckdb")
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
        assert "this folder may not be written to" in ended.stderr


def as_nobody(*args: object) -> subprocess.CompletedProcess[str]:
    """The command of a user who may not do everything; modules come first, for they may be out of that user's reach."""
    code = "import os, sys, openpyxl, rich.progress, riskmodels.book.quality, riskmodels.book.open, riskmodels.cli; "
    code += "os.geteuid() or os.setuid(65534); riskmodels.cli.main()"
    return subprocess.run([sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, check=False)


def test_a_terminal_sees_that_work_goes_on(single):
    shown = on_terminal("check", single)
    assert "checking" in shown


def test_a_label_with_brackets_is_no_markup(single, cli, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    ended = cli("train", "[/x]", single, "--as-of", "2025-03-31")
    assert ended.code == 2
    assert "train: found '[/x]', expected one of rating, overdue" in ended.err


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
