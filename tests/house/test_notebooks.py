"""Notebooks are thin: no outputs, no definitions, short cells, one cell of parameters, only the package's own face."""

import ast
import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
ASKED = [FOLDER / "research" / f"{name}.ipynb" for name in ("loss_and_dilution", "rating_migration")]
NOTEBOOKS = [*sorted(FOLDER.glob("*.ipynb")), *ASKED]


def cells(path: Path, kind: str) -> list[dict]:
    return [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == kind]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def test_there_are_notebooks():
    reports = {"data_quality", "feature_review", "model_validation", "overdue_development", "portfolio_review"}
    assert reports <= {p.stem for p in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
class TestNotebook:
    def test_it_has_no_outputs(self, path):
        assert all(not c["outputs"] and c["execution_count"] is None for c in cells(path, "code"))

    def test_its_cells_are_short_and_define_nothing(self, path):
        for cell in cells(path, "code"):
            text = source(cell)
            # A cell of parameters is a list, one to a line
            assert len(text.splitlines()) <= (20 if "parameters" in cell["metadata"].get("tags", []) else 15), text
            kinds = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
            assert not [n for n in ast.walk(ast.parse(text)) if isinstance(n, kinds)], text

    def test_it_has_one_cell_of_plain_commented_parameters(self, path):
        tagged = [c for c in cells(path, "code") if "parameters" in c["metadata"].get("tags", [])]
        assert len(tagged) == 1
        for line in source(tagged[0]).splitlines():
            name, _, rest = line.partition(" = ")
            assert name.isidentifier(), line
            assert "  # " in rest, line
            ast.literal_eval(rest.split("  # ")[0])

    def test_it_uses_nothing_but_the_package(self, path):
        names = [
            alias.name
            for cell in cells(path, "code")
            for node in ast.walk(ast.parse(source(cell)))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ]
        assert names == ["riskmodels"]

    def test_it_begins_with_its_question(self, path):
        first = source(cells(path, "markdown")[0])
        assert first.startswith("# ")
        assert len(first.splitlines()) >= 3
