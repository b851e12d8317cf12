"""Loads of spoilt files: never a traceback, never a row lost in silence, never a scratch on the old book."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import duckdb

from riskmodels.book.load import load
from riskmodels.core.errors import RiskmodelsError
from tests.certify.campaign import Campaign, Figure, Record, none
from tests.certify.mutations import mutated

KEYS = {"invoices": "invoice_id", "payments": "payment_id"}
NAMES = ("华东重工", "Müller AG", '"Smith, Sons"', '"Acme ""A"""', "d4", "d5")


def run(seed: int) -> Record:
    """How a load of a spoilt source ended, what it lost, and whether the old book and the place were left alone."""
    rng = Random(seed)
    with tempfile.TemporaryDirectory(prefix="certify-") as place:
        folder, out = Path(place) / "source", Path(place) / "book.duckdb"
        kinds = _spoilt(folder, rng)
        out.write_bytes(_old())
        aside = Path(place) / "aside.csv" if rng.random() < 0.7 else None
        record: Record = {"kinds": kinds, "lost": [], "counted": 0}
        try:
            load(folder, out, set_aside=aside)
        except RiskmodelsError as error:
            record |= {"end": "refused", "lines": str(error).count("\n") + 1, "length": len(str(error))}
            record["untouched"] = out.read_bytes() == _old() and not (aside and aside.exists())
        except Exception as error:  # whatever it is, it is a traceback to the user
            record |= {"end": f"crashed: {type(error).__name__}: {str(error)[:200]}"}
        else:
            record |= {"end": "loaded", **_accounted(folder, out, aside)}
        record["left"] = sorted(p.name for p in Path(place).iterdir() if p not in (folder, out, aside))
    return record


def _spoilt(folder: Path, rng: Random) -> list[str]:
    """Write a small ledger with one of its files spoilt; the names of what was done to it."""
    folder.mkdir()
    tables = _ledger(rng)
    spoilt = rng.choice(["invoices", "invoices", "payments"])
    tables[spoilt], kinds = mutated(tables[spoilt], rng)
    for name, data in tables.items():
        (folder / f"{name}.csv").write_bytes(data)
    return [spoilt, *kinds]


def _ledger(rng: Random) -> dict[str, bytes]:
    invoices = ["invoice_id,client_id,debtor_id,currency,amount,issued_on,due_on,number"]
    payments = ["payment_id,invoice_id,paid_on,amount,payer"]
    for i in range(rng.randrange(3, 25)):
        amount, day = rng.randrange(1, 10**7) / 100, rng.randrange(1, 29)
        invoices.append(
            f"i{i},c{i % 3},{rng.choice(NAMES)},CNY,{amount},2024-0{i % 9 + 1}-{day:02d},2024-12-{day:02d},合同{i}"
        )
        if rng.random() < 0.6:
            payments.append(f"p{i},i{i},2024-11-{day:02d},{amount},debtor")
    return {name: "\n".join([*lines, ""]).encode() for name, lines in (("invoices", invoices), ("payments", payments))}


def _accounted(folder: Path, out: Path, aside: Path | None) -> Record:
    """Tables whose keys in the file aren't those kept and set aside, and how many well-formed tables were compared."""
    lost, counted = [], 0
    apart = _set_aside(aside)
    for table, key in KEYS.items():
        there = _keys(folder / f"{table}.csv", key)
        if there is not None:
            counted += 1
            kept = Counter(_kept(out, table, key)) + apart[table]
            lost += [] if kept == there else [f"{table}: {sorted((there - kept) + (kept - there))[:3]}"]
    return {"lost": lost, "counted": counted}


def _kept(out: Path, table: str, key: str) -> list[str]:
    with duckdb.connect(str(out), read_only=True) as con:
        return [value for (value,) in con.execute(f"SELECT {key} FROM {table}").fetchall()]


def _set_aside(aside: Path | None) -> dict[str, Counter[str]]:
    """The keys set aside by table."""
    found: dict[str, Counter[str]] = {table: Counter() for table in KEYS}
    if aside is None or not aside.exists():
        return found
    head: list[str] = []
    for row in csv.reader(io.StringIO(aside.read_text(encoding="utf-8"), newline="")):
        if row[0] == "table_name":
            head = row
        else:
            found[row[0]][_plain(row[head.index(KEYS[row[0]])])] += 1
    return found


def _keys(file: Path, key: str) -> Counter[str] | None:
    """The keys in a file as Python's csv module finds them; None when it isn't well-formed."""
    csv.field_size_limit(10**8)
    text = file.read_bytes().decode("utf-8-sig", errors="replace")
    head = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t|", key=head.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True) if row]
    except csv.Error:
        return None
    names = [name.strip() for name in rows[0]] if rows else []
    if key not in names or any(len(row) != len(names) for row in rows):
        return None
    return Counter(_plain(row[names.index(key)]) for row in rows[1:])


def _plain(key: str) -> str:
    return key.strip(" 　")


@cache
def _old() -> bytes:
    """A book that was there before."""
    with tempfile.TemporaryDirectory(prefix="certify-") as place:
        folder = Path(place) / "source"
        folder.mkdir()
        for name, data in _ledger(Random(-1)).items():
            (folder / f"{name}.csv").write_bytes(data)
        load(folder, Path(place) / "book.duckdb")
        return (Path(place) / "book.duckdb").read_bytes()


def summary(records: list[Record]) -> list[Figure]:
    """Tracebacks, silent losses, and what a refusal left behind."""
    n, ends = len(records), Counter(r["end"].split(":")[0] for r in records)
    refused = [r for r in records if r["end"] == "refused"]
    compared = sum(r["counted"] for r in records)
    return [
        Figure("loads that ended in a book, refused", f"{ends['loaded']:,}, {ends['refused']:,} of {n:,}"),
        none("tracebacks", ends["crashed"], n),
        none("tables that lost or made rows in silence", sum(len(r["lost"]) for r in records), compared),
        none("refusals that touched the old book", sum(not r["untouched"] for r in refused), len(refused)),
        none("refusals of more than one line", sum(r["lines"] > 1 for r in refused), len(refused)),
        none("loads that left files beside the book", sum(bool(r["left"]) for r in records), n),
        Figure("longest refusal in characters", f"{max((r['length'] for r in refused), default=0):,}"),
    ]


MUTATED_FILES = Campaign("mutated-files", "Loads of spoilt files", run, summary, seeds=10_000, quick=100)
