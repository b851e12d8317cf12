"""The PSI of all columns by evidently, run by the interpreter of its own environment; see `validation`.

Its arguments are two Parquet files, reference and current. It prints the median seconds of three runs, the first not
counted, and how many columns were measured.
"""

from __future__ import annotations

import statistics
import sys
import time

import pandas as pd
from evidently import DataDefinition, Dataset, Report  # type: ignore[import-not-found]
from evidently.presets import DataDriftPreset  # type: ignore[import-not-found]


def main() -> None:
    """Read, measure, print."""
    frames = [pd.read_parquet(path) for path in sys.argv[1:3]]
    text = [c for c in frames[0] if not pd.api.types.is_numeric_dtype(frames[0][c])]
    numbers = [c for c in frames[0] if c not in text]
    meaning = DataDefinition(numerical_columns=numbers, categorical_columns=text)
    reference, current = (Dataset.from_pandas(frame, data_definition=meaning) for frame in frames)
    seconds = []
    for _ in range(4):
        start = time.perf_counter()
        measured = Report([DataDriftPreset(method="psi")]).run(current, reference)
        seconds.append(time.perf_counter() - start)
    columns = sum("ValueDrift" in m["metric_name"] for m in measured.dict()["metrics"])
    print(statistics.median(seconds[1:]), columns)


if __name__ == "__main__":
    main()
