"""Whether a catalogue can be built: its entries, their names, and the names of the facts they are measured of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from riskmodels.core.errors import Misuse
from riskmodels.features.feature import Catalogue, Entry, Feature, Linked
from riskmodels.features.measures import Facts

NAME = re.compile(r"[a-z][a-z0-9_]*")
WINDOWED = re.compile(r"[a-z][a-z0-9_]*_(\d+d|ever|now)")


def check_catalogue(catalogue: Catalogue) -> None:
    """Nothing if the catalogue can be built; else Misuse naming the entry and what is expected of it."""
    seen: set[str] = set()
    for place, entry in enumerate(catalogue):
        if not isinstance(entry, Entry):
            raise Misuse(
                f"catalogue: found {type(entry).__name__} in place {place}, expected Feature, Own, Compared or Linked"
            )
        _check_name(entry)
        if entry.name in seen:
            raise Misuse(f"feature {entry.name}: found twice in the catalogue, expected each name once")
        seen.add(entry.name)
    _check_facts(catalogue)


def _check_name(entry: Entry) -> None:
    windowed = isinstance(entry, Feature | Linked)
    if not (WINDOWED if windowed else NAME).fullmatch(entry.name):
        end = ", ending in a window such as _90d, in _ever or in _now" if windowed else ""
        raise Misuse(f"feature {entry.name!r}: found that name, expected small letters, digits and _{end}")


def _check_facts(catalogue: Catalogue) -> None:
    """Refuse two streams of facts of one name: measures of the one would be read of the other."""
    found: dict[str, Facts] = {}
    for facts in _facts(catalogue):
        if found.setdefault(facts.name, facts) != facts:
            raise Misuse(f"facts {facts.name!r}: found two of that name, expected a name for each")


def _facts(catalogue: Catalogue) -> Iterable[Facts]:
    features = (e.feature if isinstance(e, Linked) else e for e in catalogue)
    return (m.facts for f in features if isinstance(f, Feature) for m in f.measures)
