"""The command line as a user meets it, and a small world in which every mistake can be made."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from riskmodels.book.synthetic import synthesise, write
from riskmodels.cli import main
from riskmodels.models.shelf import train

INVOICES = (
    "invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on\n"
    "i1,c1,d1,CNY,100.00,2025-01-05,2025-03-05\n"
    "i2,c1,d2,CNY,250.50,2025-01-20,2025-03-20\n"
)


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str


def run(*args: object) -> Ended:
    """The command line run in this process; whatever is no SystemExit is a traceback, and fails the test."""
    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv, code = ["riskmodels", *map(str, args)], 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.argv = before
    return Ended(code, out.getvalue(), err.getvalue())


def tree(folder: Path) -> dict[str, str]:
    """Every file and folder under a folder with the hash of its content."""
    found = {str(p.relative_to(folder)): p for p in folder.rglob("*")}
    return {name: hashlib.sha256(p.read_bytes()).hexdigest() if p.is_file() else "" for name, p in found.items()}


def refuse(*args: object, code: int, said: str | tuple[str, ...], keep: Path | None = None) -> str:
    """The one line a refused command ends with; `keep` is a folder in which not one byte may have changed."""
    before = tree(keep) if keep else {}
    ended = run(*args)
    assert ended.code == code, ended
    assert ended.err.startswith("riskmodels: ")
    assert ended.err.count("\n") == 1, ended.err
    assert ended.out == ""
    for words in (said,) if isinstance(said, str) else said:
        assert words in ended.err
    if keep:
        assert tree(keep) == before
    return ended.err


@pytest.fixture(scope="session")
def cli() -> Callable[..., Ended]:
    """A way to run the command line."""
    return run


@pytest.fixture(scope="session")
def refused() -> Callable[..., str]:
    """A way to run a command that is to be refused in one line."""
    return refuse


@pytest.fixture(scope="session")
def files_of() -> Callable[[Path], dict[str, str]]:
    """What a folder holds, to compare before and after."""
    return tree


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic book with an overdue model trained beside it; nobody writes into its folder."""
    book = tmp_path_factory.mktemp("world") / "demo.duckdb"
    write(synthesise(3000, 20, date(2026, 6, 30)), book)
    train("overdue", book, "2025-06-30")
    return book


@pytest.fixture(scope="session")
def model(demo: Path) -> Path:
    """The folder of the model trained on the demo book."""
    return next((demo.parent / "models" / "demo").iterdir())


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., Path]:
    """A folder of CSV files, one for each table given as text or bytes; two sound invoices if none is given."""

    def make(invoices: str | bytes = INVOICES, **tables: str | bytes) -> Path:
        folder = tmp_path / "ledger"
        folder.mkdir()
        for name, content in {"invoices": invoices, **tables}.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.csv").write_bytes(data)
        return folder

    return make


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A sound book that is there already, and must survive every mistake."""
    source = tmp_path / "old.csv"
    source.write_text(INVOICES)
    folder = tmp_path / "books"
    folder.mkdir()
    mapping = tmp_path / "old.toml"
    columns = "\n".join(f'{name} = "{name}"' for name in INVOICES.splitlines()[0].split(","))
    mapping.write_text(f"[tables.invoices.columns]\n{columns}\n")
    assert run("load", source, "--out", folder / "book.duckdb", "--map", mapping).code == 0
    return folder / "book.duckdb"


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of one invoice, still open."""
    folder = tmp_path_factory.mktemp("single")
    (folder / "invoices.csv").write_text("".join(INVOICES.splitlines(keepends=True)[:2]))
    assert run("load", folder, "--out", folder / "one.duckdb").code == 0
    return folder / "one.duckdb"
