"""A stored model scores a Spark frame of features: the same bits as on this machine, in workers without shared disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from riskmodels.core.errors import DataRefused
from riskmodels.features.spark.session import checked_session
from riskmodels.models import store
from riskmodels.models.inputs import columns_used
from riskmodels.models.overdue import ANSWERS
from riskmodels.models.shelf import read_card

Batches = Iterable[pa.RecordBatch]
_POINTS = {"probability": "double", "challenger": "double", "grade": "string", "points": "double"}
SCORES = {
    "rating": _POINTS,
    "overdue-debtor": _POINTS,
    "overdue-client": _POINTS,
    "overdue": {"probability": "double", "challenger": "double", "grade": "string", **dict.fromkeys(ANSWERS, "double")},
}
"""What a model of each purpose says of a row."""
TOLD = {"overdue": ("terms_days",)}
"""What its rows must say besides features: an invoice's days from issue to due; `age_days` if it is still open."""


def score(session: Any, model_folder: str | Path, frame: Any) -> Any:
    """The rows of a Spark frame scored: id, as_of, probability, challenger, grade, and points or ANSWERS.

    The frame is one of features as `riskmodels.features.spark.build` gives it: of debtors for a rating, of debtors or
    clients for a model of which are overdue; for an overdue model of invoices, with `terms_days` and for those seen
    open `age_days`. Every file of the folder is checked here against its manifest; the models then travel to the
    workers with the work.
    """
    checked_session(session)
    folder = Path(model_folder)
    purpose = read_card(folder)["purpose"]
    manifest, content = store._read(folder)
    models = {n: store._model(n, kind, content) for n, kind in manifest["models"].items()}
    needed = [*TOLD.get(purpose, ()), *columns_used(models)]
    ids = [_recipe(purpose).ID, "as_of"]
    if missing := [c for c in (*ids, *needed) if c not in frame.columns]:
        raise DataRefused(f"frame: missing columns {', '.join(missing)}, which the model needs")
    kept = frame.select(*ids, *needed, *(["age_days"] if "age_days" in frame.columns else []))
    files = {name: data for name, data in content.items() if not name.endswith(".parquet")}
    schema = ", ".join([f"{ids[0]} string", "as_of date", *(f"{n} {k}" for n, k in SCORES[purpose].items())])
    return kept.mapInArrow(_scorer(purpose, manifest["models"], files), schema)


def _scorer(
    purpose: str, kinds: Mapping[str, str], files: Mapping[str, bytes]
) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """What a worker does: the models from their bytes, then each batch by the recipe that scores on this machine."""

    def scored(batches: Batches) -> Iterator[pa.RecordBatch]:
        recipe = _recipe(purpose)
        models = {name: store._model(name, kind, files) for name, kind in kinds.items()}
        for batch in batches:
            found = recipe.scored(models, batch.to_pandas())
            yield _batch(found[[recipe.ID, "as_of", *SCORES[purpose]]], batch)

    return scored


def _batch(found: pd.DataFrame, given: pa.RecordBatch) -> pa.RecordBatch:
    """The scores beside the ids as they were given."""
    scores = {name: found[name].to_numpy(float) for name in found.columns[2:] if name != "grade"}
    cells = {name: pa.array(values, pa.float64()) for name, values in scores.items()}
    cells["grade"] = pa.array(found["grade"].astype(object), pa.string(), from_pandas=True)
    every = {name: given[name] for name in found.columns[:2]} | cells
    return pa.RecordBatch.from_arrays([every[name] for name in found.columns], names=list(found.columns))


def _recipe(purpose: str) -> Any:
    from riskmodels.models.recipes import PURPOSES

    return PURPOSES[purpose]
