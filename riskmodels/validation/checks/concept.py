"""Do the drivers say one thing each, pull as they did, and raise or lower risk throughout?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.validation.case import Case
from riskmodels.validation.checks import needs
from riskmodels.validation.checks.check import LEVEL, Check, Measured
from riskmodels.validation.checks.stability import drivers
from riskmodels.validation.checks.told import rows
from riskmodels.validation.coefficients import inflation, moved
from riskmodels.validation.dependence import treatment
from riskmodels.validation.features.order import disorder_p
from riskmodels.validation.rival import encoded
from riskmodels.validation.slices import adjusted

EXACT = 1e6


def shared(case: Case) -> list[str]:
    """The drivers that both samples have."""
    return [d for d in case.drivers if d in case.sample and d in case.development.sample]


def coefficients(case: Case) -> pd.DataFrame:
    """Coefficients of one logit of all drivers, then and now: see `moved`."""
    groups = tuple(c.cluster for c in (case.development, case))
    return moved(case.development.mature, case.mature, shared(case), groups)  # type: ignore[arg-type]


def inflations(case: Case) -> pd.Series:
    """Variance inflation of the ranks of the drivers in development, largest first."""
    known = case.development.mature
    return inflation(known, encoded(known, shared(case)))


def orders(case: Case) -> pd.Series:
    """p of H0: the bad rate runs one way with the driver, for numeric drivers on later data, after Holm."""
    known = case.mature
    numeric = [d for d in case.drivers if d in known and pd.api.types.is_numeric_dtype(known[d])]
    cluster = np.arange(len(known)) if case.cluster is None else case.cluster
    found = {d: disorder_p(known[d].to_numpy(float, na_value=np.nan), case.outcome, cluster) for d in numeric}
    return adjusted(pd.Series(found, dtype=float)).sort_values(kind="stable")


def most_inflated(case: Case) -> Measured:
    """The largest variance inflation factor among the drivers; EXACT where the others give one without error."""
    found = inflations(case)
    return Measured(
        min(float(found.iloc[0]), EXACT),
        len(case.development.mature),
        detail={"driver": found.index[0], **_told(found, "vif")},
    )


def turned(case: Case) -> Measured:
    """Number of drivers whose coefficient clearly changed its sign since development."""
    table = coefficients(case)
    names = table.loc[table["turned"], "driver"].tolist()
    least = float(table["p_value"].min())
    told = {"drivers": names, "of": len(table), **rows(table)}
    return Measured(len(names), case.n, p_value=least, dependence=_by_obligor(case, case.development), detail=told)


def disordered(case: Case) -> Measured:
    """Number of drivers with which the bad rate both rises and falls, beyond chance."""
    p = orders(case)
    names = p.index[p < LEVEL].tolist()
    told = {"drivers": names, "of": len(p), **_told(p, "order_p")}
    return Measured(len(names), case.n, p_value=float(p.min()), dependence=_by_obligor(case), detail=told)


def _by_obligor(*cases: Case) -> str:
    """What was done about dependence where errors are clustered by obligor alone."""
    return treatment({"obligor"} & {party for case in cases for party in case.parties})


def _told(values: pd.Series, name: str) -> dict[str, Any]:
    finite = values.clip(upper=EXACT)
    return rows(finite.rename(name).rename_axis("driver").reset_index())


def numbers(case: Case) -> str:
    """A numeric driver of more than two bins."""
    found = orders(case)
    return "" if found.notna().any() else _("no numeric driver has three bins or more")


CONCEPT: tuple[Check, ...] = (
    Check(
        "validation.concept.inflation",
        mark("Largest variance inflation of a driver"),
        "number",
        most_inflated,
        (needs.cases, needs.reference_events, drivers),
        "Belsley, Kuh, Welsch 1980, chapter 3, on ranks",
    ),
    Check(
        "validation.concept.turned",
        mark("Drivers whose coefficient changed its sign"),
        "count",
        turned,
        (needs.reference_events, needs.enough_events, drivers),
        "a logit on ranks fitted on each sample; Wald, clustered, Holm over the drivers",
        mark("no coefficient has changed since development"),
    ),
    Check(
        "validation.concept.disordered",
        mark("Drivers that don't raise or lower risk throughout"),
        "count",
        disordered,
        (needs.enough_events, numbers),
        "Robertson, Wright, Dykstra 1988, by design effect; Holm over the drivers",
        mark("the bad rate runs one way with every driver"),
    ),
)
