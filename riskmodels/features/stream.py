"""A stream of facts as the kernel takes it: integer columns, and the day from which each measure may count a fact."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_
from typing import Any

from riskmodels.core.errors import Misuse
from riskmodels.features import trace
from riskmodels.features.measures import Age, Elapsed, Facts, Flow, Last, Measure, Peak, Since, Spread, Stock, minor
from riskmodels.features.relations import NUMBERS, Schema
from riskmodels.features.stored import Stored

NEVER = 2**30
"""The day of a fact that was never revealed, beyond any calendar."""
_KINDS = {
    Flow: "sum",
    Stock: "sum",
    Elapsed: "elapsed",
    Peak: "peak",
    Last: "last",
    Since: "since",
    Age: "age",
    Spread: "spread",
}
_SUMMED = ("sum", "elapsed")


@dataclass(frozen=True)
class Reading:
    """A measure as the sweep takes it: columns of one stream (`keep` empty: every fact), a window, a kind."""

    kind: str
    stream: str
    day: str
    value: str
    keep: str
    window: int | None
    ago: int
    how: str


class Stream:
    """The columns that measures read of one stream of facts; equal expressions share a column."""

    def __init__(
        self, facts: Facts, tables: Mapping[str, Any], stored: Stored, schema: Schema, currency: str | None
    ) -> None:
        """`stored` is what needs no computing; `currency` the one amounts are summed in, when the book has several."""
        self.name = facts.name
        self.stored = stored
        self.rows = facts.rows(tables)
        self.schema = schema
        self.currency = currency if "currency" in self.rows.columns else None
        self._columns: dict[Any, tuple[str, Any]] = {}
        trace.check_filters(self.rows, schema, facts.name)
        if "known_on" not in self.rows.columns or not self.numbers:
            raise Misuse(f"{self.name}: found columns {list(self.rows.columns)}, expected known_on and numbers of keys")

    def read(self, measure: Measure) -> Reading:
        """Add the columns that the measure reads, and say which they are."""
        kind = _KINDS[type(measure)]
        value, keep = self._value(measure, kind), self._keep(measure, kind)
        if kind in _SUMMED:
            value, keep = _zero_unless(keep, value), None
        return Reading(
            kind,
            self.name,
            self._add("day", self._day(measure)),
            self._add("value", value),
            "" if keep is None else self._add("keep", keep),
            measure.window,
            measure.ago,
            getattr(measure, "how", ""),
        )

    @property
    def columns(self) -> list[str]:
        """Names of the columns that were added."""
        return [name for name, _ in self._columns.values()]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The keys that these facts concern; a party's `industry` is a name, not a number."""
        return tuple(n for n in NUMBERS if n in self.rows.columns and self.rows[n].type().is_integer())

    @property
    def query(self) -> Any:
        """The stream as an Ibis table, once all is added: the key numbers, then a column for each expression."""
        return self.rows.select(*self.numbers, **dict(self._columns.values()))

    def sql(self, columns: Collection[str]) -> str:
        """DuckDB's query for some of the columns and key numbers; a number is -1 where there is no key."""
        every = (*self.numbers, *self.columns)
        return f"SELECT {', '.join(c for c in every if c in columns)} FROM ({self.written(every, 'duckdb')})"

    @cache  # noqa: B019  streams live as long as the cached plans they belong to
    def written(self, columns: tuple[str, ...], dialect: str) -> str:
        """The query for some of the columns and key numbers in a dialect of SQL, written out at some cost."""
        import ibis

        query = self.stored.placed(self.query)
        cells = {c: query[c].fill_null(-1) if c in NUMBERS else query[c] for c in columns}
        return str(ibis.to_sql(query.select(**cells), dialect=dialect, pretty=False))

    @cache  # noqa: B019
    def stores(self, columns: frozenset[str]) -> dict[str, frozenset[str]]:
        """The columns of what is stored that some of the columns and key numbers are read from."""
        return self.stored.read(self.query, columns)

    def _add(self, prefix: str, expression: Any) -> str:
        found = self._columns.get(expression.op())
        name = found[0] if found else f"{prefix}_{len(self._columns)}"
        self._columns[expression.op()] = (name, expression)
        return name

    def _value(self, measure: Measure, kind: str) -> Any:
        value = self._row_wise(measure.value)
        if kind in ("peak", "last") and value.type().is_floating():
            return value.cast("float64").fill_null(0.0)
        return _whole(value, self.name)

    def _keep(self, measure: Measure, kind: str) -> Any:
        """The condition on facts that the measure counts; None if it counts all. To a sum, no value is worth 0."""
        raw = self._row_wise(measure.value)
        conditions = [self._row_wise(measure.where)] if measure.where else []
        in_money = any(trace.reads_money(e, self.schema) for e in (raw, *conditions))
        if kind not in _SUMMED and trace.sources(raw):
            conditions.append(_stated(raw))
        if self.currency and in_money:
            conditions.append(self.rows.currency == self.currency)
        return reduce(and_, conditions).fill_null(False) if conditions else None

    def _day(self, measure: Measure) -> Any:
        """The latest of known_on, not_before and every reveal, as a day number; NEVER while one is missing."""
        import ibis

        read = [self._row_wise(e) for e in (measure.value, measure.where, measure.not_before) if e]
        revealing = sorted({s for e in read for s in trace.reveals(e, self.schema)})
        dates = [self.rows.known_on, *(trace.column_of(self.rows, s, self.name) for s in revealing)]
        if measure.not_before:
            dates.append(read[-1])
        days = [_day_number(d) for d in dates]
        known = reduce(and_, (d.notnull() for d in days))
        return known.ifelse(ibis.greatest(*days) if len(days) > 1 else days[0], NEVER).cast("int32")

    def _row_wise(self, value: Any) -> Any:
        import ibis

        found = value(self.rows)
        expression = found if isinstance(found, ibis.Expr) else ibis.literal(found)
        trace.check_row_wise(expression, self.name)
        return expression


def _day_number(day: Any) -> Any:
    """Days since 1970-01-01; some days later they are so many more, rather than those of a sum of date and interval."""
    import ibis.expr.operations as ops

    node = day.op()
    if isinstance(node, ops.DateAdd) and isinstance(node.right, ops.Literal) and node.right.dtype.unit.value == "D":
        return _day_number(node.left.to_expr()) + node.right.value
    return day.cast("date").epoch_days()


def _whole(value: Any, where: str) -> Any:
    """The value as int64: money in minor units, flags as 0 or 1; a float is refused, its sums wouldn't be exact."""
    kind = value.type()
    if kind.is_decimal():
        return minor(value).fill_null(0)
    if kind.is_boolean():
        return value.fill_null(False).cast("int8")
    if kind.is_integer():
        return value.cast(kind).fill_null(0)
    raise Misuse(f"{where}: found a value of type {kind}, expected whole numbers or money, so that sums are exact")


def _stated(value: Any) -> Any:
    """Whether there is a value, and a number at that; a flag as a number, for SQL reads NOT a IS NULL the other way."""
    if value.type().is_floating():
        return value.notnull() & ~value.isnan()
    return value.cast("int8").notnull() if value.type().is_boolean() else value.notnull()


def _zero_unless(keep: Any, value: Any) -> Any:
    return value if keep is None else keep.ifelse(value, 0).cast(value.type())
