"""A report as a machine reads it: the same figures the tables show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from riskmodels.core.checks import CheckResult, counts, worst
from riskmodels.reporting.block import Block, plain
from riskmodels.reporting.body import Table
from riskmodels.reporting.closing import Findings
from riskmodels.reporting.front import KeyFigures, Opinion, Verdicts
from riskmodels.reporting.header import RunHeader
from riskmodels.reporting.words import limit_text
from riskmodels.reporting.xlsx import tables_of

SCHEMA = "riskmodels.result/1"


def render_json(blocks: Sequence[Block], run: RunHeader) -> dict[str, Any]:
    """The result: overall verdict, counts, `figures` by check name, checks, key figures and tables by name.

    Verdict and counts are those of page 1; figures and checks hold the run's other checks too, after these.
    """
    return run.speak(lambda: _result(blocks, run))


def _result(blocks: Sequence[Block], run: RunHeader) -> dict[str, Any]:
    tables = [b for b in blocks if isinstance(b, Verdicts)]
    shown = [c for b in tables for c in b.checks]
    checks = [(c, b) for b in tables for c in (*b.checks, *b.others)]
    opinion = next((b for b in blocks if isinstance(b, Opinion)), None)
    return plain(
        {
            "schema": SCHEMA,
            "report": run.report,
            "subject": run.subject,
            "run": run.run_id,
            "as_of": run.as_of,
            "language": run.language,
            "tag": run.tag,
            "data_sha256": run.data_hash,
            "code": run.code,
            "previous_run": run.previous_run,
            "overall": opinion.verdict if opinion else worst(shown),
            "grade": opinion.grade if opinion else None,
            "grade_computed": opinion.computed if opinion else None,
            "opinion": opinion.sentence if opinion else "",
            "counts": counts(shown),
            "figures": {c.name: c.value for c, _table in checks},
            "checks": [_check(c, b) for c, b in checks],
            "findings": [asdict(f) for b in blocks if isinstance(b, Findings) for f in b.items],
            "key_figures": [k.__dict__ for b in blocks if isinstance(b, KeyFigures) for k in b.items],
            "tables": {name: _records(t) for name, t in _named(tables_of(blocks))},
        }
    )


def _check(check: CheckResult, table: Verdicts) -> dict[str, Any]:
    said = limit_text(check.limits, check.unit, table.currency)
    return {
        **check.as_dict(),
        "limit_text": said,
        "previous": table.previous.get(check.name),
        "trend": table.trends.get(check.name),
    }


def _named(tables: list[Table]) -> list[tuple[str, Table]]:
    """Names made unique, so no table hides another."""
    seen: dict[str, int] = {}
    named = []
    for table in tables:
        seen[table.name] = seen.get(table.name, 0) + 1
        named.append((table.name if seen[table.name] == 1 else f"{table.name}_{seen[table.name]}", table))
    return named


def _records(table: Table) -> dict[str, Any]:
    keys = [c.key for c in table.columns]
    return {
        "title": table.title,
        "columns": {c.key: {"title": c.title, "unit": c.unit} for c in table.columns},
        "rows": [dict(zip(keys, row, strict=True)) for row in table.rows],
        "totals": [dict(zip(keys, row, strict=True)) for row in table.totals],
    }
