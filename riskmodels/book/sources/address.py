"""Where a source is: a path, or the address of a server. No address holds a password, and none is ever repeated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from riskmodels.core.errors import Misuse

FORM = "postgresql://user@host:port/database?schema=name"
"""How the address of a PostgreSQL schema is written; all but the database may be left out."""
KEPT_IN = "PGPASSWORD, ~/.pgpass (or PGPASSFILE), or the service that PGSERVICE names"
"""Where a password is read from."""
_OTHERWISE = re.compile(r"jdbc:|postgres(ql)?:(?!/)|.*\bpass(word|wd)?\s*=", re.IGNORECASE | re.DOTALL)
"""How other programs write where a database is: what may hold a password must not be taken for a path and repeated."""


@dataclass(frozen=True)
class PostgresAddress:
    """A schema of a PostgreSQL database; what is left out is libpq's to say (PGHOST, PGPORT, PGUSER, PGSERVICE)."""

    database: str
    schema: str = "public"
    host: str | None = None
    port: int | None = None
    user: str | None = None

    def __str__(self) -> str:
        """The address as it is shown and kept: without the user."""
        host = f"[{self.host}]" if self.host and ":" in self.host else self.host or ""
        port = f":{self.port}" if self.port else ""
        schema = "" if self.schema == "public" else f"?schema={quote(self.schema, safe='')}"
        return f"postgresql://{host}{port}/{quote(self.database, safe='')}{schema}"


@dataclass(frozen=True)
class SparkAddress:
    """A database of Spark, or `catalog.database`."""

    database: str

    def __str__(self) -> str:
        return f"spark:{self.database}"


Place = Path | PostgresAddress | SparkAddress
"""Where a source is, understood."""


def located(source: str | Path) -> Place:
    """The path or the address that a source is given as; an address that can't be one is misuse.

    Two or more letters before a colon and a slash make an address, so that C:/ledger stays a path.
    """
    if not str(source).strip():
        raise Misuse("found an empty name of a source, expected a file, a folder or an address")
    if _OTHERWISE.match(str(source).strip()):
        raise Misuse(f"found a database named in another program's way, expected {FORM}, the password in {KEPT_IN}")
    if isinstance(source, str) and (spark := re.fullmatch(r"spark:(?!/)(.*)", source.strip(), re.IGNORECASE)):
        return _spark(spark[1])
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):/", str(source).strip())
    if scheme is None:
        return Path(source)
    if scheme[1].lower() not in ("postgresql", "postgres"):
        raise Misuse(f"found an address that is neither PostgreSQL's nor Spark's, expected {FORM} or spark:DATABASE")
    return _postgres(str(source).strip())


def place_of(source: str | Path) -> str:
    """How a message names the source: the path, or the address without its user."""
    return str(located(source))


def name_of(source: str | Path) -> str:
    """How a book names its source: the file's name, or the address without its user."""
    place = located(source)
    return place.name if isinstance(place, Path) else str(place)


def stem_of(source: str | Path) -> str:
    """How a book made from the source is called: the file's name without its ending, or the database."""
    place = located(source)
    return place.stem if isinstance(place, Path) else place.database


def _spark(database: str) -> SparkAddress:
    if not database or "`" in database:
        raise Misuse(
            f"spark:{database}: found no name of a database, expected spark:DATABASE or spark:CATALOG.DATABASE"
        )
    return SparkAddress(database)


def _postgres(text: str) -> PostgresAddress:
    """The parts of an address; the text itself may hold a password, so no message shows any of it."""
    url = _split(text)
    if url is None or "//" not in text:
        raise Misuse(f"found a PostgreSQL address that can't be read, expected {FORM}")
    user, _, _ = url.netloc.rpartition("@")
    asked = parse_qsl(url.query, keep_blank_values=True)
    if ":" in unquote(user) or any("pass" in name.lower() for name, _ in asked):
        raise Misuse(
            f"found a password in the address of a PostgreSQL database, expected {FORM} and the password in {KEPT_IN}"
        )
    database = url.path.removeprefix("/")
    if not database or re.search("[/@]", database) or url.fragment:
        raise Misuse(f"found a PostgreSQL address without one plain name of a database, expected {FORM}")
    if len(asked) > 1 or any(name != "schema" or not value for name, value in asked):
        raise Misuse(f"found a PostgreSQL address that asks for more than a schema, expected {FORM}")
    parts = {"schema": asked[0][1]} if asked else {}
    host = unquote(url.hostname) if url.hostname else None
    return PostgresAddress(unquote(database), host=host, port=url.port, user=unquote(user) or None, **parts)


def _split(text: str) -> SplitResult | None:
    """The parts of the text; None where it has none, so that no error in the chain repeats it."""
    try:
        url = urlsplit(text)
        return url if url.port is None or url.port else None
    except ValueError:
        return None
