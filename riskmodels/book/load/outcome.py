"""What a load did, in numbers of rows."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Loaded:
    """Rows by table: kept (`rows` = added + skipped + completed) and set aside; and what of the sources was not used.

    Skipped rows were in the book already, completed ones filled cells of a row that was; without a book to append to,
    all are added. `unused` are columns of tables that were read, `ignored` are tables, sheets or files that weren't.
    """

    rows: dict[str, int]
    set_aside: dict[str, int]
    unused: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    added: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    completed: dict[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether the book is another than before."""
        return any(self.added.values()) or any(self.completed.values())
