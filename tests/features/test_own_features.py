"""The page on features of one's own: its code runs as it stands, and says what the page says it says."""

import ast
import importlib.util
import json
import re
import sys

import pytest

from riskmodels.core.errors import Misuse
from riskmodels.features import CATALOGUE, Feature
from riskmodels.features import catalogue as home
from riskmodels.features.evidence import LeakFound
from riskmodels.features.pack import catalogue_named

FEW = tuple(e for e in CATALOGUE if e.name in ("amount", "invoice_count_365d", "late_share_365d"))
"""What stands in for the whole catalogue where the page builds it: to plan all of it takes longer than the page."""


@pytest.fixture(scope="module")
def page(repository):
    return (repository / "docs" / "own-features.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def place(repository, tmp_path_factory):
    """A folder with the two books that the page opens, random ones that have every table."""
    spec = importlib.util.spec_from_file_location("schema_books", repository / "tests/contracts/schema_books.py")
    books = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(books)
    folder = tmp_path_factory.mktemp("own")
    (folder / "data").mkdir()
    con = books.schema_book(1).connection
    for name in ("demo", "small"):
        con.execute(f"ATTACH '{folder}/data/{name}.duckdb' AS {name}")
        for (table,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            con.execute(f"CREATE TABLE {name}.{table} AS FROM {table}")
        con.execute(f"DETACH {name}")
    return folder


@pytest.fixture(scope="module")
def run(page, place):
    """The page's code run from top to bottom: its names, the value of each block's last line, the leak it shows."""
    names, shown, leaks = {}, [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setattr(home, "CATALOGUE", FEW)
        for leaky, code in blocks(page, "python"):
            if leaky:
                with pytest.raises(LeakFound) as found:
                    executed(code, names)
                leaks.append(str(found.value))
            else:
                shown.append(executed(code, names))
    return names, shown, leaks


def blocks(page, kind):
    return re.findall(rf"^```{kind}( leak)?\n(.*?)^```", page, re.M | re.S)


def executed(code, names):
    """The value of the last line, if it is an expression, once the code has run."""
    body = ast.parse(code).body
    last = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "page", "exec"), names)
    return eval(compile(last, "page", "eval"), names) if last else None


def test_every_example_runs_and_gives_its_columns(run):
    names, shown, _ = run
    assert len(shown) >= 11
    assert shown[1] == [
        *("client_id", "as_of"),
        *(f"client_long_terms_share_{window}" for window in ("90d", "365d", "ever")),
    ]
    assert "client_long_terms_share_90d" in shown[-2]
    assert {e.name for e in names["MINE"]} >= {
        "guarantor_paid_count_365d",
        "amount_against_usual",
        "due_in_quarter_end",
    }


def test_the_examples_say_something_of_a_book(run):
    names, _, _ = run
    build, book, day = names["build"], names["book"], names["day"]
    for key in ("client", "debtor", "pair", "chain"):
        frame = build(book, key, day, names["MINE"])
        told = {c: frame[c].nunique() for c in frame if frame[c].dtype.kind == "f"}
        assert told
        assert sum(n > 1 for n in told.values()) >= len(told) / 2, told


def test_the_error_of_a_leak_reads_as_the_page_shows_it(run, page):
    _, _, (found,) = run
    ((_, text),) = blocks(page, "text")
    shown, told = (re.sub(r"\d+", "N", one.split(". ")[0].replace("\n", " ")) for one in (text, found))
    assert told == shown


def test_the_list_of_what_a_book_gives_names_what_is_missing(run):
    _, shown, _ = run
    listed = next(s for s in shown if hasattr(s, "columns") and "reason" in s)
    assert dict(zip(listed["feature"], listed["reason"]))["amount_against_usual"] == "without invoice_amount"


@pytest.mark.usefixtures("run")
def test_the_frame_of_own_features_is_written_with_its_lineage(place):
    import pyarrow.parquet as pq

    written = pq.read_schema(place / "mine.parquet")
    assert len(written.metadata[b"riskmodels.catalogue"]) == 64
    assert written.field("client_long_terms_share_90d").metadata[b"meaning"].startswith(b"Share of invoices with")


def test_the_pack_of_the_page_is_switched_off_without_its_table(run):
    names, shown, _ = run
    assert shown[-1] == ["no rows in table shipments"]
    assert names["catalogue_of"]([names["LOGISTICS"]])[-1].name == "days_on_the_way_90d"


def test_every_option_the_page_names_exists(page):
    from typer.main import get_command

    from riskmodels.cli import app

    commands = get_command(app).commands
    lines = [line for _, block in blocks(page, "sh") for line in block.splitlines()]
    assert len(lines) >= 4
    for line in lines:
        verb = line.split()[1]
        options = {o for p in commands[verb].params for o in p.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= options, line


MODULE = """
from riskmodels.features import RAISES, Feature, Flow
from riskmodels.features.facts import INVOICES
from riskmodels.features.formulas import total

MINE = (Feature("my_invoices_365d", "Invoices", "count", RAISES, total, (Flow(INVOICES, lambda r: 1, window=365),)),)
WRONG = "MINE"
STRAY = (3,)
"""


def test_the_command_line_takes_features_of_a_users_module(place, monkeypatch):
    import pyarrow.parquet as pq
    from typer.testing import CliRunner

    from riskmodels.cli import app

    (place / "mymodule.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(place)
    monkeypatch.setattr("riskmodels.features.pack.CATALOGUE", FEW)
    asked = "features data/small.duckdb --key client --as-of 2025-06-30 --out cli.parquet --catalogue mymodule:MINE"
    done = CliRunner().invoke(app, asked.split(), catch_exceptions=False)
    assert done.exit_code == 0
    assert {"client_my_invoices_365d", "client_late_share_365d"} <= set(pq.read_schema(place / "cli.parquet").names)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mymodule", "--catalogue: found 'mymodule', expected MODULE:ATTRIBUTE, such as mymodule:MINE"),
        ("nomodule:MINE", "--catalogue: found no module 'nomodule', expected one in this folder or installed"),
        ("mymodule:YOURS", "--catalogue: module mymodule: found no 'YOURS', expected it to be defined there"),
        ("mymodule:WRONG", "--catalogue: mymodule:WRONG: found str, expected a tuple of features"),
        ("mymodule:STRAY", "catalogue: found int in place 0, expected Feature, Own, Compared or Linked"),
    ],
)
def test_a_catalogue_that_cannot_be_is_one_clear_line(place, monkeypatch, name, said):
    (place / "mymodule.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(place)
    monkeypatch.delitem(sys.modules, "mymodule", raising=False)
    with pytest.raises(Misuse, match=re.escape(said)):
        catalogue_named(name)


def test_a_module_in_the_folder_does_not_stand_before_an_installed_one(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("MINE = ()\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Misuse, match="module json: found no 'MINE'"):
        catalogue_named("json:MINE")


def test_models_take_the_signs_of_own_features():
    from riskmodels.features.formulas import total
    from riskmodels.models.scorecard.offered import expected_signs

    mine = (Feature("my_count_365d", "Mine", "count", -1, total, (), ("debtor",)),)
    assert expected_signs(mine) == {"debtor_my_count_365d": -1}


def test_the_notebook_runs(repository, place):
    notebook = json.loads((repository / "notebooks/research/own_features.ipynb").read_text(encoding="utf-8"))
    code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(not c["outputs"] and c["execution_count"] is None for c in notebook["cells"] if c["cell_type"] == "code")
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setattr(home, "CATALOGUE", FEW)
        for cell in code:
            executed(cell.replace("../../data/", "data/"), names)
    assert names["frame"].filter(like="short_terms").notna().any().any()
