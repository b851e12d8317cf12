"""What a table of a book promises: columns, units, keys, allowed values, row rules, when each cell is revealed."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = {
    "text": "VARCHAR",
    "date": "DATE",
    "stamp": "TIMESTAMP",
    "money": "DECIMAL(18,2)",
    "rate": "DOUBLE",
    "count": "INTEGER",
    "flag": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One column: its kind (a key of KINDS), meaning, unit, whether it must be filled, and what reveals it.

    `revealed_by` names the date column of the same table from which the cell may be seen, by default `known_on`. An
    empty cell of a `sparse` column says "none", not "unknown". `zh` is the Chinese name of a pack's column; those of
    the house's own are in its vocabulary.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    revealed_by: str = "known_on"
    sparse: bool = False
    refers_to: str = ""
    zh: str = ""

    @property
    def sql_type(self) -> str:
        """The DuckDB type the column is stored in."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Rule:
    """A named row rule: a SQL condition that each row must meet (unknown counts as met), and what it expects."""

    name: str
    holds: str
    expected: str


@dataclass(frozen=True)
class Table:
    """One table: its key, its columns, the event date that `known_on` defaults to, its row rules, and `zh` as above."""

    name: str
    meaning: str
    key: tuple[str, ...]
    event: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    zh: str = ""

    def __getitem__(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be filled."""
        return tuple(c.name for c in self.columns if c.required)

    @property
    def versioned(self) -> bool:
        """Whether rows are versions, each of which counts from its `valid_from` on."""
        return "valid_from" in self.key


def known_on() -> Column:
    """The column every table has."""
    return Column(
        "known_on",
        "date",
        "day the row could be known; the event's own date when the source has none",
        required=True,
        zh="可知日期",
    )


def currency(meaning: str = "ISO 4217 code of the row's amounts") -> Column:
    """The currency of a row's amounts."""
    return Column("currency", "text", meaning, required=True, zh="币种")


POSITIVE_AMOUNT = Rule("amount_positive", "amount > 0", "amount above 0")


def not_before(later: str, earlier: str, name: str = "") -> Rule:
    """A rule that one date doesn't come before another."""
    return Rule(name or f"{later}_not_before_{earlier}", f"{later} >= {earlier}", f"{later} on or after {earlier}")


def share(column: str) -> Rule:
    """A rule that a rate is a share of something."""
    return Rule(f"{column}_is_a_share", f"{column} BETWEEN 0 AND 1", f"{column} between 0 and 1")


def not_negative(*columns: str) -> Rule:
    """A rule that amounts are 0 or more."""
    holds = " AND ".join(f'coalesce( "{c}" , 0) >= 0' for c in columns)
    return Rule(f"{columns[0]}_not_negative", holds, f"{' and '.join(columns)} of 0 or more")
