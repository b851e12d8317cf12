"""Overrides as a desk keeps them: a CSV file, one line per changed grade, each held to the policy when it is read.

    party_id,rated_on,before,after,reason,by,approved_by,model_id
    D0042,2026-06-30,4,3,guarantee of its group,Li,Wang,rating-2025-06-30-1c9e1c6f

The last two columns may be absent, and `approved_by` empty where the policy asks for no second person. Text is UTF-8 or
GB18030.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from riskmodels.book.encoding import encoding_of
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import RatingScale
from riskmodels.policy.overrides import Override, overridden
from riskmodels.policy.settings import Settings

NEEDED = ("party_id", "rated_on", "before", "after", "reason", "by")
OPTIONAL = ("approved_by", "model_id")


def recorded(path: Path, scale: RatingScale, settings: Settings | None = None) -> tuple[Override, ...]:
    """The overrides of a file, in its order; refused: one that breaks the policy, a second of one party and day."""
    found = tuple(_override(cells, f"{path}: row {n}", scale, settings) for n, cells in enumerate(_rows(path), 1))
    seen: set[tuple[str, str]] = set()
    for n, each in enumerate(found, 1):
        if (key := (each.party_id, each.rated_on.isoformat())) in seen:
            raise DataRefused(f"{path}: row {n}: found {key[0]} overridden twice on {key[1]}, expected once")
        seen.add(key)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise DataRefused(f"{path}: found no such file, expected a CSV of overrides")
    try:
        table = pd.read_csv(path, encoding=encoding_of(path), dtype="str", keep_default_na=False, index_col=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataRefused(f"{path}: can't be read as CSV: {str(error).strip()}") from None
    table.columns = pd.Index([str(c).removeprefix("\ufeff").strip() for c in table.columns])
    missing, strange = set(NEEDED) - set(table), set(table) - {*NEEDED, *OPTIONAL}
    if missing or strange:
        raise DataRefused(
            f"{path}: found columns {list(table.columns)}, expected {', '.join(NEEDED)}, and if known "
            f"{' and '.join(OPTIONAL)}"
        )
    cells = table.reindex(columns=[*NEEDED, *OPTIONAL], fill_value="")
    return [{str(k): str(v).strip() for k, v in row.items()} for row in cells.to_dict("records")]


def _override(cells: Mapping[str, str], where: str, scale: RatingScale, settings: Settings | None) -> Override:
    told = dict(cells)
    if not told["party_id"]:
        raise DataRefused(f"{where}: found no party_id, expected one")
    try:
        day = parse_date(told.pop("rated_on"), "rated_on")
        return overridden(scale, rated_on=day, settings=settings, **told)
    except Misuse as error:
        raise DataRefused(f"{where}: {error}") from None
