"""The catalogue as Markdown: every feature by subject, written from the declarations so that the two can't disagree.

`python -m riskmodels.features.document` prints it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from riskmodels.book.dictionary import table_section
from riskmodels.book.schema import TABLES, Table, with_packs
from riskmodels.core.text import gettext, language, use
from riskmodels.features.catalogue import CATALOGUE, PARTS
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, Catalogue, Compared, Entry, Linked, Own, subjects_of
from riskmodels.features.needs import sources
from riskmodels.features.pack import Pack, shipped

FRONT = """\
# Features

The {features} features of the house, in {parts} subjects; a family that differs only in its window is one row. Below
them, the packs of single trades with their tables. This page is generated from the catalogue
(`riskmodels.features.catalogue`); change that, not this. How to add features of your own:
[own-features.md](own-features.md). What the tables hold: [data-dictionary.md](data-dictionary.md).

## What a feature knows

**As of.** A feature at a date sees the book at the close of that day: a fact counts from the latest of the day it was
known (`known_on`), and the dates that reveal the cells the feature reads. A dispute's outcome counts from the day it
was closed, not from the day it was opened. A window of 90 days is the 90 days up to and including the as-of date.

**At issue.** An invoice at its own issue sees the close of the day before, what it brings along itself, and how that
compares with what was known.

**Proof.** `assert_no_leak` changes everything revealed after a date, takes it away and adds to it, and expects every
bit of every feature to stay. The house's tests do so over this whole catalogue.

**Nothing to tell.** Without facts counts and amounts are 0; shares, means and latest values are empty. A table or
column that a book doesn't have switches off what rests on it: `riskmodels.features.available` says which, and why.

## Five kinds of measure

A feature is a formula over measures, and a measure is one of

| kind | what it is | in the code |
|---|---|---|
| flow | sum or number over the facts of a window; also weighted by the days since each | `Flow`, `Elapsed` |
| stock | level at the as-of date: what came in less what went out | `Stock` |
| peak | largest value in a window | `Peak` |
| last | latest value known, days since the latest or the first fact | `Last`, `Since`, `Age` |
| spread | concentration over the counterparties of a window | `Spread` |

Sums are of whole numbers, money of whole cents, so that they don't depend on the order of rows. `measure.before(days)`
is a measure as it was so many days earlier, which changes are made of.

## How to read a name

A column is called *key*, *feature*, *window*: `debtor_late_share_365d` is the share of a debtor's settled invoices of
the last 365 days that were late.

| part | says |
|---|---|
| `debtor_`, `client_`, `pair_` | whose it is: a debtor, a client, a client with one of its debtors |
| `chain_`, `industry_` | the supply chain of a core enterprise, an industry |
| `invoice_` | of an invoice at its issue: what it brings along, and how it compares |
| `debtor_chain_`, `client_industry_` ... | of the chain or the industry that the debtor or client belongs to |
| `_90d` | in a window of 90 days up to the as-of date |
| `_ever` | over all that is known |
| `_now` | as it stands at the as-of date |

In the tables below `KEY` stands for each of the keys on the right, `WINDOW` for each of the windows.

The frame of a key has its own columns; that of an invoice has those of its debtor, its client and their pair too.

**Unit.** *share* and *rate* are fractions (0.05 is 5 %), *money* is in the currency of most invoices, *days* and
*count* are numbers of those, *multiple* is how many times as much, *index* and *score* have no unit, and *number* is
what the sentence says.

**Risk** says what a larger value is expected to do to it: *raises*, *lowers*, or nothing that can be said beforehand.
"""
SIGNS = {RAISES: "raises", LOWERS: "lowers", NEITHER: ""}
HEAD = "| column | what it is | 中文 | unit | risk | windows | keys | from |"
LINE = "|" + "---|" * (HEAD.count("|") - 1)
WINDOW = re.compile(r"_(\d+d|ever|now)$")


@dataclass(frozen=True)
class Family:
    """Entries that differ only in their window: what they share, as a row of the page shows it."""

    column: str
    meaning: str
    unit: str
    sign: int
    keys: tuple[str, ...]
    origin: str


def page() -> str:
    """The whole page as Markdown: how to read it, the house's features by subject, then each pack."""
    front = FRONT.format(features=len(CATALOGUE), parts=len(PARTS))
    parts = [line for title, entries in PARTS.items() for line in _part(title, entries)]
    packs = [line for pack in shipped().values() for line in _pack(pack)]
    return "\n".join([front, *_contents(), *parts, *packs])


def _contents() -> Iterator[str]:
    yield from ("## Subjects", "", "| subject | 中文 | features |", "|---|---|---|")
    for title, entries in PARTS.items():
        yield f"| [{title}](#{_anchor(title)}) | {chinese(title)} | {len(entries)} |"


def _part(title: str, entries: Catalogue) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield from table_of(entries)


def _pack(pack: Pack) -> Iterator[str]:
    """The section of a pack: its features, then its tables."""
    schema = with_packs([pack])
    yield from ("", f"## Pack {pack.name}", "", f"{pack.meaning}. {chinese(pack.meaning)}。", "")
    yield f'`--pack {pack.name}` on the command line; in Python `riskmodels.features.pack.pack_named("{pack.name}")`.'
    yield ""
    yield from table_of(pack.catalogue, schema)
    for table in pack.tables:
        yield from table_section(table, "###", "data-dictionary.md")


def table_of(entries: Catalogue, schema: Mapping[str, Table] = TABLES) -> list[str]:
    """The lines of a table of features, one for each family."""
    found: dict[Family, list[str]] = {}
    for entry, origin in zip(entries, _origins(entries, schema)):
        family, window = _family(entry, origin)
        found.setdefault(family, []).append(window)
    return [HEAD, LINE, *(_row(family, windows) for family, windows in found.items())]


def _family(entry: Entry, origin: str) -> tuple[Family, str]:
    """What an entry shares with others, and its window."""
    end = None if isinstance(entry, Own | Compared) else WINDOW.search(entry.name)
    stem = entry.name[: end.start()] if end else entry.name
    keys = subjects_of(entry)
    column = f"{keys[0] if len(keys) == 1 else 'KEY'}_{stem}"
    return Family(column, entry.meaning, entry.unit, entry.sign, keys, origin), end[1] if end else ""


def _origins(entries: Catalogue, schema: Mapping[str, Table]) -> Iterator[str]:
    """For each entry the tables it is of; for a comparison, the columns it compares."""
    found: dict[Hashable, str] = {}
    for entry in entries:
        alike = _facts(entry)
        if alike not in found:
            found[alike] = _origin(entry, schema)
        yield found[alike]


def _facts(entry: Entry) -> Hashable:
    """What the origin of an entry depends on: those that are alike in it come from the same tables."""
    if isinstance(entry, Own | Compared):
        return entry
    feature = entry.feature if isinstance(entry, Linked) else entry
    return entry.of if isinstance(entry, Linked) else "", frozenset(m.facts for m in feature.measures)


def _origin(entry: Entry, schema: Mapping[str, Table]) -> str:
    if isinstance(entry, Compared):
        return ", ".join(f"`{name}`" for name in entry.columns)
    of = f"{entry.of} of the party: " if isinstance(entry, Linked) else ""
    return of + sources(entry, schema)


def _row(family: Family, windows: Sequence[str]) -> str:
    one = f"_{windows[0]}" if len(windows) == 1 and windows[0] else "_WINDOW" if windows[0] else ""
    cells = (
        f"`{family.column}{one}`",
        family.meaning,
        chinese(family.meaning),
        family.unit,
        SIGNS[family.sign],
        ", ".join(windows),
        ", ".join(family.keys),
        family.origin,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def chinese(message: str) -> str:
    """A marked message in Chinese."""
    before = language()
    use("zh")
    try:
        return gettext(message)
    finally:
        use(before)


def _anchor(title: str) -> str:
    """The address of a heading within the page, as Markdown makes it."""
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def main() -> None:
    """Write the page to standard output, in UTF-8 whatever the console is set to."""
    sys.stdout.buffer.write(f"{page()}\n".encode())


if __name__ == "__main__":
    main()
