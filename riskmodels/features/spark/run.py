"""One run of the Spark engine: streams packed by partition of keys, swept, and put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any, cast

import numpy as np
import pyarrow as pa

from riskmodels.features import rows
from riskmodels.features.feature import SUBJECTS, Entry, Feature
from riskmodels.features.linked import Lent
from riskmodels.features.needs import LINKS
from riskmodels.features.plan import Plan, Reads
from riskmodels.features.spark import invoices
from riskmodels.features.spark.numbers import first_known, number
from riskmodels.features.spark.packing import MOST, PACKED, Parcel, packer, unpacked
from riskmodels.features.spark.sweeping import KEYS, Sweep, at_dates, at_issue, lent_schema, to_lend
from riskmodels.features.spark.views import SparkBook
from riskmodels.features.stored import Kept

Array = Any
Frame = Any
PARTITION = 100_000
"""Invoices in a partition of keys."""
SPARK = {
    "Boolean": "boolean",
    "Int8": "tinyint",
    "Int16": "smallint",
    "Int32": "int",
    "Int64": "bigint",
    "Float64": "double",
}
"""Spark's names of the types that a stream's columns have in Ibis."""


@dataclass(frozen=True)
class Run:
    """What is built: the plan's columns of a key, amounts of `currency` only if given."""

    book: SparkBook
    key: str
    plan: Plan
    currency: str | None
    partitions: int | None

    @property
    def parts(self) -> int:
        """Into how many partitions the keys go."""
        return min(self.partitions or -(-self.book.invoices // PARTITION), MOST)

    def frame(self, dates: Array, schema: Any) -> Frame:
        """The features of the key at the dates, or of invoices at their own issue."""
        wanted = self.plan.wanted(self.key)
        reads = self.plan.reads(wanted)
        others = number(self.book, {*reads.numbers, *wanted})
        for name in reads.shared:
            self._keep(name, reads.kept[name])
        ground = Ground(self, wanted, reads, others)
        return ground.at_issue(schema) if self.key == "invoice" else ground.at_dates(dates, schema)

    def _keep(self, name: str, kept: Kept) -> None:
        """Store the columns that are read of what is shared, under a view in which the others are empty."""
        from pyspark import StorageLevel

        frame = self.book.sql(self.plan.stored.written(name, "pyspark"))
        stored = frame.select(*kept.columns).persist(StorageLevel.MEMORY_AND_DISK)
        self.book.persisted.append(stored)
        void = (f"CAST(NULL AS {'STRING' if kind == 'TEXT' else kind}) AS `{c}`" for c, kind in kept.void.items())
        self.book.keep(name, stored.selectExpr("*", *void))


@dataclass(frozen=True)
class Ground:
    """What is wanted of each subject, what that reads, and how many counterparts a key may have."""

    run: Run
    wanted: Mapping[str, Sequence[Entry]]
    reads: Reads
    others: int

    def at_dates(self, dates: Array, schema: Any) -> Frame:
        """Rows of the key's features at dates; what its keys belong to is swept at once, and sent to the workers."""
        key = self.run.key
        lent = self._lent([s for s in self.wanted if s != key], dates)
        asked = {key: first_known(self.run.book, key)}
        sweep = replace(self._sweep(key, asked[key]), lent=lent)
        return self._packed(asked).groupBy("part").applyInArrow(at_dates(sweep, dates, schema.names), schema)

    def at_issue(self, schema: Any) -> Frame:
        """Rows of invoices at their own issue: subjects answer for the invoices, which are put together at home."""
        run, homes = self.run, self.run.parts
        every = invoices.asked(run.book, run.plan, run.currency, homes)
        asked = {s: every.select(s, "invoice_id", "home", "as_of") for s in self.wanted}
        sweeps = {_number(s): self._sweep(s, frame) for s, frame in asked.items()}
        answers = self._packed(asked).groupBy("subject", "part").applyInArrow(at_issue(sweeps, homes), PACKED)
        brought = every.drop(*invoices.NUMBERS)
        names = [(sweep, invoices.names_of(s, self._features(s))) for s, sweep in zip(asked, sweeps.values())]
        assembled = invoices.assembler(run.plan.columns("invoice"), _types(brought), names)
        its = _pack(brought, [Parcel(invoices.BROUGHT, KEYS, "home", _types(brought))], homes)
        return answers.unionAll(its).groupBy("part").applyInArrow(assembled, schema)

    def _lent(self, subjects: list[str], dates: Array) -> tuple[tuple[Any, Lent], ...]:
        """What is lent by each subject, with the reading that says to whom it belongs."""
        if not subjects:
            return ()
        asked = {s: first_known(self.run.book, s) for s in subjects}
        sweeps = {_number(s): self._sweep(s, frame) for s, frame in asked.items()}
        swept = self._packed(asked).groupBy("subject", "part").applyInArrow(to_lend(sweeps, dates), PACKED).toArrow()
        readings = self.run.plan.readings
        return tuple((readings[LINKS[s]], _lent_of(sweeps[_number(s)], asked[s], swept, dates)) for s in subjects)

    def _packed(self, asked: Mapping[str, Frame]) -> Frame:
        """What is asked of some subjects and the streams these read, in packed rows."""
        parts = self.run.parts
        frames = [_pack(f, [Parcel(_number(s), KEYS, _key(s, f), _types(f))], parts) for s, f in asked.items()]
        for n, name in enumerate(self.streams, KEYS + 1):
            columns = {s: self.reads.of[s][name] for s in asked if name in self.reads.of[s]}
            parcels = [Parcel(_number(s), n, s, self._types(name, its)) for s, its in columns.items()]
            if parcels:
                some = dict.fromkeys(c for its in columns.values() for c in its)
                frames.append(_pack(self.streams[name].select(*some), parcels, parts))
        return reduce(lambda one, two: one.unionAll(two), frames)

    @cached_property
    def streams(self) -> dict[str, Frame]:
        """The streams' columns, of the types that the local engine gives them."""
        return {name: self._stream(name) for name in self.reads.queries}

    def _stream(self, name: str) -> Frame:
        stream = self.run.plan.streams[name]
        columns = list(dict.fromkeys(c for read in self.reads.of.values() for c in read.get(name, ())))
        frame = self.run.book.sql(stream.written(tuple(columns), "pyspark"))
        types = {c: SPARK[type(stream.query[c].type()).__name__] for c in columns}
        types |= {"pair": "bigint"}  # a pair's number is made of two
        return frame.selectExpr(*(f"CAST(`{c}` AS {types[c]}) AS `{c}`" for c in columns))

    def _types(self, name: str, columns: Sequence[str]) -> pa.Schema:
        every = _types(self.streams[name])
        return pa.schema([every.field(c) for c in columns])

    def _sweep(self, subject: str, asked: Frame) -> Sweep:
        readings, read = self.run.plan.readings, self.reads.of[subject]
        streams = {
            n: (name, self._types(name, read[name])) for n, name in enumerate(self.streams, KEYS + 1) if name in read
        }
        features = tuple((f.formula, tuple(readings[m] for m in f.measures)) for f in self._features(subject))
        return Sweep(subject, _number(subject), _types(asked), streams, features, self.others)

    def _features(self, subject: str) -> list[Feature]:
        return [e for e in self.wanted[subject] if isinstance(e, Feature)]


def _pack(frame: Frame, parcels: list[Parcel], parts: int) -> Frame:
    return frame.mapInArrow(packer(parcels, parts), PACKED)


def _lent_of(sweep: Sweep, asked: Frame, swept: pa.Table, dates: Array) -> Lent:
    """What a subject lends, its keys in the order of their numbers."""
    import pyarrow.compute as pc

    mine = swept.filter(pc.equal(swept["subject"], sweep.number))
    found = unpacked(mine, KEYS, lent_schema(len(sweep.features)))
    found = found.sort_by([("number", "ascending"), ("day", "ascending")])
    first = asked.toArrow().sort_by("number")["first"].to_numpy().astype(np.int64)
    values = np.array([column.to_numpy() for column in found.columns[2:]])
    return Lent(sweep.subject, dates, rows.known_keys(first, dates), values)


def _key(subject: str, asked: Frame) -> str:
    return "number" if "number" in asked.columns else subject


def _number(subject: str) -> int:
    return SUBJECTS.index(subject)


def _types(frame: Frame) -> pa.Schema:
    """The frame's types in Arrow."""
    from pyspark.sql.pandas.types import to_arrow_schema

    return cast(pa.Schema, to_arrow_schema(frame.schema))
