"""What a source holds: its tables by name, each brought over when it is asked for."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping

Maker = Callable[[], str]
"""Brings one table onto the connection and returns the relation that reads it."""


class Staged(Mapping[str, str]):
    """The relation of each table by its name; a table of a server is fetched once, when it is first asked for.

    So a database of a thousand tables costs only those a mapping names. What keeps the source open is closed when
    nobody holds this any more; relations already asked for stay.
    """

    def __init__(self, makers: Mapping[str, Maker], close: Callable[[], object] | None = None) -> None:
        self._makers = dict(makers)
        self._made: dict[str, str] = {}
        if close is not None:
            weakref.finalize(self, close)

    def of(self, makers: Mapping[str, Maker]) -> Staged:
        """This source with its tables, once they are known."""
        self._makers.update(makers)
        return self

    def __getitem__(self, name: str) -> str:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
