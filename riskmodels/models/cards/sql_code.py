"""A card as SQL: one SELECT in ANSI words, for DuckDB and PostgreSQL as it is and for Spark in its own quotes.

Columns of numbers are cast to double precision, so that an edge means the same as in the model; a NaN is missing, as
NULL is. Columns of categories must be text. Infinite numbers, which the model refuses, fall into the outermost bins.
Identifiers are quoted and therefore keep their case. Sums run in the order of `PointsCard`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from riskmodels.core.errors import Misuse
from riskmodels.models.binning.bins import Cuts
from riskmodels.models.cards.card import CardDriver, PointsCard

LARGEST = 700
"""PostgreSQL refuses exp beyond some 709."""


@dataclass(frozen=True)
class Dialect:
    """How a database quotes names and calls its 64-bit float.

    `escapes`: a backslash escapes inside text, and ${...} is replaced before anything is parsed, as in Spark.
    """

    quote: str = '"'
    double: str = "DOUBLE PRECISION"
    escapes: bool = False


ANSI = Dialect()
SPARK = Dialect("`", "DOUBLE", True)


def sql_select(model: Any, table: str | Sequence[str], keys: Sequence[str] = (), dialect: Dialect = ANSI) -> str:
    """A query for `keys`, points, log_odds and probability of each row of a table; the last two only where known.

    `table` is a name, or its parts: ("schema", "name"). A column of `keys` may not be called as one of the results.
    """
    card = PointsCard.of(model)
    results = ["points", "log_odds", "probability"][: 1 if card.intercept is None else 3]
    if clash := sorted(set(keys) & set(results)):
        raise Misuse(f"keys: found {clash}, expected names other than {', '.join(results)}")
    kept = "".join(f"{identifier(key, dialect)}, " for key in keys)
    parts = [table] if isinstance(table, str) else table
    origin = ".".join(identifier(part, dialect) for part in parts)
    points = f"{points_sql(card, dialect)} AS points"
    if card.intercept is None:
        return f"SELECT {kept}{points}\nFROM {origin}"
    inner = f"SELECT {kept}{points},\n{log_odds_sql(card, dialect)} AS log_odds\nFROM {origin}"
    return f"SELECT {kept}points, log_odds, 1e0 / (1e0 + EXP(-log_odds)) AS probability FROM (\n{inner}\n) AS scored"


def points_sql(model: Any, dialect: Dialect = ANSI) -> str:
    """The expression of the score over the columns of one row."""
    card = PointsCard.of(model)
    cases = [_case(driver, driver.points, card.whole, dialect) for driver in card.drivers]
    return "\n+ ".join([_result(card.base, card.whole, dialect), *cases])


def log_odds_sql(model: Any, dialect: Dialect = ANSI) -> str:
    """The expression of the log-odds of bad over the columns of one row."""
    card = PointsCard.of(model)
    if card.intercept is None:
        raise Misuse("card: it tells points only, so there are no log-odds to export")
    tables = [(driver, driver.log_odds or ()) for driver in card.drivers]
    if sum(max(map(abs, table)) for _driver, table in tables) + abs(card.intercept) > LARGEST:
        raise Misuse(f"card: found log-odds that can pass {LARGEST}, beyond what SQL's EXP takes")
    cases = [_case(driver, table, False, dialect) for driver, table in tables]
    return "\n+ ".join([*cases, _result(card.intercept, False, dialect)])


def identifier(name: str, dialect: Dialect = ANSI) -> str:
    """The name in quotes."""
    if not name or "\0" in name or (dialect.escapes and "${" in name):
        raise Misuse(f"SQL: found the name {name!r}, which can't be quoted")
    return dialect.quote + name.replace(dialect.quote, dialect.quote * 2) + dialect.quote


def literal(text: str, dialect: Dialect = ANSI) -> str:
    """The text in quotes."""
    if "\0" in text:
        raise Misuse(f"SQL: found the value {text!r}, which holds a NUL that no database keeps in text")
    if dialect.escapes:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024") + "'"
    return "'" + text.replace("'", "''") + "'"


def _case(driver: CardDriver, worth: Sequence[float], whole: bool, dialect: Dialect) -> str:
    column = identifier(driver.name, dialect)
    texts = [str(value) if whole else _number(value) for value in worth]
    number = isinstance(driver.bins, Cuts)
    whens = (_of_number if number else _of_category)(driver.bins, column, texts, dialect)
    case = f"CASE {' '.join(whens)} END"
    return case if whole else f"CAST({case} AS {dialect.double})"


def _of_number(bins: Any, column: str, worth: list[str], dialect: Dialect) -> list[str]:
    value, k = f"CAST({column} AS {dialect.double})", len(bins)
    missing = f"{column} IS NULL OR {value} = CAST('NaN' AS {dialect.double})"
    listed = [f"WHEN {value} IN ({_listed(v, dialect)}) THEN {worth[k + i]}" for i, v in enumerate(bins.specials)]
    below = [f"WHEN {value} < {_number(edge)} THEN {worth[i]}" for i, edge in enumerate(bins.edges)]
    return [f"WHEN {missing} THEN {worth[-1]}", *listed, *below, f"ELSE {worth[k - 1]}"]


def _of_category(bins: Any, column: str, worth: list[str], dialect: Dialect) -> list[str]:
    groups = enumerate((*bins.members, *bins.specials))
    listed = [f"WHEN {column} IN ({_listed(values, dialect)}) THEN {worth[i]}" for i, values in groups if values]
    return [f"WHEN {column} IS NULL THEN {worth[-2]}", *listed, f"ELSE {worth[-1]}"]


def _listed(values: Sequence[Any], dialect: Dialect) -> str:
    return ", ".join(literal(v, dialect) if isinstance(v, str) else _number(v) for v in values)


def _result(value: float, whole: bool, dialect: Dialect) -> str:
    return str(value) if whole else f"CAST({_number(value)} AS {dialect.double})"


def _number(value: float) -> str:
    """A literal that every database reads as the same double: without an exponent some would make it a decimal."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"
