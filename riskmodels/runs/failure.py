"""What is left of a run that failed: one line that says why, and the notebook as far as it got."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskmodels.core.errors import RiskmodelsError, RunFailed
from riskmodels.runs.kernel import Execution
from riskmodels.runs.manifest import NOTEBOOK


@contextmanager
def kept_for_inspection(folder: Path, execution: Execution) -> Iterator[None]:
    """Errors of this package pass unchanged; any other failure becomes a RunFailed, its notebook kept in `folder`."""
    try:
        yield
    except RunFailed as error:
        raise type(error)(f"{error}{_kept(folder, execution)}") from error
    except RiskmodelsError:
        raise
    except Exception as error:
        message = " ".join(f"{type(error).__name__}: {error}".split())
        raise RunFailed(f"{message}{_kept(folder, execution)}") from error


def _kept(folder: Path, execution: Execution) -> str:
    # a kernel that never started leaves nothing to see
    if execution.notebook is None:
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    execution.save(folder / NOTEBOOK)
    return f"; see {folder / NOTEBOOK}"
