"""What the engine asks of Spark, and its failures in one line of the user's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from riskmodels.core import errors
from riskmodels.core.errors import DataRefused, Misuse, RiskmodelsError, RunFailed

REFUSED = re.compile(r"^riskmodels\.core\.errors\.(\w+): (.+)$", re.MULTILINE)
"""How a refusal raised in a worker stands in the traceback that Spark brings back."""


def checked_session(session: Any) -> Any:
    """The session, refused where it is none or where Spark itself isn't installed."""
    import ibis

    try:
        import pyspark  # noqa: F401

        _ = ibis.pyspark  # Ibis compiles for Spark only once its backend is loaded
    except ImportError:
        raise Misuse("spark: pyspark is not installed: pip install 'riskmodels[spark]', and Java 17 or later") from None
    if not hasattr(session, "sql") or not hasattr(session, "createDataFrame"):
        raise Misuse(f"session: found a {type(session).__name__}, expected a SparkSession")
    if ".connect." in type(session).__module__:
        raise Misuse("session: found one of Spark Connect, expected a session of the cluster's own driver")
    return session


@contextmanager
def configured(session: Any, setting: str, value: str) -> Iterator[None]:
    """A block in which a setting of the session has another value."""
    before = session.conf.get(setting, None)
    session.conf.set(setting, value)
    try:
        yield
    finally:
        session.conf.set(setting, before) if before is not None else session.conf.unset(setting)


@contextmanager
def refusals() -> Iterator[None]:
    """A block in which what a worker refuses, or Spark itself, is one line: Misuse, DataRefused or RunFailed.

    Features are computed when a frame is collected or written, so that is where it belongs.
    """
    try:
        yield
    except RiskmodelsError:
        raise
    except Exception as error:
        raise _told(error) from None


def _told(error: Exception) -> Exception:
    from pyspark.errors import AnalysisException, PySparkException

    if found := REFUSED.search(str(error)):
        kind, line = found.groups()
        return getattr(errors, kind, RunFailed)(line)
    if isinstance(error, AnalysisException):
        return DataRefused(f"spark: {_first_line(error)}")
    if isinstance(error, PySparkException) or type(error).__module__.startswith("py4j"):
        return RunFailed(f"spark: broke down: {_first_line(error)}")
    return error


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
