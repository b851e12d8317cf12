"""The lines one feature is held against, and the features beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.limits import packaged_limits
from riskmodels.core.text import mark

PREFIX = "features.each."


@dataclass(frozen=True)
class Line:
    """A measure each feature has (a column of the review's table) with a limit of its own, and what a fault means."""

    name: str
    unit: str
    fault: str


LINES = (
    Line("filled", "share", mark("rarely filled")),
    Line("fall", "share", mark("lost values lately")),
    Line("common", "share", mark("hardly varies")),
    Line("psi", "index", mark("drifted")),
    Line("wrong_p", "p", mark("against the expected direction")),
    Line("order_p", "p", mark("bad rate without order")),
)
EMPTY, INFINITE, COPY, LEAK = "empty", "infinite", "copies", "leak"
FAULTS = {
    **{line.name: line.fault for line in LINES},
    EMPTY: mark("without any value"),
    INFINITE: mark("infinite values"),
    COPY: mark("copy of another feature"),
    LEAK: mark("sees the future"),
}
"""What is wrong with a feature, in words."""
_PLAIN = {EMPTY: Verdict.BREACH, INFINITE: Verdict.BREACH, COPY: Verdict.WATCH}


@cache
def default_limits() -> dict[str, Limits]:
    """The limits this package ships for the feature review, by name."""
    return packaged_limits("riskmodels.validation.features")


def beyond(table: pd.DataFrame, limits: Mapping[str, Limits]) -> pd.DataFrame:
    """What is wrong with which feature: feature, fault, value, verdict (breach or watch), worst first.

    `table` has feature, the columns of LINES, critical (of the psi), infinite, and copy_of (empty: none).
    """
    found = [_of_line(table, line, limits[PREFIX + line.name]) for line in LINES]
    flags = {EMPTY: table["filled"] == 0, INFINITE: table["infinite"] > 0, COPY: table["copy_of"].ne("")}
    found += [_plain(table[hit], fault) for fault, hit in flags.items()]
    whole = pd.concat(found, ignore_index=True)
    worst = whole["verdict"].map({Verdict.BREACH: 0, Verdict.WATCH: 1})
    return whole.iloc[np.argsort(worst.to_numpy(float), kind="stable")].reset_index(drop=True)


def _of_line(table: pd.DataFrame, line: Line, limits: Limits) -> pd.DataFrame:
    # A feature without any value has that fault alone.
    ran = table[table[line.name].notna() & (table["filled"] > 0)]
    verdicts = [_verdict(limits, line.name, v, c) for v, c in zip(ran[line.name], ran["critical"], strict=True)]
    found = pd.DataFrame(
        {"feature": ran["feature"], "fault": line.name, "value": ran[line.name].astype(float), "verdict": verdicts}
    )
    return found[found["verdict"].isin([Verdict.BREACH, Verdict.WATCH])]


def _verdict(limits: Limits, name: str, value: float, critical: float) -> Verdict:
    if name != "psi":
        return limits.verdict(float(value))
    lines = [critical if line is None else max(line, critical) for line in (limits.breach_high, limits.watch_high)]
    return replace(limits, breach_high=lines[0], watch_high=lines[1]).verdict(float(value))


def _plain(table: pd.DataFrame, fault: str) -> pd.DataFrame:
    value = table["infinite"].astype(float) if fault == INFINITE else np.nan
    return pd.DataFrame({"feature": table["feature"], "fault": fault, "value": value, "verdict": _PLAIN[fault]})
