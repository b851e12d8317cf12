"""What the package says and its Chinese words: `python -m tests.messages` brings the catalogue up to date."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "riskmodels"
CATALOGUE = PACKAGE / "locale/zh/LC_MESSAGES/riskmodels.po"
HEADER = """\
# Chinese wording of riskmodels.
msgid ""
msgstr ""
"Project-Id-Version: riskmodels\\n"
"Language: zh\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""

Sentence = str | tuple[str, str]
"""A message as babel gives it; a pair is a singular and its plural."""


def said() -> set[Sentence]:
    """Every message of the package: of its code, its templates, the sources of its limits and its formulas."""
    methods: list[tuple[str, Any]] = [("**.py", "python"), ("**.j2", "jinja2"), ("**/limits.toml", _sources)]
    methods.append(("**/formulas.toml", _formulas))
    keywords = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}
    found = extract_from_dir(PACKAGE, methods, {}, keywords)
    return {message for _file, _line, message, _comments, _context in found}


def chinese() -> Catalog:
    """The Chinese catalogue as it stands."""
    with CATALOGUE.open("rb") as po:
        return read_po(po, locale="zh")


def words(message: Message) -> str:
    """The Chinese of a message, which has one form for any number."""
    return message.string[0] if isinstance(message.string, tuple) else message.string


def update() -> list[Sentence]:
    """Write the catalogue anew, without messages no longer said; returns those still without words."""
    known = {message.id: words(message) for message in chinese() if message.id}
    fresh = Catalog(locale="zh")
    for sentence in said():
        text = known.get(sentence, "")
        fresh.add(sentence, text if isinstance(sentence, str) else (text,))
    body = io.BytesIO()
    write_po(body, fresh, width=120, sort_output=True, omit_header=True)
    CATALOGUE.write_text(f"{HEADER}\n{body.getvalue().decode().strip()}\n", encoding="utf-8")
    return [message.id for message in fresh if message.id and not words(message)]


def _sources(file: IO[bytes], _keywords: Any, _tags: Any, **_options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """The source of each limit in a limits file, as babel's extractors give messages."""
    for limit in tomllib.load(file).values():
        yield 0, "mark", limit["source"], []


def _formulas(
    file: IO[bytes], _keywords: Any, _tags: Any, **_options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Each formula of a formulas file, as babel's extractors give messages."""
    for formula in tomllib.load(file).values():
        yield 0, "mark", formula, []


if __name__ == "__main__":
    if missing := update():
        raise SystemExit("\n".join(f"no Chinese words: {sentence}" for sentence in missing))
