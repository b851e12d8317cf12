"""An executed notebook becomes its report."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from riskmodels.core.errors import RunFailed
from riskmodels.reporting.closing import Findings
from riskmodels.reporting.notebook import FILES, FINDINGS, collect, render
from riskmodels.validation.findings import Finding
from riskmodels.validation.findings_file import read_earlier


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
    assert [path.name for path in paths] == [*FILES, FINDINGS]
    assert json.loads(paths[2].read_text("utf-8"))["run"] in paths[0].read_text("utf-8")


def test_the_register_that_people_edit_is_the_one_the_next_run_reads(executed, run, tmp_path):
    paths = render(executed, run, tmp_path)
    told = json.loads(paths[2].read_text("utf-8"))["findings"]
    by_people, by_machine = (read_earlier(*where).findings for where in (("", str(paths[3])), (str(paths[2]), "")))
    assert by_people == by_machine
    assert [f["id"] for f in told] == [f.id for f in by_machine] == ["F-01"]


def test_a_list_that_no_run_carries_is_no_register(run, tmp_path):
    block = Findings((Finding("D01", "S2", "Paid twice"),))
    shown = new_output("display_data", data=block._repr_mimebundle_())
    nbformat.write(new_notebook(cells=[new_code_cell("x", outputs=[shown])]), tmp_path / "executed.ipynb")
    assert [path.name for path in render(tmp_path / "executed.ipynb", run, tmp_path)] == list(FILES)


def test_a_notebook_without_blocks_is_no_report(run, tmp_path):
    nbformat.write(new_notebook(), tmp_path / "empty.ipynb")
    with pytest.raises(RunFailed, match="found no blocks"):
        render(tmp_path / "empty.ipynb", run, tmp_path)
