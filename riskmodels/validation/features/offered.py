"""What the catalogue offers of a key on a book: which features can be built, and why others are switched off."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.features import column
from riskmodels.features.catalogue import PARTS
from riskmodels.features.feature import SUBJECTS, Catalogue, Entry, Feature, Linked, subjects_of
from riskmodels.features.needs import switched_off
from riskmodels.validation.features.population import HOMES


def offered(entries: Catalogue, book: Book, key: str) -> pd.DataFrame:
    """One row per feature of the key: feature (its column), part, of (what it is linked to), meaning, unit, sign,
    available, reason.
    """
    off, absent = switched_off(entries, book), ""
    if key in HOMES and not book.has("parties", HOMES[key]):
        absent = _("no values in {table}.{column}").format(table="parties", column=HOMES[key])
    rows = [_told(e, key, absent or off.get(e.name, "")) for e in entries]
    return pd.DataFrame(rows, columns=["feature", "part", "of", "meaning", "unit", "sign", "available", "reason"])


def _told(entry: Entry, key: str, reason: str) -> tuple[str | int | bool, ...]:
    part, of = part_of().get(entry.name, ""), getattr(entry, "of", "")
    return column(entry, key), part, of, _(entry.meaning), entry.unit, entry.sign, not reason, reason


def of_key(catalogue: Catalogue, key: str) -> Catalogue:
    """The entries that are columns of a key's frame."""
    if key not in SUBJECTS:
        raise Misuse(f"key: found {key!r}, expected one of {', '.join(SUBJECTS)}")
    return tuple(e for e in catalogue if key in subjects_of(e))


def alone(entries: Catalogue, key: str) -> Catalogue:
    """The entries of a key for that key alone, so that other frames have no features of theirs."""
    return tuple(replace(e, subjects=(key,)) for e in entries if isinstance(e, Feature | Linked))


def of_part(catalogue: Catalogue, part: str) -> Catalogue:
    """The entries of one part of the catalogue; all of them when none is named."""
    if not part:
        return catalogue
    known = {title.lower(): title for title in PARTS}
    if part.lower() not in known:
        raise Misuse(f"part: found {part!r}, expected one of {', '.join(PARTS)}; or nothing for all")
    return tuple(e for e in catalogue if part_of().get(e.name) == known[part.lower()])


@cache
def part_of() -> dict[str, str]:
    """The part of the house's catalogue that each feature is of, as the catalogue names it (marked)."""
    return {entry.name: title for title, entries in PARTS.items() for entry in entries}
