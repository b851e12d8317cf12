"""A run hands its notebook to the reporting floor and gets a report back."""

from __future__ import annotations

import json

from riskmodels.core.checks import Verdict
from riskmodels.runs.execute import run
from riskmodels.runs.registry import verify

CELL = """
from IPython.display import display
from riskmodels.core.checks import CheckResult, Limits
from riskmodels.reporting import Masthead, Opinion, Verdicts

checks = (CheckResult("tiny.size.rows", "Rows", float(top), Limits.at_most(20.0, watch=5.0)),)
display(Masthead("Tiny report"), Opinion.of(checks, "It is small."), Verdicts(checks))
"""


def test_a_run_renders_the_report_of_its_notebook(notebook, subject, tmp_path):
    made = run(notebook(CELL), {}, subject, tmp_path / "reports")
    assert {"report.html", "tables.xlsx", "result.json", "notebook.ipynb"} <= set(made.manifest.files)
    assert made.manifest.verdict is Verdict.WATCH
    assert made.values == {"tiny.size.rows": 10.0}
    assert verify(made) == []
    assert made.manifest.run_id in (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
    result = json.loads((made.path / "result.json").read_text(encoding="utf-8"))
    assert (result["run"], result["subject"]) == (made.manifest.run_id, "ledger")
