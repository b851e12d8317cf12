"""Small notebooks and a small renderer, so that runs can be tested without the reporting floor."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from riskmodels.runs.execute import Subject
from riskmodels.runs.manifest import Manifest
from riskmodels.runs.notebooks import Report

PARAMETERS = """\
as_of = "2026-06-30"  # close of business the report looks from
lang = "en"  # language of the report
verdict = "within"  # what the one check finds
threshold = 0.5  # a rate
top = 10  # rows shown
strict = False  # refuse doubtful data
previous = ""  # result.json of the run to compare with
"""

CELLS = ('import json\nprint(json.dumps({"verdict": verdict, "value": top}))',)


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Report]:
    """Makes a report notebook of the given cells, all but the first of them code."""

    def make(*cells: str, name: str = "tiny_report", parameters: str = PARAMETERS) -> Report:
        opening = v4.new_markdown_cell("# Tiny report\nHow big is it?\nFor the committee.\n\nMore words.")
        declared = v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
        code = [v4.new_code_cell(c) for c in cells or CELLS]
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(v4.new_notebook(cells=[opening, declared, *code]), path)
        return Report(path)

    return make


@pytest.fixture
def subject() -> Subject:
    return Subject(book="ledger", book_hash="b" * 64)


@pytest.fixture
def render() -> Callable[[Path, Manifest, Path], None]:
    return render_small


@pytest.fixture
def instant(monkeypatch):
    """Reports whose notebook takes no time, for tests of what comes before and after it; gives their renderer."""
    monkeypatch.setattr("riskmodels.runs.execute.execute", lambda *_: None)
    return render_instant


def render_instant(executed: Path, manifest: Manifest, folder: Path) -> None:
    """A result whose verdict is the run's parameter of that name."""
    told = {"overall": manifest.parameters["verdict"], "figures": {"a.b.c": manifest.parameters["top"]}}
    (folder / "result.json").write_text(json.dumps(told), encoding="utf-8")


def render_small(executed: Path, manifest: Manifest, folder: Path) -> None:
    """A page of one line, and a result of the one check that the notebook printed."""
    outputs = [o for c in nbformat.read(executed, 4).cells for o in c.get("outputs", [])]
    found = json.loads(outputs[0]["text"])
    (folder / "report.html").write_text(f"<p>{manifest.title} {manifest.as_of}</p>", encoding="utf-8")
    (folder / "result.json").write_text(
        json.dumps({"overall": found["verdict"], "figures": {"a.b.c": found["value"]}}), encoding="utf-8"
    )
