"""A mapping: how somebody's columns become a book's, written as TOML and checked before any row is read."""

from __future__ import annotations

import codecs
import difflib
import re
import tomllib
from collections.abc import Mapping as ByName
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import duckdb
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from riskmodels.book.derive import derived
from riskmodels.book.schema import HasTables, Table, with_packs
from riskmodels.core.errors import Misuse


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_rule(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Cell(_Strict):
    """Where one of our columns comes from: a source `column`, a `constant`, or an expression to `derive` it.

    `values` recodes what was found, for instance {Yes = "true"}; a value it doesn't name stays as it is.
    """

    column: str | None = None
    constant: str | int | float | bool | None = None
    derive: str | None = None
    values: dict[str, str] = Field(default_factory=dict)


class TableMap(_Strict):
    """One of our tables: the source it comes `from` (the only one if not named), rows kept `when` a column is filled.

    `one_per_key` keeps, for each key, the row with the earliest event: a party from its invoices.
    """

    source: str | None = Field(default=None, alias="from")
    when: str | None = None
    one_per_key: bool = False
    columns: dict[str, Annotated[Cell, BeforeValidator(_as_rule)]]


def _known_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(f"no such encoding: {name}") from None


def _whole_day(pattern: str) -> str:
    named = set(re.findall("%-?([A-Za-z])", pattern))
    if not (named & set("Yy") and named & set("mbB") and "d" in named):
        raise ValueError(f"a pattern of dates needs year, month and day, like %Y-%m-%d: {pattern}")
    try:
        duckdb.execute("SELECT strptime('', ?)", [pattern])
    except duckdb.Error as error:
        if "Could not parse string" not in str(error):
            raise ValueError(f"no pattern of dates: {pattern}") from None
    return pattern


def _known_zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError(f"no such time zone: {name}; expected one like Asia/Shanghai")
    return name


class Format(_Strict):
    """How the source writes dates (strptime patterns), decimals and text.

    Dates with the year first (2024-03-05, 2024/3/5, 2024年3月5日) need no pattern, unless one says year-day-month; a
    text that two patterns read differently is refused. `timezone` is where days are counted when texts have an offset
    from UTC. `excel_dates` allows days as Excel counts them: true for its 1900 calendar (whose day 60, a 29 February
    1900, never was and is refused), "1904" for the other. Where the decimal mark is a point, commas may group digits
    by threes, and the other way round. `encoding` is that of CSV files: utf-8, gbk, gb18030, latin-1 or another that
    Python knows.
    """

    dates: tuple[Annotated[str, AfterValidator(_whole_day)], ...] = ()
    timezone: Annotated[str, AfterValidator(_known_zone)] = ""
    excel_dates: bool | Literal["1900", "1904"] = False
    decimal: str = Field(default=".", pattern=r"^[.,]$")
    encoding: Annotated[str, AfterValidator(_known_encoding)] = "utf-8"


class Mapping(_Strict):
    """A whole mapping; `about` says what source it is for."""

    about: str = ""
    format: Format = Format()
    tables: dict[str, TableMap]


def shipped() -> list[str]:
    """Names of the mappings that come with the package."""
    return sorted(p.name.removesuffix(".toml") for p in _folder().iterdir() if p.name.endswith(".toml"))


def read_mapping(name: str, packs: Sequence[HasTables] = ()) -> Mapping:
    """The mapping of a shipped name or a TOML file, which may name the tables of packs; a mistake in it is one line."""
    if name in shipped():
        return parse_mapping((_folder() / f"{name}.toml").read_text(encoding="utf-8"), name, packs)
    path = Path(name)
    if not path.is_file():
        raise Misuse(f"mapping {name!r}: no such file, and not one of those shipped: {', '.join(shipped())}")
    try:
        return parse_mapping(path.read_text(encoding="utf-8"), name, packs)
    except UnicodeDecodeError:
        raise Misuse(f"mapping {name}: found bytes that are not UTF-8, expected a TOML file") from None


def parse_mapping(text: str, where: str, packs: Sequence[HasTables] = ()) -> Mapping:
    """The mapping that a TOML text declares; `where` names it in errors."""
    try:
        mapping = Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Misuse(f"mapping {where}: not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Misuse(f"mapping {where}: {place}: {first['msg'].lower()}, found {first['input']!r}") from None
    schema = with_packs(packs)
    for table, rules in mapping.tables.items():
        _check_table(f"mapping {where}: {table}", table, rules, schema)
    return mapping


def native(table: Table) -> TableMap:
    """How a table is read of a source that already has our names; columns it lacks are left out when it is read."""
    return TableMap.model_validate({"from": table.name, "columns": {c: c for c in table.names}})


def _check_table(where: str, table: str, rules: TableMap, schema: ByName[str, Table]) -> None:
    if table not in schema:
        raise Misuse(f"{where}: no such table{_nearest(table, list(schema))}; there are {', '.join(schema)}")
    known = schema[table].names
    for name, cell in rules.columns.items():
        if name not in known:
            raise Misuse(f"{where}.{name}: no such column{_nearest(name, list(known))}; there are {', '.join(known)}")
        _check_cell(f"{where}.{name}", cell)
    defaulted = {"known_on"}
    if missing := [c for c in schema[table].required if c not in rules.columns and c not in defaulted]:
        raise Misuse(f"{where}: says nothing of {', '.join(missing)}, which must be filled")


def _check_cell(where: str, cell: Cell) -> None:
    given = [name for name in ("column", "constant", "derive") if getattr(cell, name) is not None]
    if len(given) != 1:
        raise Misuse(f"{where}: found {' and '.join(given) or 'nothing'}, expected one of column, constant, derive")
    if cell.derive is not None:
        derived(where, cell.derive)


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f" (did you mean {near[0]}?)" if near else ""


def _folder() -> Any:
    return files("riskmodels.book") / "mappings"
