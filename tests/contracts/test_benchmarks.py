"""Every benchmark takes a scale and a file, and writes rows of one shape."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
FILES = sorted(FOLDER.glob("[!_]*.py"))
SHAPE = {"headline", "ours", "peer", "peer_name", "ratio", "goal", "met", "unit", "n"}
TINY = 2_000
SMALLER = {"overdue": 500}
"""Where a peer's time grows with the square of the cases."""
LESS = {
    "features": ["--only", "floor"],
    "credit": ["--only", "binning,scoring"],
    "overdue": ["--only", "logit,trees,survival,fit-logit,fit-lightgbm"],
}
"""What a benchmark is asked that would start too many processes for a test, or do one part's work for every engine."""
QUICK = {
    "features": {"features": {"REPEATS": 1, "SAMPLE": TINY}},
    "credit": {"_credit_binning": {"REPEATS": 1}, "_credit_scoring": {"REPEATS": 1, "TRAINED": TINY}},
    "overdue": {"_overdue_beside": {"REPEATS": 1}},
}
"""What stands in the modules of a benchmark for medians worth telling, and isn't worth a test's time."""


@pytest.fixture
def benchmark(request, monkeypatch):
    """A benchmark as a module, its small scale made tiny."""
    monkeypatch.syspath_prepend(FOLDER)
    spec = importlib.util.spec_from_file_location(f"benchmark_{request.param.stem}", request.param)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    stem = request.param.stem
    monkeypatch.setitem(module.SCALES, "small", SMALLER.get(stem, TINY))
    for name, settings in QUICK.get(stem, {}).items():
        for setting, value in settings.items():
            monkeypatch.setattr(module if name == stem else sys.modules[name], setting, value)
    return module


@pytest.mark.parametrize("benchmark", FILES, ids=lambda p: p.stem, indirect=True)
def test_a_benchmark_writes_rows_of_one_shape(benchmark, monkeypatch, tmp_path, capsys):
    shape = SHAPE | set(getattr(benchmark, "BESIDE", ()))
    less = LESS.get(Path(benchmark.__file__).stem, [])
    assert set(benchmark.SCALES) == {"small", "full"}
    monkeypatch.setattr(sys, "argv", ["benchmark", "--scale", "small", "--json", str(tmp_path / "rows.json"), *less])
    benchmark.main()
    rows = json.loads((tmp_path / "rows.json").read_text())
    printed = capsys.readouterr().out
    assert rows
    for row in rows:
        assert set(row) == shape
        assert row["ours"] > 0
        assert row["n"] == benchmark.SCALES["small"]
        assert row["headline"] in printed
        compared = (row["peer"] is None, row["ratio"] is None)
        assert compared in ((True, True), (False, False))
        judged = row["goal"] is not None and row["ratio"] is not None
        assert row["met"] == (row["ratio"] >= row["goal"] if judged else None)
