"""The public sets listed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from riskmodels.book.datasets.files import DATASETS, place


def catalogue(folder: str | Path | None = None) -> pd.DataFrame:
    """One row for each public set: name, rows, columns, what, source, licence, file, and whether the file is there.

    `present` says that there is a file; reading the set says whether it is the right one.
    """
    rows = [
        {
            "name": d.name,
            "rows": d.rows,
            "columns": d.columns,
            "what": d.what,
            "source": d.source,
            "licence": d.licence,
            "file": d.file,
            "present": place(d.name, folder).is_file(),
        }
        for d in DATASETS.values()
    ]
    return pd.DataFrame(rows)
