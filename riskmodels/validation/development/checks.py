"""The checks of a development, each measured or not run with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from riskmodels.core.checks import CheckResult, not_run
from riskmodels.core.text import gettext as _
from riskmodels.models.inputs import columns_of
from riskmodels.models.scorecard.rounding import rounding

if TYPE_CHECKING:
    from riskmodels.validation.development.evidence import Development

SURE = float(norm.ppf(0.975))


def checks(made: Development) -> list[CheckResult]:
    """All checks of a development."""
    return [make(made) for make in _CHECKS]


def _measured(made: Development, name: str, title: str, unit: str, value: float, n: int, **told: object) -> CheckResult:
    full = f"development.{name}"
    return CheckResult(full, title, float(value), made.limits[full], unit, n, **told)  # type: ignore[arg-type]


def _not_run(made: Development, name: str, title: str, unit: str, reason: str) -> CheckResult:
    full = f"development.{name}"
    return not_run(full, title, reason, unit=unit, limits=made.limits[full])


def _bads(made: Development) -> CheckResult:
    size = made.size
    return _measured(made, "sample.bads", _("Obligors with a default"), "count", size.obligors_with_a_bad, size.rows)


def _later_bads(made: Development) -> CheckResult:
    name, title = "sample.out_of_time_bads", _("Defaults out of time")
    if made.no_trial:
        return _not_run(made, name, title, "count", made.no_trial)
    later = made.parts["out-of-time"]
    return _measured(made, name, title, "count", later["outcome"].sum(), len(later))


def _threshold(made: Development) -> CheckResult:
    name, title, study = "definition.threshold", _("Days past due: rule less what the book justifies"), made.study
    if study.threshold is None:
        reason = study.reasons[0] if study.evidence is None else _("the book justifies no threshold")
        return _not_run(made, name, title, "count", reason)
    return _measured(made, name, title, "count", study.rule.dpd - study.threshold, made.size.obligors)


def _window(made: Development) -> CheckResult:
    name, title, study = "definition.window", _("Months until bad shows, less the rule's window"), made.study
    if study.window is None:
        reason = study.reasons[0] if study.evidence is None else _("the book justifies no window")
        return _not_run(made, name, title, "count", reason)
    return _measured(made, name, title, "count", study.window - study.rule.months, made.size.obligors)


def _signs(made: Development) -> CheckResult:
    estimates = made.card.logit_.estimates[1:]
    return _measured(
        made, "drivers.wrong_sign", _("Drivers with the wrong sign"), "count", (estimates <= 0).sum(), len(estimates)
    )


def _weak(made: Development) -> CheckResult:
    fit = made.card.logit_
    z = fit.estimates[1:] / np.sqrt(np.diag(fit.covariance)[1:])
    weak = [d for d, found in zip(fit.drivers, z) if abs(found) < SURE]
    title = _("Drivers that chance could explain (5%)")
    return _measured(made, "drivers.weak", title, "count", len(weak), len(fit.drivers), detail={"drivers": weak})


def _collinear(made: Development) -> CheckResult:
    vifs = made.vifs
    title = _("Largest variance inflation of a driver")
    return _measured(made, "drivers.vif", title, "number", vifs.max(), len(vifs), detail=vifs.to_dict())


def _ranks(part: str, name: str, title: Callable[[], str]) -> Callable[[Development], CheckResult]:
    def make(made: Development) -> CheckResult:
        if made.no_trial:
            return _not_run(made, name, title(), "score", made.no_trial)
        found = made.ranking[part]
        interval = (found.low, found.high) if found.se > 0 else None
        return _measured(made, name, title(), "score", found.value, len(made.parts[part]), interval=interval)

    return make


def _falls(part: str, name: str, title: Callable[[], str]) -> Callable[[Development], CheckResult]:
    def make(made: Development) -> CheckResult:
        if made.no_trial:
            return _not_run(made, name, title(), "score", made.no_trial)
        fall = made.ranking["development"].value - made.ranking[part].value
        return _measured(made, name, title(), "score", fall, len(made.parts[part]))

    return make


def _turned(made: Development) -> CheckResult:
    name, title = "bands.turned", _("Score bands out of order in development")
    if made.bands is None:
        return _not_run(made, name, title, "count", made.no_trial)
    first = made.bands.totals.iloc[0]
    return _measured(made, name, title, "count", first["inversions"], int(first["n"]))


def _moved(made: Development) -> CheckResult:
    name, title = "bands.psi", _("Score PSI, out of time against development")
    if made.bands is None:
        return _not_run(made, name, title, "index", made.no_trial)
    last = made.bands.totals.iloc[-1]
    return _measured(made, name, title, "index", last["psi"], int(last["n"]))


def _swapped(made: Development) -> CheckResult:
    X = columns_of(made.card, made.known)
    found = rounding(made.card, X).agreement
    title = _("Pairs of cases that rounding to points turns round")
    return _measured(made, "points.swapped", title, "share", found.swapped, len(X), detail={"tau_b": found.tau_b})


def _agreement(made: Development) -> CheckResult:
    ranks = made.explained.ranks["kendall"].mean()
    title = _("Order of drivers on other draws (Kendall)")
    return _measured(made, "explained.ranks", title, "score", ranks, len(made.explained.ranks))


_CHECKS: tuple[Callable[[Development], CheckResult], ...] = (
    _bads,
    _later_bads,
    _threshold,
    _window,
    _signs,
    _weak,
    _collinear,
    _ranks("hold-out", "rank.hold_out", lambda: _("AUC on other obligors")),
    _ranks("out-of-time", "rank.out_of_time", lambda: _("AUC out of time")),
    _falls("hold-out", "rank.fall_hold_out", lambda: _("AUC lost on other obligors")),
    _falls("out-of-time", "rank.fall_out_of_time", lambda: _("AUC lost out of time")),
    _turned,
    _moved,
    _swapped,
    _agreement,
)
