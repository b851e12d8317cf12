"""The report notebooks at hand, in the installed package or in a source checkout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import riskmodels
from riskmodels.core.errors import Misuse
from riskmodels.core.nearest import hint
from riskmodels.runs.parameters import Parameter, cell_source, declared, read_notebook

_PACKAGE = Path(riskmodels.__file__).parent
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True)
class Report:
    """A report notebook: its name is the file's, title and first paragraph come from its opening cell."""

    path: Path

    @property
    def name(self) -> str:
        """The name a run is asked for and kept under."""
        return self.path.stem

    @property
    def title(self) -> str:
        """The notebook's heading, or its name when it has none."""
        headings = (line.lstrip("# ").strip() for line in self._opening if line.startswith("#"))
        return next(headings, self.name)

    @property
    def about(self) -> str:
        """The first paragraph under the heading: the question, the reader, the decision asked."""
        body = "\n".join("" if line.startswith("#") else line for line in self._opening)
        return " ".join(body.strip().split("\n\n")[0].split())

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What a run of it may be given."""
        return declared(self.path)

    @cached_property
    def _opening(self) -> list[str]:
        cells = read_notebook(self.path)["cells"]
        text = next((cell_source(c) for c in cells if c.get("cell_type") == "markdown"), "")
        return [line.strip() for line in text.splitlines()]


def folder() -> Path:
    """Where the report notebooks are: inside the installed package, or beside it in a source checkout."""
    inside = _PACKAGE / "notebooks"
    return inside if inside.is_dir() else _PACKAGE.parent / "notebooks"


def available() -> list[Report]:
    """The report notebooks that can be run by name, sorted by it."""
    return [Report(path) for path in sorted(folder().glob("*.ipynb"))]


def find(name: str) -> Report:
    """The report or research notebook of that name, or the notebook at that path; Misuse when there is none."""
    report = _at_path(name) if name.endswith(".ipynb") else _by_name(name)
    if not _NAME.fullmatch(report.name):
        raise Misuse(f"{name!r}: a report's name is made of letters, digits, _ and -")
    return report


def asked() -> list[Report]:
    """The notebooks of the research folder that declare parameters: run by name when asked for, never scheduled."""
    found = [Report(path) for path in sorted((folder() / "research").glob("*.ipynb"))]
    return [report for report in found if _declares(report.path)]


def _declares(path: Path) -> bool:
    return any("parameters" in cell.get("metadata", {}).get("tags", []) for cell in read_notebook(path)["cells"])


def _by_name(name: str) -> Report:
    known = {report.name: report for report in (*available(), *asked())}
    found = known.get(name.replace("-", "_"))
    if found is None:
        raise Misuse(f"no report {name!r}; {hint(name, known)}; or the path of an .ipynb file")
    return found


def _at_path(name: str) -> Report:
    path = Path(name)
    if not path.is_file():
        raise Misuse(f"{name}: no such notebook file")
    return Report(path)
