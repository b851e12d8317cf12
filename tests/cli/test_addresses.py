"""A server on the command line: its address is a source like a file, and its password is nowhere to be found."""

from __future__ import annotations

import pytest

from tests.servers import OWNER, PASSWORD

INVOICES = """
    CREATE TABLE invoices AS SELECT 'i' || i AS invoice_id, 'c' || i % 3 AS client_id, 'd' || i % 7 AS debtor_id,
      'CNY' AS currency, (100 + i)::numeric(18, 2) AS amount, DATE '2025-01-05' + i AS issued_on,
      DATE '2025-03-05' + i AS due_on FROM generate_series(1, 200) i"""


@pytest.fixture(scope="module")
def address(postgres):
    """The address of a database with invoices."""
    with postgres.connect() as boss:
        boss.execute("CREATE DATABASE of_the_command_line")
    with postgres.connect("of_the_command_line") as link:
        link.execute(INVOICES)
    return postgres.address("of_the_command_line")


def test_a_database_loads_and_is_checked_like_a_file(address, cli, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    out = tmp_path / "book.duckdb"
    loaded, checked = cli("load", address, "--out", out), cli("check", address, "--json")
    assert (loaded.code, loaded.out.splitlines()[0]) == (0, f"{out}: 200 invoices")
    assert checked.out == cli("check", out, "--json").out
    assert PASSWORD not in "".join((loaded.out, loaded.err, checked.out, checked.err))
    assert PASSWORD.encode() not in out.read_bytes()


def test_a_password_in_an_address_is_refused_before_anything_is_done(postgres, cli, tmp_path):
    address = postgres.address().replace(OWNER, f"{OWNER}:{PASSWORD}")
    for command in (
        ("load", address, "--out", tmp_path / "book.duckdb"),
        ("check", address),
        ("report", "run", "portfolio_review", "--book", address, "--as-of", "2025-06-30", "--reports", tmp_path),
    ):
        ended = cli(*command)
        assert (ended.code, ended.err.count("\n")) == (2, 1), ended
        assert "found a password in the address" in ended.err or command[0] == "report"  # which takes no address
        assert PASSWORD not in ended.err + ended.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("named", ["host=h password=hunter2 dbname=d", "jdbc:postgresql://h/d?user=u&password=hunter2"])
@pytest.mark.parametrize(
    "command",
    [
        ("check", "{}"),
        ("load", "{}", "--out", "b.duckdb"),
        ("features", "{}", "--key", "debtor", "--as-of", "2025-06-30", "--out", "f.parquet"),
        ("train", "overdue", "{}", "--as-of", "2025-06-30"),
        ("score", "overdue", "{}", "--as-of", "2025-06-30", "--out", "s.csv"),
        ("report", "run", "portfolio_review", "--book", "{}", "--as-of", "2025-06-30"),
    ],
    ids=lambda command: command[0],
)
def test_a_database_named_in_another_programs_way_is_refused_and_not_repeated(named, command, refused):
    line = refused(*(word.format(named) for word in command), code=2, said="expected")
    assert "hunter2" not in line


def test_a_wrong_password_is_one_line_without_it(address, refused, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "no-such-pw")
    line = refused("load", address, "--out", tmp_path / "b.duckdb", code=2, said="refused the user or the password")
    assert "no-such-pw" not in line


def test_a_report_on_a_book_from_a_database_holds_no_password(address, cli, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    out, reports = tmp_path / "book.duckdb", tmp_path / "reports"
    cli("load", address, "--out", out)
    ended = cli("report", "run", "portfolio_review", "--book", out, "--as-of", "2025-06-30", "--reports", reports)
    assert ended.code in (0, 10, 20), ended
    files = [path for path in reports.rglob("*") if path.is_file()]
    assert {"report.html", "notebook.ipynb", "run.json"} <= {path.name for path in files}
    assert [path.name for path in files if PASSWORD.encode() in path.read_bytes()] == []
    assert PASSWORD not in ended.out + ended.err
