"""A scored file of anyone's as the sample a validation takes: columns called by their roles, the rest as drivers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from riskmodels.core.errors import Misuse
from riskmodels.core.nearest import hint
from riskmodels.validation.case import POINTS, PROBABILITY, RISK
from riskmodels.validation.frame_cells import amounts, numbers, oriented, outcomes, periods, score
from riskmodels.validation.frame_table import FileTable, open_table

SCORE, OUTCOME, PERIOD = "score", "outcome", "period"
ROLES = (SCORE, OUTCOME, "grade", PERIOD, "weight", "obligor", "client", "segment", "challenger")
"""What a column may be. A score is a probability or points; the other roles are the sample's columns."""
REQUIRED = (SCORE, OUTCOME)
NAMES = {PROBABILITY, RISK, POINTS, *ROLES}
KINDS, DIRECTIONS = ("probability", "points"), ("safer", "riskier")


def read_frame(
    path: str | Path, roles: Mapping[str, str], *, bad: str = "", score_is: str = "", higher: str = ""
) -> pd.DataFrame:
    """The rows of a .csv, .parquet or .xlsx file in their order, columns in the names of their roles.

    `roles` gives the file's column for each role, score and outcome at least. The score becomes `probability` when it
    is stated to be one (`score_is`) or all values lie in [0, 1], else `risk`: its negative when `higher` is safer, and
    then it stays as `points` too. A challenger is turned as the score is. `bad` is the word for bad where outcomes
    aren't 1 and 0. An optional column with nothing in it is left out. Other columns follow as possible drivers, numbers
    as numbers, one whose name is a role's as file.<name>. Cells that can't be read are refused with their lines.
    """
    _check(roles, score_is, higher)
    table = open_table(path, dict(roles))
    for role, column in roles.items():
        table.column(column, role)
    kind, values = score(table, roles[SCORE], score_is, higher)
    known = {POINTS: -values} if kind == RISK and higher == "safer" else {}
    frame = {kind: values, **known, OUTCOME: outcomes(table, roles[OUTCOME], bad)}
    frame |= {role: _optional(table, role, roles[role], kind, higher) for role in ROLES[2:] if role in roles}
    read = pd.DataFrame(frame)
    kept = read.drop(columns=[c for c in read if c not in (kind, OUTCOME) and read[c].isna().all()])
    return pd.concat([kept, _others(table, set(roles.values()))], axis=1)


def repeated(frame: pd.DataFrame) -> int:
    """Rows beyond the first of the same obligor and period (or obligor alone); 0 without obligors."""
    keys = [c for c in ("obligor", PERIOD) if c in frame]
    if "obligor" not in keys:
        return 0
    return int(frame.loc[frame["obligor"].notna(), keys].duplicated().sum())


def matured(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows, those too young that were scored after the last good outcome, though some of them are bad already.

    That a case ended well shows only when its window is over, that it is bad may show before: a period of which
    only bad ends are known would look far worse than it is. Without periods, or good outcomes, nothing is changed.
    """
    if PERIOD not in frame or not (good := frame[OUTCOME] == 0).any():
        return frame
    last = frame.loc[good, PERIOD].max()
    return frame.assign(outcome=frame[OUTCOME].where(frame[PERIOD] <= last))


def _check(roles: Mapping[str, str], score_is: str, higher: str) -> None:
    for role in roles:
        if role not in ROLES:
            raise Misuse(f"columns: no role {role!r}; {hint(role, ROLES)}")
    if missing := [role for role in REQUIRED if not roles.get(role)]:
        raise Misuse(f"columns: found none for the {missing[0]}, expected the name of its column")
    if roles[SCORE] == roles[OUTCOME]:
        raise Misuse(f"columns: found {roles[SCORE]!r} for the score and for the outcome, expected two columns")
    for name, value, known in (("score-is", score_is, KINDS), ("higher", higher, DIRECTIONS)):
        if value and value not in known:
            raise Misuse(f"--{name}: found {value!r}, expected {' or '.join(known)}")


def _optional(table: FileTable, role: str, column: str, kind: str, higher: str) -> pd.Series:
    match role:
        case "weight":
            return amounts(table, column)
        case "challenger":
            return oriented(numbers(table, column), kind, higher)
        case _ if role == PERIOD:
            return periods(table, column)
        case _:
            return table.text(column)


def _others(table: FileTable, used: set[str]) -> pd.DataFrame:
    """The columns without a role, by their names."""
    found = table.typed([name for name in table.names if name not in used])
    return found.rename(columns={name: f"file.{name}" for name in NAMES})
