"""Validation: AUC and its interval beside scikit-learn and bootstraps, draws of obligors, PSI, the whole battery.

The floor of any AUC is one sort of the scores; it is timed in the same run. evidently is timed by the interpreter that
EVIDENTLY_PYTHON names, for it needs another pandas than this package; without one its row is left out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from _bench import Row, must_agree, row, run, timed
from sklearn.metrics import roc_auc_score

from riskmodels.reporting.pages.judged_frame import file_validation
from riskmodels.reporting.pages.judgement import ModelValidation
from riskmodels.runs.notebooks import find
from riskmodels.validation.discrimination import auc, auc_interval
from riskmodels.validation.frame import ROLES
from riskmodels.validation.resampling import cluster_bootstrap
from riskmodels.validation.stability import csi
from riskmodels.validation.suite import validate

SCALES = {"small": 100_000, "full": 1_000_000}
SAMPLES, TIMED = 1_000, 20
NUMBERS, TEXTS = 26, 4
BAR = "seconds allowed"


def scored(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes (n,), about one in twenty bad, and scores (n,) in (0, 1) that separate them somewhat."""
    rng = np.random.default_rng(11)
    bad = (rng.random(n) < 0.05).astype(int)
    return bad, 1 / (1 + np.exp(3 - rng.normal(size=n) - bad))


def area(n: int) -> list[Row]:
    """The AUC beside scikit-learn's and its floor."""
    bad, score = scored(n)
    must_agree(abs(auc(bad, score) - roc_auc_score(bad, score)) < 1e-12, "AUC")
    seconds, _ = timed(
        {
            "ours": lambda: auc(bad, score),
            "scikit-learn": lambda: roc_auc_score(bad, score),
            "sort": lambda: np.argsort(score),
        }
    )
    return [
        row("AUC", seconds["ours"], seconds["scikit-learn"], "scikit-learn roc_auc_score", 0.8, n),
        row("AUC against its floor", seconds["ours"], seconds["sort"], "one sort of the scores", None, n),
    ]


def interval(n: int) -> list[Row]:
    """DeLong's interval beside 1,000 bootstraps around scikit-learn's AUC: twenty are timed, the rest counted."""
    bad, score = scored(n)
    seconds, found = timed({"ours": lambda: auc_interval(bad, score), "peer": lambda: _bootstrap(bad, score)}, 3)
    must_agree(0.5 < found["ours"].se / found["peer"] < 2, "standard error of the AUC")
    who = f"bootstrap x {SAMPLES:,} of roc_auc_score, {TIMED} timed"
    return [row("AUC with DeLong's interval", seconds["ours"], seconds["peer"] * SAMPLES / TIMED, who, 500.0, n)]


def _bootstrap(bad: np.ndarray, score: np.ndarray) -> float:
    """Standard error of the AUC over samples drawn with replacement."""
    rng, n = np.random.default_rng(5), len(bad)
    drawn = (rng.integers(0, n, n) for _ in range(TIMED))
    return float(np.std([roc_auc_score(bad[i], score[i]) for i in drawn], ddof=1))


def obligors(n: int) -> list[Row]:
    """1,000 draws of obligors for AUC, KS and Brier score, of about three cases each."""
    bad, score = scored(n)
    obligor = np.random.default_rng(12).integers(0, n // 3, n)
    cluster_bootstrap(bad[:100], score[:100], obligor[:100], draws=2)
    seconds, found = timed({"ours": lambda: cluster_bootstrap(bad, score, obligor, SAMPLES)}, 3)
    told = found["ours"].auc.se / auc_interval(bad, score, obligor).se
    must_agree(0.9 < told < 1.1, "clustered standard error of the AUC")
    return [row(f"Draws of obligors x {SAMPLES:,}: AUC, KS, Brier", seconds["ours"], 5.0 * n / 100_000, BAR, 1.0, n)]


def shifts(n: int) -> list[Row]:
    """The PSI of thirty columns, four of them text, missing values among them; evidently's where it is at hand."""
    reference, current = drivers(n, 13, 0.0), drivers(n, 14, 0.1)
    names = list(reference.columns)
    seconds, _ = timed({"ours": lambda: csi(reference, current, names)})
    told = f"PSI of {len(names)} columns"
    rows = [row(told, seconds["ours"], 0.5 * n / 100_000, BAR, 1.0, n)]
    if python := os.environ.get("EVIDENTLY_PYTHON"):
        rows.append(row(told, seconds["ours"], _evidently(python, reference, current), "evidently", 10.0, n))
    else:
        print("EVIDENTLY_PYTHON is not set: the row of evidently is left out", file=sys.stderr)
    return rows


def drivers(n: int, seed: int, moved: float) -> pd.DataFrame:
    """Numbers and texts of 5 to 14 levels, every third number moved, one value in fifty missing in one of five."""
    rng = np.random.default_rng(seed)
    numbers = {f"number_{i}": rng.normal(moved * (i % 3 == 0), 1, n) for i in range(NUMBERS)}
    texts = {f"text_{i}": rng.integers(0, 5 + 3 * i, n).astype(str) for i in range(TEXTS)}
    frame = pd.DataFrame({**numbers, **texts})
    frame.iloc[::50, ::5] = np.nan
    return frame


def _evidently(python: str, reference: pd.DataFrame, current: pd.DataFrame) -> float:
    """Median seconds of its drift report by PSI, reading not counted."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, name)) for name in ("reference.parquet", "current.parquet")]
        for frame, path in zip((reference, current), paths, strict=True):
            frame.to_parquet(path)
        script = Path(__file__).with_name("_validation_evidently.py")
        said = subprocess.run([python, str(script), *paths], capture_output=True, text=True, check=True).stdout.split()
    must_agree(int(said[1]) == reference.shape[1], "number of columns measured")
    return float(said[0])


def battery(n: int) -> list[Row]:
    """Every check on a sample of thirty drivers, three cases to an obligor, against a development sample as large."""
    reference, sample = (_case(n, seed) for seed in (15, 16))
    names = [c for c in sample if c.startswith(("number_", "text_"))]
    seconds, found = timed({"ours": lambda: validate(sample, reference, drivers=names)}, 1)
    ran = sum(not r.reason for r in found["ours"])
    judged = _read(sample, reference)
    whole, _ = timed({"ours": lambda: _document(judged)}, 1)
    allowed = 20.0 * n / 100_000
    return [
        row(f"Every check, {ran} of {len(found['ours'])} run", seconds["ours"], allowed, BAR, 1.0, n),
        row("Every check and section of files read, figures included", whole["ours"], allowed, BAR, 1.0, n),
    ]


def _read(sample: pd.DataFrame, reference: pd.DataFrame) -> ModelValidation:
    """The validation of the samples as files, both read."""
    roles = ", ".join(f"{role}={role}" for role in ROLES[1:])
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder, name)) for name in ("sample.parquet", "reference.parquet")]
        for frame, file in zip((sample, reference), files, strict=True):
            frame.to_parquet(file)
        told = {"reference": files[1], "drivers": ",".join(c for c in sample if "_" in c)}
        judged = file_validation(files[0], f"score=probability, {roles}", "2025-12-31", **told)
        must_agree(len(judged.case.sample) == len(sample) and judged.source.identity != {}, "number of cases read")
    return judged


def _document(judged: ModelValidation) -> int:
    """Every section that the report's notebook shows, checks first; how many blocks they have."""
    shown = re.findall(r"judged\.(\w+)\(\)", find("model_validation").path.read_text(encoding="utf-8"))
    return len(judged.checks) + sum(len(getattr(judged, section)()) for section in shown)


def _case(n: int, seed: int) -> pd.DataFrame:
    """A scored sample with every optional column."""
    rng = np.random.default_rng(seed)
    frame = drivers(n, seed, 0.0)
    odds = frame["number_1"] + 0.7 * frame["number_2"] - 3.5
    probability = 1 / (1 + np.exp(-odds))
    return frame.assign(
        probability=probability,
        outcome=(rng.random(n) < probability).astype(float),
        grade=pd.cut(probability, [0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 1], labels=list("ABCDEFG")).astype(str),
        weight=rng.lognormal(10, 1, n),
        obligor=rng.integers(0, n // 3, n),
        client=rng.integers(0, n // 300, n),
        segment=rng.choice(["north", "south", "east", "west"], n),
        period=pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 365, n), "D"),
        challenger=1 / (1 + np.exp(-frame["number_1"] + 3)),
    )


PARTS = {"auc": area, "interval": interval, "obligors": obligors, "psi": shifts, "battery": battery}


def main() -> None:
    """Measure at the scale asked for."""
    run(__doc__, SCALES, PARTS)


if __name__ == "__main__":
    main()
