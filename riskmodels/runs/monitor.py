"""A model watched month by month: stored scores with their outcomes, or a stored model on its book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from riskmodels.book.open import open_book
from riskmodels.core.checks import Limits
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.core.limits import override_limits
from riskmodels.models.monthly import horizon_of, monthly_cases
from riskmodels.models.recipes import open_model
from riskmodels.models.shelf import find_model
from riskmodels.validation.findings import Finding, register
from riskmodels.validation.frame_columns import Columns
from riskmodels.validation.monitoring import Monitoring, monitor
from riskmodels.validation.suite import default_limits


@dataclass(frozen=True)
class Watch:
    """The key figures month by month, and the findings that what persists raises."""

    found: Monitoring
    findings: tuple[Finding, ...]


def monitor_file(
    file: str, columns: Columns, reference: str = "", limits: str = "", horizon: int = 12, as_of: str = ""
) -> Watch:
    """The months of a file of scored cases, held against the development sample in the file `reference`.

    `limits` is a TOML file of limits in the place of some of the package's, `horizon` the months an obligor's outcome
    takes, where the file names obligors. Findings are of `as_of`, by default the file's last period.
    """
    lines = _lines(limits)
    if "period" not in columns.roles:
        raise Misuse("--period: found none, expected the column of the day or month each case was scored in")
    sample = columns.read(file)
    kind = "probability" if "probability" in sample else "points"
    start = columns.read_reference(reference, kind) if reference else None
    found = monitor(sample, start, lines, horizon if "obligor" in sample else 0)
    day = parse_date(as_of, "--as-of") if as_of else sample["period"].max().date()
    return Watch(found, register(found.persistence, day, lines))


def monitor_model(model: str, book: Path, as_of: str, limits: str = "") -> Watch:
    """The months of a stored model (its folder or purpose) since its training, on a book from the close of `as_of`."""
    day, lines = parse_date(as_of, "--as-of"), _lines(limits)
    folder = find_model(model, book, day)
    if folder is None:
        raise Misuse(f"{book}: has no model trained by {day}")
    stored = open_model(folder)
    if stored.trained > day:
        raise Misuse(f"{folder}: found a model trained on {stored.trained}, expected one trained by {day}, the as-of")
    cases = monthly_cases(stored, open_book(book).as_of(day), day)
    found = monitor(cases, stored.development, lines, horizon_of(stored))
    return Watch(found, register(found.persistence, day, lines))


def _lines(limits: str) -> Mapping[str, Limits]:
    return override_limits(default_limits(), Path(limits)) if limits else default_limits()
