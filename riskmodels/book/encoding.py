"""Which encoding a text file is in, as far as its bytes prove it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from riskmodels.core.errors import DataRefused

PIECE = 1 << 20
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PAIRS = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
COMMON = re.compile(rb"[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]")
"""Two bytes of GB2312: what nearly all Chinese text consists of, and western text in one byte hardly ever."""


def encoding_of(path: Path) -> str:
    """utf-8, gb18030 or cp1252, whichever the whole file is; else it is refused."""
    with path.open("rb") as handle:
        head = handle.read(PIECE)
    if head.startswith(WIDE) or b"\0" in head:
        raise DataRefused(f"{path}: found UTF-16 or binary bytes, expected text in UTF-8 or GB18030: save it as UTF-8")
    for name in ("utf-8", *(["gb18030", "cp1252"] if _looks_chinese(path) else ["cp1252", "gb18030"])):
        if _decodes(path, name):
            return name
    raise DataRefused(f"{path}: found bytes that are neither UTF-8 nor GB18030, expected text: save it as UTF-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as handle:
            while piece := handle.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(path: Path) -> bool:
    """Whether most bytes beyond ASCII stand in pairs of common Chinese characters."""
    with path.open("rb") as handle:
        pairs = PAIRS.findall(handle.read(PIECE))
    return len(pairs) > 0 and sum(bool(COMMON.fullmatch(p)) for p in pairs) >= 0.9 * len(pairs)
