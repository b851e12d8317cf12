"""Ways in which a CSV file goes wrong between two systems: each takes its bytes and gives others."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]
_WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
_ISO = re.compile(rb"(\d{4})-(\d{2})-(\d{2})")


def flip(data: bytes, rng: Random) -> bytes:
    """One bit changed."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def insert(data: bytes, rng: Random) -> bytes:
    """A byte put in: any, or one that means something in CSV."""
    at = rng.randrange(len(data) + 1)
    return (
        data[:at]
        + rng.choice([bytes([rng.randrange(256)]), b'"', b",", b"\n", b"\r", b"\0", b"\x1b", b";"])
        + data[at:]
    )


def cut(data: bytes, rng: Random) -> bytes:
    """A few bytes lost."""
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randrange(1, 9) :]


def truncate(data: bytes, rng: Random) -> bytes:
    """The file ends early."""
    return data[: rng.randrange(len(data))]


def drop_line(data: bytes, rng: Random) -> bytes:
    """A line lost, perhaps the header."""
    return _lines(data, rng, lambda line: b"")


def double_line(data: bytes, rng: Random) -> bytes:
    """A line that comes twice."""
    return _lines(data, rng, lambda line: line + line)


def split_line(data: bytes, rng: Random) -> bytes:
    """A line broken in two."""
    return _lines(data, rng, lambda line: line[: (at := rng.randrange(len(line)))] + b"\n" + line[at:])


def blank_line(data: bytes, rng: Random) -> bytes:
    """An empty line, or one of blanks."""
    return _lines(data, rng, lambda line: line + rng.choice([b"\n", b"  \n", b"\r\n"]))


def gbk_line(data: bytes, rng: Random) -> bytes:
    """A line of another encoding."""
    return _lines(data, rng, lambda line: line.decode(errors="replace").encode("gbk", errors="replace"))


def whole_in_another_encoding(data: bytes, rng: Random) -> bytes:
    """The file in another encoding, or with a byte order mark."""
    return data.decode(errors="replace").encode(rng.choice(["gbk", "utf-16", "utf-8-sig", "latin-1"]), errors="replace")


def open_quote(data: bytes, rng: Random) -> bytes:
    """A quote before a cell, never closed."""
    return _cell(data, rng, lambda cell: b'"' + cell)


def quote_cell(data: bytes, rng: Random) -> bytes:
    """A cell in quotes, with what only quotes allow."""
    return _cell(data, rng, lambda cell: b'"' + cell + rng.choice([b"", b",", b"\n", b'""', b"\r\n"]) + b'"')


def wide_digits(data: bytes, rng: Random) -> bytes:
    """A cell typed in full width."""
    return _cell(data, rng, lambda cell: cell.decode(errors="replace").translate(_WIDE).encode())


def huge_cell(data: bytes, rng: Random) -> bytes:
    """A cell of very many characters."""
    return _cell(data, rng, lambda cell: cell + b"9" * rng.choice([300, 70_000, 2_100_000]))


def odd_cell(data: bytes, rng: Random) -> bytes:
    """A cell that is another thing."""
    odd = [
        "",
        " ",
        "　",
        "NaN",
        "1e18",
        "-1",
        "45356",
        "2024-02-30",
        "03/04/2024",
        "2024-03-05T10:00:00Z",
        "RMB",
        "N/A",
    ]
    return _cell(
        data, rng, lambda cell: rng.choice([*odd, "1,000", '"1,000.50"', "2024年3月5日", "epoch", "\x1b[31m"]).encode()
    )


def turn_dates(data: bytes, rng: Random) -> bytes:
    """All dates with the day or the month first."""
    return _ISO.sub(rng.choice([rb"\3/\2/\1", rb"\2/\3/\1", rb"\3.\2.\1"]), data)


def other_ends(data: bytes, rng: Random) -> bytes:
    """Lines that end as on another system."""
    return data.replace(b"\n", rng.choice([b"\r\n", b"\r"]))


def other_delimiter(data: bytes, rng: Random) -> bytes:
    """Cells parted by another mark, in the whole file or in one line."""
    mark = rng.choice([b";", b"\t", b"|"])
    return data.replace(b",", mark) if rng.random() < 0.5 else _lines(data, rng, lambda line: line.replace(b",", mark))


def empty(data: bytes, rng: Random) -> bytes:
    """Nothing, or nearly so."""
    return rng.choice([b"", b"\n", data.split(b"\n")[0], b"\xef\xbb\xbf", b"\0" * 40])


ALL: tuple[Mutation, ...] = (
    *(flip, insert, cut, truncate, drop_line, double_line, split_line, blank_line, gbk_line, whole_in_another_encoding),
    *(open_quote, quote_cell, wide_digits, huge_cell, odd_cell, turn_dates, other_ends, other_delimiter, empty),
)
"""Every mutation there is."""


def mutated(data: bytes, rng: Random) -> tuple[bytes, list[str]]:
    """The bytes after one to three mutations, and their names."""
    chosen = rng.choices(ALL, k=rng.choice([1, 1, 2, 3]))
    for mutation in chosen:
        data = mutation(data, rng) if data else data
    return data, [m.__name__ for m in chosen]


def _lines(data: bytes, rng: Random, change: Callable[[bytes], bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    return b"".join([*lines[:at], change(lines[at]), *lines[at + 1 :]])


def _cell(data: bytes, rng: Random, change: Callable[[bytes], bytes]) -> bytes:
    def within(line: bytes) -> bytes:
        cells = line.rstrip(b"\r\n").split(b",")
        at = rng.randrange(len(cells))
        return b",".join([*cells[:at], change(cells[at]), *cells[at + 1 :]]) + line[len(line.rstrip(b"\r\n")) :]

    return _lines(data, rng, within)
