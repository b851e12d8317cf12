"""Tables that a check leaves in its result, so that the report shows what was judged and nothing else."""

from __future__ import annotations

from typing import Any

import pandas as pd

from riskmodels.core.checks import CheckResult

TABLE = "table"


def rows(table: pd.DataFrame) -> dict[str, Any]:
    """The table as plain rows under the key `table` of a check's detail; a missing value is None."""
    plain = table.astype(object).where(table.notna(), None)
    return {TABLE: plain.to_dict("records")}


def table_of(result: CheckResult) -> pd.DataFrame:
    """The table that a check left; empty when it was not run."""
    return pd.DataFrame(result.detail.get(TABLE, []))
