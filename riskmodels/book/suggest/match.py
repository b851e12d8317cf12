"""Which table a sheet holds, and which of its columns feeds which of ours: the best pairing by names and cells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from riskmodels.book.schema import TABLES
from riskmodels.book.suggest.names import name_scores, reason_against, role_word, sheet_score
from riskmodels.book.suggest.sample import Sheet
from riskmodels.book.suggest.values import Profile, fit

LEAST = 0.6
"""Score below which a column isn't proposed."""
SURE = 0.85
"""Score from which a name alone says what a column is."""
HELD = 0.45
"""Score from which a sheet is taken to hold a table."""
JUDGED = ("scores", "ratings", "applications", "parties", "market")
"""Tables whose columns may be somebody's judgement."""
FREE = frozenset(["client_id", "currency", "known_on", "target"])
"""Columns a source often lacks because they are the same for all rows."""


@dataclass(frozen=True)
class Match:
    """A column of the source for one of ours, and how well the two fit."""

    source: str
    score: float


@dataclass(frozen=True)
class Held:
    """A sheet that holds a table: the pairing, and how sure that is."""

    sheet: Sheet
    table: str
    matches: dict[str, Match]
    score: float


def profiles(sheet: Sheet) -> dict[str, Profile]:
    """The cells of each column of a sheet."""
    return {name: Profile(name, cells) for name, cells in sheet.columns.items()}


def scores(table: str, columns: dict[str, Profile]) -> dict[tuple[str, str], float]:
    """How well each (column of ours, column of the source) fits, where it can be at all."""
    found = {}
    for source, profile in columns.items():
        for (owner, name), score in name_scores(source).items():
            if owner == table and score >= LEAST and usable(table, source, score):
                found[name, source] = score * fit(table, name, profile)
    return {pair: score for pair, score in found.items() if score >= LEAST}


def usable(table: str, source: str, score: float) -> bool:
    """Whether nothing speaks against a column: a name that is exactly ours outweighs all but a prediction."""
    why = reason_against(source)
    if not why:
        return True
    if why.startswith("a prediction"):
        return table in JUDGED and score > 0.97
    return score > 0.97 or why.startswith("a balance")


def paired(found: dict[tuple[str, str], float], needed: Collection[str] = ()) -> dict[str, Match]:
    """Each column of ours with at most one of the source and the other way round, so that the scores add up highest.

    Those `needed` come first where it is all the same.
    """
    from scipy.optimize import linear_sum_assignment

    if not found:
        return {}
    ours = list(dict.fromkeys(name for name, _ in found))
    theirs = list(dict.fromkeys(source for _, source in found))
    worth = np.zeros((len(ours), len(theirs)))
    for (name, source), score in found.items():
        worth[ours.index(name), theirs.index(source)] = score**2 * (1.1 if name in needed else 1.0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    pairs = [(ours[r], theirs[c]) for r, c in zip(rows, columns) if worth[r, c] > 0]
    return {name: Match(source, found[name, source]) for name, source in pairs}


def _of_two(found: dict[tuple[str, str], float], needed: Collection[str]) -> dict[str, Match]:
    """The pairing in which client and debtor aren't the same somebody's number and name."""
    matches = paired(found, needed)
    while {"client_id", "debtor_id"} <= set(matches):
        client, debtor = matches["client_id"], matches["debtor_id"]
        if not role_word(client.source) or role_word(client.source) != role_word(debtor.source):
            break
        loser = ("debtor_id", debtor.source) if debtor.score < client.score else ("client_id", client.source)
        found = {pair: score for pair, score in found.items() if pair != loser}
        matches = paired(found, needed)
    return matches


def held(sheet: Sheet, columns: dict[str, Profile], tables: Collection[str]) -> list[Held]:
    """The tables a sheet may hold, the surest first."""
    candidates = [_held(sheet, columns, table) for table in tables]
    return sorted((h for h in candidates if h.score >= HELD), key=lambda h: -h.score)


def _held(sheet: Sheet, columns: dict[str, Profile], table: str) -> Held:
    contract = TABLES[table]
    matches = _of_two(scores(table, columns), contract.required)
    if contract.event not in matches and not set(contract.key) & set(matches):
        return Held(sheet, table, matches, 0.0)
    worth = {name: _worth(table, name) for name in contract.required}
    need = sum(w * matches[n].score for n, w in worth.items() if n in matches) / sum(worth.values())
    open_to_use = [s for s in columns if not reason_against(s)] or list(columns)
    used = sum(m.score for m in matches.values()) / max(len(open_to_use), 1)
    return Held(sheet, table, matches, 0.6 * need + 0.4 * min(used, 1) + 0.25 * sheet_score(sheet.name, table))


def _worth(table: str, name: str) -> float:
    if name in FREE:
        return 0.3
    return 2.0 if name == TABLES[table].event else 1.0 if name in TABLES[table].key else 1.5
