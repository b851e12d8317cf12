"""The checks of an overdue model's development, each measured or not run with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from riskmodels.core.checks import CheckResult, not_run
from riskmodels.core.text import gettext as _
from riskmodels.validation.overdue_development.trial import Trial

if TYPE_CHECKING:
    from riskmodels.validation.overdue_development.evidence import PaymentDevelopment

HABIT = "debtor_mean"
"""The baseline that a model has to beat."""
DAYS_BAND, BEYOND = 0.8, 30


def checks(made: PaymentDevelopment) -> list[CheckResult]:
    """All checks of a development."""
    return [_late(made), *(_of_trial(made, *asked) for asked in _asked())]


def _late(made: PaymentDevelopment) -> CheckResult:
    name, late = "overdue.sample.late", int(made.sample["outcome"].sum())
    n = int(made.sample["outcome"].notna().sum())
    return CheckResult(name, _("Late invoices learnt from"), float(late), made.limits[name], "count", n)


Measured = dict[str, Any]


def _asked() -> list[tuple[str, str, str, Callable[[Trial], Measured]]]:
    return [
        ("overdue.rank.late", _("AUC of late, later invoices"), "score", lambda t: _figure(t, "auc_late")),
        ("overdue.rank.gain", _("AUC gained on the debtor's own mean"), "score", lambda t: _gain(t, "auc_late", -1)),
        ("overdue.days.error", _("Mean error of the days to payment"), "days", lambda t: _figure(t, "mae_days")),
        ("overdue.days.gain", _("Days gained on the debtor's own mean"), "days", lambda t: _gain(t, "mae_days", 1)),
        ("overdue.level.late", _("Late share expected, less observed"), "share", _level),
        ("overdue.level.beyond_30", _("More than 30 days past due, expected less observed"), "share", _beyond),
        ("overdue.level.young", _("Late share of young invoices, expected less observed"), "share", _young),
        ("overdue.level.band", _("Coverage of the 80% band of days"), "share", _band),
    ]


def _of_trial(
    made: PaymentDevelopment, name: str, title: str, unit: str, measure: Callable[[Trial], Measured]
) -> CheckResult:
    known: dict[str, Any] = {"unit": unit, "limits": made.limits[name]}
    if made.trial is None:
        return not_run(name, title, made.no_trial, **known)
    found = measure(made.trial)
    if not np.isfinite(found["value"]):
        return not_run(name, title, _("the later invoices can't tell it yet"), **known)
    return CheckResult(name, title, **found, **known)


def _figure(trial: Trial, measure: str) -> Measured:
    row = trial.figure("champion", measure)
    return {"value": float(row["value"]), "n": int(row["n"]), "interval": _interval(row["low"], row["high"])}


def _gain(trial: Trial, measure: str, sign: int) -> Measured:
    """What the champion is better by than the debtor's own mean: `sign` 1 where less is better."""
    row = trial.figure(HABIT, measure)
    ends = sorted(sign * float(row[f"difference_{end}"]) for end in ("low", "high"))
    return {"value": sign * float(row["difference"]), "n": int(row["n"]), "interval": _interval(*ends)}


def _level(trial: Trial) -> Measured:
    mature = ~np.isnan(trial.late)
    value = float(trial.judged["probability"][mature].mean() - trial.late[mature].mean())
    return {"value": value, "n": int(mature.sum())}


def _beyond(trial: Trial) -> Measured:
    """Expected less observed share open beyond so many days past due."""
    rows = trial.levels[trial.levels["dpd"] == BEYOND]
    if rows.empty:
        return {"value": np.nan}
    found = rows.iloc[0]
    ends = sorted(float(found["expected"] - found[end]) for end in ("low", "high"))
    value = float(found["expected"] - found["observed"])
    return {"value": value, "n": int(found["n"]), "interval": _interval(*ends)}


def _young(trial: Trial) -> Measured:
    known = trial.young[trial.young["came"].notna()]
    weight = known["n"] / known["n"].sum() if len(known) else known["n"]
    value = float((weight * (known["model"] - known["came"])).sum()) if len(known) else np.nan
    return {"value": value, "n": int(known["n"].sum())}


def _band(trial: Trial) -> Measured:
    row = trial.bands[trial.bands["level"] == DAYS_BAND]
    if row.empty:
        return {"value": np.nan}
    found = row.iloc[0]
    return {
        "value": float(found["observed"]),
        "n": int(found["n"]),
        "interval": _interval(found["low"], found["high"]),
    }


def _interval(low: float, high: float) -> tuple[float, float] | None:
    return (float(low), float(high)) if np.isfinite([low, high]).all() else None
