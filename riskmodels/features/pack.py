"""A sector's pack: further tables of a book and the features that read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from riskmodels.book.schema import Table, with_packs
from riskmodels.core.errors import Misuse
from riskmodels.core.imported import imported
from riskmodels.features.catalogue import CATALOGUE
from riskmodels.features.check import check_catalogue
from riskmodels.features.feature import Catalogue
from riskmodels.features.keys import TABLES as OF_KEYS


@dataclass(frozen=True)
class Pack:
    """What a sector adds: `tables` are further contracts beside the house's, `catalogue` the features of them.

    `name` is what the command line calls it, `meaning` the sentence a committee reads (marked for translation). Names
    that are taken, and tables that couldn't be loaded or cut, are refused where the pack is declared.
    """

    name: str
    meaning: str
    tables: tuple[Table, ...]
    catalogue: Catalogue

    def __post_init__(self) -> None:
        with_packs([self])
        check_catalogue((*CATALOGUE, *self.catalogue))
        if taken := sorted({t.name for t in self.tables} & set(OF_KEYS.values())):
            raise Misuse(f"pack {self.name}: found a table {taken[0]}, expected another name: keys are called so")


def catalogue_of(packs: Iterable[Pack], mine: Catalogue = ()) -> Catalogue:
    """The house's features, then those of packs, then one's own; a name that is there already is one line."""
    whole = (*CATALOGUE, *(entry for pack in packs for entry in pack.catalogue), *mine)
    check_catalogue(whole)
    return whole


def pack_named(name: str) -> Pack:
    """The pack of a name: one that comes with the package, or MODULE:ATTRIBUTE of the user's own."""
    if name in shipped():
        return shipped()[name]
    if ":" not in name:
        raise Misuse(f"--pack: found {name!r}, expected one of {', '.join(shipped())}, or MODULE:ATTRIBUTE")
    found = imported(name, "--pack")
    if not isinstance(found, Pack):
        raise Misuse(f"--pack: {name}: found {type(found).__name__}, expected a riskmodels.features.pack.Pack")
    return found


def catalogue_named(name: str) -> Catalogue:
    """The features that MODULE:ATTRIBUTE of the user's own lists."""
    found = imported(name, "--catalogue")
    if not isinstance(found, tuple | list):
        raise Misuse(f"--catalogue: {name}: found {type(found).__name__}, expected a tuple of features")
    check_catalogue(tuple(found))
    return tuple(found)


@cache
def shipped() -> dict[str, Pack]:
    """The packs that come with the package, by name."""
    from riskmodels.features.packs import PACKS

    return {pack.name: pack for pack in PACKS}
