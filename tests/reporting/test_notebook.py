"""An executed notebook becomes its report."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from riskmodels.core.errors import RunFailed
from riskmodels.reporting.notebook import FILES, collect, render


@pytest.fixture
def executed(report, tmp_path):
    shown = [new_output("display_data", data=block._repr_mimebundle_()) for block in report]
    other = new_output("stream", text="a warning")
    cells = [
        new_markdown_cell("# title"),
        new_code_cell("x", outputs=[other, *shown[:3]]),
        new_code_cell("y", outputs=shown[3:]),
    ]
    path = tmp_path / "executed.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_blocks_come_back_in_order(executed, report):
    assert collect(executed) == report


def test_a_report_is_three_files_that_agree(executed, run, tmp_path):
    paths = render(executed, run, tmp_path)
    assert [path.name for path in paths] == list(FILES)
    assert json.loads(paths[2].read_text("utf-8"))["run"] in paths[0].read_text("utf-8")


def test_a_notebook_without_blocks_is_no_report(run, tmp_path):
    nbformat.write(new_notebook(), tmp_path / "empty.ipynb")
    with pytest.raises(RunFailed, match="found no blocks"):
        render(tmp_path / "empty.ipynb", run, tmp_path)
