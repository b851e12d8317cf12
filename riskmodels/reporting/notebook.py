"""From an executed notebook to the files of its report."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat

from riskmodels.core.errors import RunFailed
from riskmodels.reporting.block import MIME, Block, from_json
from riskmodels.reporting.closing import Findings
from riskmodels.reporting.header import RunHeader
from riskmodels.reporting.html import render_html
from riskmodels.reporting.result import render_json
from riskmodels.reporting.xlsx import render_xlsx
from riskmodels.validation.findings_file import write_findings

FILES = ("report.html", "tables.xlsx", "result.json")
FINDINGS = "findings.csv"


def collect(executed_notebook: Path) -> list[Block]:
    """The blocks the notebook's cells emitted, in order."""
    notebook = nbformat.read(executed_notebook, as_version=4)
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    return [from_json(out.data[MIME]) for out in outputs if MIME in out.get("data", {})]


def render(executed_notebook: Path, run: RunHeader, folder: Path) -> list[Path]:
    """Write report.html, tables.xlsx and result.json into the folder; returns their paths.

    A report that carries a register of findings writes it as findings.csv too, for people to edit and give back.
    """
    blocks = collect(executed_notebook)
    if not blocks:
        raise RunFailed(f"{executed_notebook}: found no blocks in its outputs, expected an executed report notebook")
    page, workbook, result = (Path(folder, name) for name in FILES)
    page.write_text(render_html(blocks, run), encoding="utf-8", newline="\n")
    render_xlsx(blocks, run, workbook)
    told = json.dumps(render_json(blocks, run), ensure_ascii=False, indent=1, allow_nan=False)
    result.write_text(told + "\n", encoding="utf-8", newline="\n")
    registers = [b for b in blocks if isinstance(b, Findings) and b.as_of]
    for register in registers:
        write_findings(register.items, Path(folder, FINDINGS))
    return [page, workbook, result, *(Path(folder, FINDINGS) for _register in registers)]
