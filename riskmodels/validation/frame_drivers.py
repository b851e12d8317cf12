"""Which columns of a scored file are held against the development sample: those asked for, or those that can be."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.nearest import hint
from riskmodels.validation.frame import NAMES
from riskmodels.validation.losses.cases import LGD_COLUMNS
from riskmodels.validation.timing.frame import PAYMENT_COLUMNS

MOST_LEVELS = 50
"""Different texts of a column beyond which it is no driver, but names or remarks."""
ENOUGH = 100
"""Rows from which a column of whole numbers, all different, is taken for a key."""


def drivers_of(
    sample: pd.DataFrame, development: pd.DataFrame | None = None, asked: Sequence[str] = ()
) -> tuple[str, ...]:
    """Names of driver columns, in the order asked for or the file's, of both samples where there are two.

    Nothing asked for, they are all columns without a role but constants, keys (whole numbers that are all different)
    and texts of more than MOST_LEVELS kinds. A column that holds numbers in one sample and text in the other is
    refused.
    """
    samples = [sample] if development is None else [sample, development]
    for name in asked:
        _known(name, samples)
    shared = asked or [c for c in _columns(sample) if all(c in s for s in samples)]
    for name in shared:
        kinds = {pd.api.types.is_numeric_dtype(s[name]) for s in samples if s[name].notna().any()}
        if len(kinds) > 1:
            found = "numbers in one sample and text in the other"
            raise DataRefused(f"drivers: {name}: found {found}, expected one kind (or name the drivers without it)")
    return tuple(asked) or tuple(c for c in shared if _tells([s[c].dropna() for s in samples]))


def _known(name: str, samples: list[pd.DataFrame]) -> None:
    for place, found in zip(("file", "reference"), samples):
        if name not in _columns(found):
            raise Misuse(f"drivers: no column {name!r} in the {place}; {hint(name, _columns(found))}")


def _columns(sample: pd.DataFrame) -> list[str]:
    """The columns without a role; what was lost and when it was paid, foretold or come, are none."""
    return [c for c in map(str, sample) if c not in (*NAMES, *LGD_COLUMNS, *PAYMENT_COLUMNS)]


def _tells(samples: list[pd.Series]) -> bool:
    """Whether a column could be a driver, from what it holds in each sample: it varies, and is no key or free text."""
    different = pd.concat(samples).nunique()
    numbers = all(pd.api.types.is_numeric_dtype(s) for s in samples)
    return different > 1 and (not any(map(_is_key, samples)) if numbers else different <= MOST_LEVELS)


def _is_key(values: pd.Series) -> bool:
    return len(values) >= ENOUGH and values.is_unique and bool((values % 1 == 0).all())
