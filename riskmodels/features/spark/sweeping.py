"""What a worker does with the packed facts of one partition of keys: the same sweep as the local engine's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from riskmodels.features import rows
from riskmodels.features.feature import Formula
from riskmodels.features.linked import Lent
from riskmodels.features.spark.packing import in_pieces, packed, unpacked
from riskmodels.features.stream import Reading
from riskmodels.features.sweep import AsOf, Partition

Array = Any
Group = Callable[[pa.Table], pa.Table]
KEYS = 0
"""The number of the stream that says which keys or invoices are asked for."""


@dataclass(frozen=True)
class Sweep:
    """One subject's work: its number, what is asked (types), its streams (by number, name and types) and features.

    `others` is how many counterparts a key may have at most.
    """

    subject: str
    number: int
    asked: pa.Schema
    streams: Mapping[int, tuple[str, pa.Schema]]
    features: tuple[tuple[Formula, tuple[Reading, ...]], ...]
    others: int
    lent: tuple[tuple[Reading, Lent], ...] = ()

    @property
    def width(self) -> int:
        """How many columns the subject has."""
        return len(self.features) + sum(len(lent.values) for _, lent in self.lent)

    def values(self, group: pa.Table, number: Array, asof: AsOf) -> list[Array]:
        """An array for each of the subject's columns at as-of rows of a partition's keys, whose numbers are sorted."""
        from riskmodels.features import kernel

        streams = {name: self._facts(group, n, schema, number) for n, (name, schema) in self.streams.items()}
        partition = Partition(streams, self.subject, asof, self.others, kernel)
        found = [formula(*map(partition.measure, readings)) for formula, readings in self.features]
        for reading, lent in self.lent:
            found.extend(lent.to(partition.measure(reading), asof.day))
        return found

    def _facts(self, group: pa.Table, stream: int, schema: pa.Schema, number: Array) -> dict[str, Array]:
        table = unpacked(group, stream, schema)
        columns = {name: table[name].to_numpy() for name in table.column_names}
        place = np.searchsorted(number, columns[self.subject])
        # A key may have facts though no invoice asks for it.
        asked = number[np.minimum(place, len(number) - 1)] == columns[self.subject]
        columns[self.subject] = place.astype(np.int32)
        if not asked.all():
            columns = {name: column[asked] for name, column in columns.items()}
        return columns


def at_dates(sweep: Sweep, dates: Array, columns: list[str]) -> Group:
    """Rows of ids, as_of and features of a partition's keys at the dates at which they were known."""

    def swept(group: pa.Table) -> pa.Table:
        keys, asof, values = _at(sweep, group, dates)
        ids = keys.drop_columns(["number", "first"]).take(pa.array(asof.keys))
        cells = [*ids.columns, pa.array(asof.day.astype("M8[D]")), *map(pa.array, values)]
        return in_pieces(pa.Table.from_arrays(cells, names=columns))

    return swept


def to_lend(sweeps: Mapping[int, Sweep], dates: Array) -> Group:
    """Packed rows of the features of what others belong to: number, day, values."""

    def swept(group: pa.Table) -> pa.Table:
        sweep = sweeps[group["subject"][0].as_py()]
        keys, asof, values = _at(sweep, group, dates)
        number = keys["number"].to_numpy()[asof.keys]
        table = pa.table([number, asof.day, *values], schema=lent_schema(len(values)))
        return pa.Table.from_batches([packed(sweep.number, KEYS, table, np.zeros(len(table)), 1)])

    return swept


def at_issue(sweeps: Mapping[int, Sweep], homes: int) -> Group:
    """Packed rows of the features of a partition's keys at the invoices that ask for them, for the invoices' homes."""

    def swept(group: pa.Table) -> pa.Table:
        sweep = sweeps[group["subject"][0].as_py()]
        asked = unpacked(group, KEYS, sweep.asked)
        number, key = np.unique(asked[sweep.subject].to_numpy(), return_inverse=True)
        asof, answer = rows.distinct(key, asked["as_of"].to_numpy(), len(number))
        values = [v[answer] for v in sweep.values(group, number, asof)]
        table = pa.table([asked["invoice_id"], *values], schema=answer_schema(len(values)))
        return pa.Table.from_batches([packed(sweep.number, KEYS, table, asked["home"].to_numpy(), homes)])

    return swept


def lent_schema(width: int) -> pa.Schema:
    """The types of what is lent: key number, day number, features."""
    return pa.schema([("number", pa.int64()), ("day", pa.int64()), *_floats(width)])


def answer_schema(width: int) -> pa.Schema:
    """The types of answers at issue: the invoice, features."""
    return pa.schema([("invoice_id", pa.string()), *_floats(width)])


def _floats(width: int) -> list[tuple[str, pa.DataType]]:
    return [(f"f{i}", pa.float64()) for i in range(width)]


def _at(sweep: Sweep, group: pa.Table, dates: Array) -> tuple[pa.Table, AsOf, list[Array]]:
    keys = unpacked(group, KEYS, sweep.asked).sort_by("number")
    asof = rows.known_keys(keys["first"].to_numpy().astype(np.int64), dates)
    return keys, asof, sweep.values(group, keys["number"].to_numpy(), asof)
