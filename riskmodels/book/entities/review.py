"""The file in which a person decides: one line per member of a proposed group, safe to open and save in Excel."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from riskmodels.book.entities.propose import Proposal, group_id
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.paths import writable

COLUMNS = (
    *("group_id", "accept", "score", "canonical_id", "canonical_name"),
    *("party_id", "name", "invoices", "amount", "against", "evidence"),
)
YES, NO = ("yes", "y", "true", "1", "是"), ("no", "n", "false", "0", "否")
_FORMULA = re.compile(r"[=+\-@\t\r\n']")
_NOT_TEXT = re.compile(r"[\d.]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\W*\d|true$|false$", re.I)
"""What Excel would read as a number, a date or a flag: ids would lose their zeros."""

Row = dict[str, str]


@dataclass(frozen=True)
class Decided:
    """A group of a review file: its decision (yes, no or empty), the party that stands for it, and its members."""

    group_id: str
    accept: str
    canonical_id: str
    party_ids: tuple[str, ...]
    rows: tuple[Row, ...]


def write_review(proposals: Sequence[Proposal], out: Path, earlier: Sequence[Decided] = ()) -> int:
    """Write the file, whole or not at all; the number of decisions kept from `earlier`.

    A decided group that is no longer proposed stays, at the end.
    """
    writable(out, ".csv")
    decided = {d.group_id: d for d in earlier if d.accept}
    rows = [row for p in proposals for row in _rows(p, decided.pop(p.group_id, None))]
    kept = sum(1 for d in earlier if d.accept)
    rows += [row for d in decided.values() for row in d.rows]
    scratch = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with scratch.open("w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS)
            writer.writeheader()
            writer.writerows({c: _guarded(row[c], c) for c in COLUMNS} for row in rows)
            handle.flush()
            os.fsync(handle.fileno())
        scratch.replace(out)
    finally:
        scratch.unlink(missing_ok=True)
    return kept


def _rows(proposal: Proposal, decided: Decided | None) -> Iterable[Row]:
    names = {m.party_id: m.name for m in proposal.members}
    canonical = decided.canonical_id if decided else proposal.canonical.party_id
    for member in proposal.members:
        yield {
            "group_id": proposal.group_id,
            "accept": decided.accept if decided else "",
            "score": f"{proposal.score:.4f}",
            "canonical_id": canonical,
            "canonical_name": names[canonical],
            "party_id": member.party_id,
            "name": member.name,
            "invoices": str(member.invoices),
            "amount": f"{member.amount:.2f}",
            "against": "; ".join(proposal.against),
            "evidence": "; ".join(proposal.evidence),
        }


def _guarded(text: str, column: str) -> str:
    """A cell that Excel shows as it is: an apostrophe goes before what it would compute or read as a number."""
    if column in ("score", "invoices", "amount"):
        return text
    return f"'{text}" if _FORMULA.match(text) or (column.endswith("id") and _NOT_TEXT.match(text)) else text


def read_review(path: Path) -> list[Decided]:
    """The groups of a review file as it was edited; refused when a line went missing or decisions contradict."""
    try:
        lines = [{c: _cell(row, c) for c in COLUMNS} for row in _reader(path)]
    except csv.Error as error:
        raise DataRefused(f"{path}: cannot be read: {error}") from None
    lines = [line for line in lines if any(line.values())]
    groups = groupby(sorted(lines, key=lambda r: r["group_id"]), key=lambda r: r["group_id"])
    found = {name: _decided(path, name, tuple(rows)) for name, rows in groups}
    return [found[name] for name in dict.fromkeys(line["group_id"] for line in lines)]


def _reader(path: Path) -> csv.DictReader[str]:
    """The lines, whatever Excel saved: UTF-8 or GBK, separated by commas, semicolons or tabs."""
    if not path.is_file():
        raise Misuse(f"{path}: no such file; expected a review file that `names suggest` wrote")
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise DataRefused(f"{path}: found bytes that are neither UTF-8 nor GBK ({error.reason})") from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    if missing := [c for c in COLUMNS if c not in (reader.fieldnames or ())]:
        raise DataRefused(f"{path}: missing columns {', '.join(missing)}; expected those that `names suggest` wrote")
    return reader


def _cell(row: dict[str, str | None], column: str) -> str:
    """A cell as it was before `_guarded`."""
    text = row[column] or ""
    return text.removeprefix("'") if column not in ("score", "invoices", "amount") else text


def _decided(path: Path, name: str, rows: tuple[Row, ...]) -> Decided:
    ids = tuple(r["party_id"] for r in rows)
    if group_id(ids) != name:
        raise DataRefused(
            f"{path}: group {name or 'without an id'}: found members {_listed(ids)}, "
            "expected those that were proposed: a line was removed, added or changed"
        )
    chosen = {r["canonical_id"] for r in rows}
    if len(chosen) != 1 or not chosen <= set(ids):
        raise DataRefused(
            f"{path}: group {name}: canonical_id: found {_listed(sorted(chosen))}, expected one of its members, "
            "the same on each line"
        )
    return Decided(name, _decision(path, name, [r["accept"] for r in rows]), chosen.pop(), ids, rows)


def _decision(path: Path, name: str, cells: Sequence[str]) -> str:
    """The decision of a group: on its first line alone, or the same on each."""
    said = [_yes_or_no(path, name, c) for c in cells]
    if len(set(said)) == 1 or not any(said[1:]):
        return said[0]
    raise DataRefused(
        f"{path}: group {name}: accept: found {', '.join(s or 'nothing' for s in said[:9])}, "
        "expected one decision, on its first line or on each"
    )


def _yes_or_no(path: Path, name: str, cell: str) -> str:
    word = cell.strip().casefold()
    if not word or word in YES or word in NO:
        return "" if not word else "yes" if word in YES else "no"
    raise DataRefused(f"{path}: group {name}: accept: found {cell[:40]!r}, expected yes, no or nothing")


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(repr(i[:40]) for i in ids[:5]) + (", ..." if len(ids) > 5 else "")
