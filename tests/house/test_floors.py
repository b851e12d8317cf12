"""The house: imports go down only, files stay short, nothing unsafe is imported."""

import ast
from collections.abc import Iterator
from pathlib import Path

FLOORS = ["core", "book", "features", "models", "loss", "policy", "portfolio validation", "reporting", "runs", "cli"]
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names.split()}


def sources(repository: Path) -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted((repository / "riskmodels").rglob("*.py")):
        yield path.relative_to(repository / "riskmodels"), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_imports_only_go_down(repository):
    climbs = []
    for path, tree in sources(repository):
        here = path.parts[0].removesuffix(".py")
        for module in imported(tree):
            parts = module.split(".")
            there = parts[1] if parts[0] == "riskmodels" and len(parts) > 1 else here
            if here in LEVEL and there != here and LEVEL[there] >= LEVEL[here]:
                climbs.append(f"{path} -> {module}")
    assert climbs == []


def test_no_relative_imports_hide_a_climb(repository):
    relative = [
        str(path)
        for path, tree in sources(repository)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_nothing_is_pickled(repository):
    unsafe = {"pickle", "joblib", "cloudpickle", "dill", "shelve", "marshal"}
    found = [
        f"{path} -> {module}"
        for path, tree in sources(repository)
        for module in imported(tree)
        if module.split(".")[0] in unsafe
    ]
    assert found == []


def test_files_hold_one_idea(repository):
    long = {
        str(path): n
        for path in sorted((repository / "riskmodels").rglob("*.py"))
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_every_module_says_what_it_is(repository):
    assert [str(path) for path, tree in sources(repository) if not ast.get_docstring(tree)] == []
