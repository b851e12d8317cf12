"""The register as files: what the last run's result.json holds, and the findings.csv that people edit and give back.

    id,severity,finding,raised_by,owner,due,state,opened_on,closed_on,retest,carried,remark
    F-01,S1,"AUC on later data: 0.61, beyond 0.65",validation.discrimination.auc.out_of_time,Model owner,2026-07-30,...

Owner, due, state and remark are people's. A row without an id is a finding raised by hand.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from riskmodels.book.encoding import encoding_of
from riskmodels.core.checks import Verdict
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.validation.findings import SEVERITIES, Earlier, Finding, Retest, State, numbered

COLUMNS = tuple(f.name for f in fields(Finding))
NEEDED = ("id", "severity", "finding", "owner", "due", "state")
PEOPLES = ("owner", "due", "state", "remark")
_DATES = ("due", "opened_on", "closed_on")
_FORMULA = ("=", "+", "-", "@", "\t")


def read_earlier(previous: str = "", findings: str = "") -> Earlier:
    """What the run before left: its result.json (`previous`), with the changes of an edited findings.csv (`findings`).

    Either may be empty. A finding both know keeps what the run said but for owner, due, state and remark; one only the
    file knows is taken as it stands, without an id one raised by hand.
    """
    left = _left(previous) if previous else Earlier()
    if not findings:
        return left
    known = {f.id: f for f in left.findings}
    edited = {f.id or f"new {n}": (f, where) for n, (f, where) in enumerate(_rows(Path(findings)))}
    changed = [_changed(f, *edited[f.id]) if f.id in edited else f for f in left.findings]
    added = [f for name, (f, _where) in edited.items() if name not in known]
    return replace(left, findings=numbered([*changed, *added]))


def write_findings(findings: Iterable[Finding], path: Path) -> None:
    """Write the register as CSV, one line per finding; a cell that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in asdict(f).values()] for f in findings)
    # The mark at the front lets spreadsheets read Han text.
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="\n")


def finding_of(told: Mapping[str, Any], where: str) -> Finding:
    """A finding from its plain values; what doesn't fit is refused with the column's name."""
    values: dict[str, Any] = {name: told.get(name) for name in COLUMNS if told.get(name) not in (None, "")}
    if not values.get("finding"):
        raise DataRefused(f"{where}, finding: found nothing, expected what was found")
    _one_of(values.get("severity"), SEVERITIES, f"{where}, severity")
    values["state"] = State(_one_of(values.get("state", "open"), list(State), f"{where}, state"))
    values["retest"] = Retest(_one_of(values.get("retest", ""), list(Retest), f"{where}, retest"))
    for name in _DATES:
        values[name] = _day(values.get(name), f"{where}, {name}")
    values["carried"] = _whole(values.get("carried", 0), f"{where}, carried")
    return Finding(**{"id": "", **values})


def _left(previous: str) -> Earlier:
    try:
        found = json.loads(Path(previous).read_text(encoding="utf-8"))
        watched = frozenset(c["name"] for c in found["checks"] if c["verdict"] == Verdict.WATCH)
        rows, day = found.get("findings", []), date.fromisoformat(found["as_of"])
        findings = tuple(finding_of(row, f"findings {n}") for n, row in enumerate(rows, 1))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, DataRefused) as error:
        raise DataRefused(f"previous: {previous}: can't be read as a run's result ({error})") from None
    return Earlier(day, findings, watched)


def _rows(path: Path) -> list[tuple[Finding, str]]:
    """The findings of an edited file, each with the words for its place."""
    reader = csv.reader(io.StringIO(_text(path)))
    head = [name.strip() for name in next(reader, [])]
    strange = [name for name in head if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in head]
    if strange or missing or len(set(head)) < len(head):
        raise DataRefused(f"{path}: line 1: found columns {head}, expected {', '.join(COLUMNS)}")
    found = []
    for cells in reader:
        where = f"{path}: line {reader.line_num}"
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            raise DataRefused(f"{where}: found {len(cells)} cells, expected {len(head)}, one for each column")
        found.append((finding_of(dict(zip(head, map(_plain, cells), strict=True)), where), where))
    _each_once(found)
    return found


def _text(path: Path) -> str:
    if not path.is_file():
        raise Misuse(f"findings: {path}: no such file, expected the findings.csv of an earlier run")
    return path.read_text(encoding=encoding_of(path)).removeprefix("\ufeff")


def _each_once(found: Iterable[tuple[Finding, str]]) -> None:
    seen: set[str] = set()
    for finding, where in found:
        if finding.id and finding.id in seen:
            raise DataRefused(f"{where}, id: found {finding.id} a second time, expected each once")
        seen.add(finding.id)


def _changed(known: Finding, edited: Finding, where: str) -> Finding:
    """The finding the last run knew with people's changes."""
    if edited.severity != known.severity:
        raise DataRefused(
            f"{where}, severity: found {edited.severity}, expected {known.severity} as the last run has it; "
            f"only {', '.join(PEOPLES)} are edited"
        )
    changed = replace(known, owner=edited.owner or known.owner, due=edited.due or known.due)
    return replace(changed, state=edited.state, remark=edited.remark)


def _one_of(value: Any, known: Sequence[str], where: str) -> str:
    if value not in known:
        found = repr(value) if value else "nothing"
        raise DataRefused(f"{where}: found {found}, expected one of {', '.join(k for k in known if k)}")
    return str(value)


def _day(value: Any, where: str) -> date | None:
    try:
        return None if value is None else parse_date(str(value), where)
    except Misuse as error:
        raise DataRefused(str(error)) from None


def _whole(value: Any, where: str) -> int:
    if not str(value).isdigit():
        raise DataRefused(f"{where}: found {value!r}, expected a whole number")
    return int(value)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text
