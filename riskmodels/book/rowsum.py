"""What identifies a book's content and not the order of its rows, from Arrow batches (numba).

Each row gets a 64-bit hash of its cells, by column order and kind (see WORDS); the sum is taken modulo 2^64. It is
the same on every machine, and with every version of what read the rows. A forger who can choose rows is not the
threat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

Array = Any
NOTHING = np.uint64(0x9E3779B97F4A7C15)
"""What an empty cell counts as."""

WORDS = {
    "date": pa.date32(),
    "stamp": pa.timestamp("us"),
    "money": pa.decimal128(18, 2),
    "rate": pa.float64(),
    "count": pa.int64(),
    "flag": pa.uint8(),
}
"""For each kind of column but text, the Arrow type whose bits are hashed."""


def digest(tables: Mapping[str, tuple[Sequence[str], int, int]]) -> str:
    """SHA-256, in hex, over each table's name, columns with a value, number of rows and sum, in the order given."""
    told = (f"{name}:{','.join(columns)}:{n}:{total}\n" for name, (columns, n, total) in tables.items())
    return hashlib.sha256("".join(told).encode()).hexdigest()


def rowsum(batches: Iterable[pa.RecordBatch], kinds: Sequence[str]) -> tuple[int, int]:
    """The number of rows, and the sum of their hashes modulo 2^64; `kinds` are those of the columns, in order."""
    n = total = 0
    for batch in batches:
        state = np.zeros(batch.num_rows, np.uint64)
        for kind, column in zip(kinds, batch.columns, strict=True):
            _fold(state, kind, column)
        n += batch.num_rows
        total += int(state.sum())
    return n, total % 2**64


def _fold(state: Array, kind: str, column: pa.Array) -> None:
    """Mix a column into the state of each row."""
    filled = pc.is_valid(column).to_numpy(zero_copy_only=False) if column.null_count else np.ones(0, np.bool_)
    if kind == "text":
        text = column.cast(pa.large_string())
        bounds = np.frombuffer(text.buffers()[1], np.int64, len(text) + 1, text.offset * 8)
        letters = text.buffers()[2]
        _fold_text(state, filled, bounds, np.frombuffer(letters if letters else b"\0", np.uint8))
    elif len(column):
        _fold_words(state, filled, _words(kind, column))


def _words(kind: str, column: pa.Array) -> Array:
    """The column's cells as whole numbers: days, microseconds, minor units, the bits of a rate, counts, 0 or 1."""
    column = column.cast(WORDS[kind])
    bits = column.buffers()[1]
    if kind == "money":
        return np.frombuffer(bits, np.int64, 2 * len(column), column.offset * 16)[::2]
    if kind == "rate":
        # Adding zero makes one zero of two; every NaN becomes the same.
        values = np.frombuffer(bits, np.float64, len(column), column.offset * 8) + 0.0
        return np.where(np.isnan(values), np.nan, values).view(np.int64)
    dtype = {"date": np.int32, "flag": np.uint8}.get(kind, np.int64)
    return np.frombuffer(bits, dtype, len(column), column.offset * np.dtype(dtype).itemsize).astype(np.int64)


@njit(inline="always")
def _mixed(x: Any) -> Any:
    """The finaliser of MurmurHash3 (Appleby): each bit of 64 depends on each."""
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xFF51AFD7ED558CCD)
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


@njit(cache=True, nogil=True)
def _fold_words(state: Array, filled: Array, words: Array) -> None:
    for i in range(len(state)):
        word = np.uint64(words[i]) if len(filled) == 0 or filled[i] else NOTHING
        state[i] = _mixed((state[i] + NOTHING) ^ _mixed(word))


@njit(cache=True, nogil=True)
def _fold_text(state: Array, filled: Array, bounds: Array, letters: Array) -> None:
    for i in range(len(state)):
        start, end = np.uint64(bounds[i]), np.uint64(bounds[i + 1])
        at, text = start, np.uint64(end - start) + np.uint64(1)
        while at < end:
            word = np.uint64(0)
            for k in range(min(np.uint64(8), end - at)):
                word |= np.uint64(letters[at + np.uint64(k)]) << np.uint64(8 * k)
            text = _mixed(text ^ word)
            at += np.uint64(8)
        word = text if len(filled) == 0 or filled[i] else NOTHING
        state[i] = _mixed((state[i] + NOTHING) ^ _mixed(word))
