"""The parameters a notebook declares, read without executing it, and the values a run may give them."""

from __future__ import annotations

import ast
import io
import json
import keyword
import tokenize
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskmodels.core.errors import Misuse
from riskmodels.core.nearest import hint
from riskmodels.runs.values import Scalar, fitted


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: its name, default and the comment beside it."""

    name: str
    default: Scalar
    comment: str

    @property
    def kind(self) -> str:
        """The name of the default's type: bool, int, float or str."""
        return type(self.default).__name__


def declared(notebook: Path) -> tuple[Parameter, ...]:
    """The parameters in the notebook's one cell tagged `parameters`; Misuse when it isn't plain scalars."""
    source = _parameters_cell(notebook)
    statements, comments = _statements(source, notebook), _comments(source)
    found = tuple(_parameter(s, comments, notebook) for s in statements)
    names = Counter(p.name for p in found)
    if twice := [name for name, times in names.items() if times > 1]:
        raise Misuse(f"{notebook.name}: parameters declared twice: {', '.join(twice)}")
    return found


def check(notebook: Path, given: Mapping[str, object]) -> dict[str, Scalar]:
    """Every declared parameter with its value: the given one in the default's type, or the default.

    Only what passed here may reach a notebook: an undeclared name or a value that doesn't fit is a Misuse.
    """
    known = {p.name: p for p in declared(notebook)}
    for name in given:
        _refuse_unknown(name, known, notebook)
    return {name: fitted(name, p.default, given[name]) if name in given else p.default for name, p in known.items()}


def read_notebook(path: Path) -> dict[str, Any]:
    """The notebook file as JSON; Misuse when it isn't a notebook with cells."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Misuse(f"{path}: can't be read as a notebook: {error}") from None
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or not all(
        isinstance(c, dict) and isinstance(c.get("metadata"), dict) for c in cells
    ):
        raise Misuse(f"{path}: found no list of cells, expected a notebook of format 4")
    return content


def cell_source(cell: Mapping[str, Any]) -> str:
    """The text of a cell, which a notebook file keeps as one string or as lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _parameters_cell(notebook: Path) -> str:
    cells = read_notebook(notebook)["cells"]
    tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    if len(tagged) != 1:
        raise Misuse(f"{notebook.name}: found {len(tagged)} cells tagged 'parameters', expected one")
    return cell_source(tagged[0])


def _statements(source: str, notebook: Path) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        raise Misuse(f"{notebook.name}: the parameters cell isn't plain Python: {error}") from None


def _parameter(statement: ast.stmt, comments: Mapping[int, str], notebook: Path) -> Parameter:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return Parameter(name, _scalar(name, value, notebook), comments.get(statement.end_lineno or 0, ""))
    raise Misuse(f"{notebook.name}: parameters cell, line {statement.lineno}: expected `name = value  # comment`")


def _scalar(name: str, node: ast.expr, notebook: Path) -> Scalar:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        value = None
    if not isinstance(value, Scalar):
        raise Misuse(f"{notebook.name}: parameter {name}: found {ast.unparse(node)}, expected a number, text or flag")
    return value


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").strip() for t in tokens if t.type == tokenize.COMMENT}


def _refuse_unknown(name: object, known: Mapping[str, Parameter], notebook: Path) -> None:
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise Misuse(f"{notebook.name}: found {str(name)[:80]!r}, expected the plain name of a parameter")
    if name not in known:
        raise Misuse(f"{notebook.name}: has no parameter {name!r}; {hint(name, known)}")
