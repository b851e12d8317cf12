"""The features by this package's Spark engine on a local session, which the warm-up starts.

Its peak memory and CPU seconds are the driver's Python alone: the JVM and the workers are processes of their own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from _features_ours import CATALOGUE


def build(source: Path, ends: Sequence[date], out: Path) -> Path:
    """Write the features of every debtor known at each date, as a folder of Parquet files."""
    from riskmodels.features import spark

    session = _session()
    tables = {name: session.read.parquet(str(source / f"{name}.parquet")) for name in ("invoices", "payments")}
    found = spark.build(session, tables, "debtor", ends, CATALOGUE)
    writer = found.write.mode("overwrite").option("parquet.compression.codec.zstd.level", 1)
    writer.parquet(str(out), compression="zstd")
    return out


def _session() -> Any:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {"spark.driver.memory": "6g", "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "16"}
    return SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
