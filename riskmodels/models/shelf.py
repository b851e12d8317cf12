"""Where the models of a book stand, what names them, and which one is meant: without loading any of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import riskmodels
from riskmodels.book.open import open_book
from riskmodels.core.dates import parse_date
from riskmodels.core.errors import Misuse
from riskmodels.models.overdue_rule import rule_of
from riskmodels.models.sealed import MANIFEST, read_sealed

PARTIES = ("overdue-debtor", "overdue-client")
PURPOSES = ("rating", "overdue", *PARTIES)
Progress = Callable[[int, int], None]


def train(
    purpose: str,
    path: Path,
    as_of: str | date,
    seed: int = 0,
    progress: Progress | None = None,
    card: Path | None = None,
    tendency: float | None = None,
    dpd: int | None = None,
    months: int | None = None,
) -> Path:
    """Train the champion and challenger of a purpose on what a book knew at a date; the folder they are kept in.

    The folder stands beside the book: `models/<book>/<purpose>-<as of>-<hash>`. The hash is of all that decides the
    model: what the book knew, the date, the seed and this package's code. A model that is there already is not
    trained again. With a `card`, the folder of an imported one, that is the champion of a rating, unedited. A rating's
    PDs are anchored on `tendency`, by default the long-run mean of the book's yearly default rates. Overdue debtors and
    clients are more than `dpd` days past due, by default 30, in the next `months`, by default 3.
    """
    if purpose not in PURPOSES:
        raise Misuse(f"train: found {purpose!r}, expected one of {', '.join(PURPOSES)}")
    _check_options(purpose, {"--card": card, "--tendency": tendency}, ("rating",))
    _check_options(purpose, {"--dpd": dpd, "--months": months}, PARTIES)
    if tendency is not None and not 0 < tendency < 1:
        raise Misuse(f"--tendency: found {tendency}, expected a rate strictly between 0 and 1")
    rule = _rule(dpd, months) if purpose in PARTIES else {}
    day, book = parse_date(as_of, "--as-of"), open_book(path)
    inputs = {"purpose": purpose, "book": book.name, "as_of": day.isoformat(), "seed": seed}
    inputs |= {"book_sha256": book.as_of(day).fingerprint, "code_sha256": _code_digest()}
    inputs |= {"card_sha256": model_digest(card)} if card else {}
    inputs |= {} if tendency is None else {"tendency": tendency}
    inputs |= {"rule": rule} if rule else {}
    home = models_of(path) / f"{purpose}-{day}-{_digest(inputs)}"
    if not home.exists():
        from riskmodels.models.cards.desk import kept_model  # LightGBM and statsmodels take seconds to import
        from riskmodels.models.recipes import make

        make(book, day, inputs, home, progress, kept_model(card) if card else None)
    return home


def _check_options(purpose: str, given: dict[str, Any], takers: tuple[str, ...]) -> None:
    """Refuse what only some purposes take with another."""
    for option, value in given.items():
        if value is not None and purpose not in takers:
            raise Misuse(f"{option}: found it with {purpose}, expected it with {' or '.join(takers)}")


def _rule(dpd: int | None, months: int | None) -> dict[str, int]:
    """The days and months of the rule that is meant; what isn't given is the usual."""
    rule = rule_of(**{name: value for name, value in (("dpd", dpd), ("months", months)) if value is not None})
    return {"dpd": rule.dpd, "months": rule.months}


def find_model(model: str, path: Path, as_of: date) -> Path | None:
    """The folder that `model` names: a folder itself, or the book's newest of a purpose, or of any when it is empty.

    Newest means trained last on or before `as_of`. None only when nothing was named and the book has no such model.
    """
    if model and model not in PURPOSES:
        if not Path(model).is_dir():
            raise Misuse(f"--model: found {model!r}, expected a model's folder or one of {', '.join(PURPOSES)}")
        return Path(model)
    found = newest(model, path, as_of)
    if model and not found:
        raise Misuse(
            f"--model: no {model} model of {path} trained by {as_of}; "
            f"riskmodels train {model} {path} --as-of DATE makes one"
        )
    return found


def newest(purpose: str, path: Path, as_of: date) -> Path | None:
    """The book's model of a purpose, or of any when it is empty, that was trained last on or before `as_of`."""
    found = (p for p in models_of(path).glob(f"{purpose or '*'}-[0-9]*/{MANIFEST}") if _trained(p) <= as_of.isoformat())
    last = max(found, key=lambda p: (_trained(p), p.stat().st_mtime), default=None)
    return last and last.parent


def read_card(folder: Path) -> dict[str, Any]:
    """What a model's folder says of it, after every file was checked against its manifest."""
    card: dict[str, Any] = read_sealed(folder, ("models", "card"))[0]["card"]
    if card.get("purpose") not in PURPOSES:
        raise Misuse(f"{folder}: found a model for {card.get('purpose')!r}, expected one of {', '.join(PURPOSES)}")
    return card


def model_name(card: dict[str, Any]) -> str:
    """What a card's model is called from run to run: its purpose, and the rule it is set to, if it is set to one."""
    rule = card.get("rule")
    return f"{card['purpose']}, {rule['dpd']} days in {rule['months']} months" if rule else str(card["purpose"])


def model_digest(folder: Path) -> str:
    """SHA-256 of a folder's manifest, which holds the hash of every file."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def models_of(path: Path) -> Path:
    """Where the models of a book are kept."""
    return Path(path).parent / "models" / Path(path).stem


def _digest(inputs: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:8]


@cache
def _code_digest() -> str:
    """SHA-256 over the code a model can depend on: the floors from core up to models."""
    root, digest = Path(riskmodels.__file__).parent, hashlib.sha256()
    for floor in ("core", "book", "features", "models"):
        for path in sorted((root / floor).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _trained(manifest: Path) -> str:
    """The training date in a folder's name, such as 2025-06-30 of overdue-2025-06-30-69864850."""
    return manifest.parent.name.rsplit("-", 1)[0][-10:]
