"""The evidence of concept: how drivers pull then and now, bins, alternatives, and what the samples can't show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.models.binning.binner import feature
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, NotRun, Section, Table, Text
from riskmodels.reporting.pages.development_drivers import selection_table
from riskmodels.reporting.pages.driver_words import driver_title
from riskmodels.reporting.pages.judgement_shared import measures
from riskmodels.reporting.pages.page import listed
from riskmodels.validation.checks.told import table_of

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

INFLATION, TURNED = "validation.concept.inflation", "validation.concept.turned"
DISORDERED = "validation.concept.disordered"
FEW_EVENTS, SHORT_DAYS = 100, 730
"""Bad cases, and days from the first to the last case of development, below which the report says so."""


def of_a_sample(judged: ModelValidation, name: str) -> Iterator[Block]:
    """The section where only samples are at hand: what their drivers say, or that there are none."""
    checks = {c.name: c for c in judged.of_group("concept")}
    yield Section.of("3", name, _finding(checks), "", checks.values())
    if not judged.drivers:
        reason = _("the file names no drivers, so that only the score itself is judged")
        yield NotRun(_("Drivers"), reason)
    yield from evidence(judged)


def evidence(judged: ModelValidation) -> Iterator[Block]:
    """The measures, each driver's pull then and now, bins and alternatives of a stored scorecard, and limitations."""
    checks = {c.name: c for c in judged.of_group("concept")}
    yield measures(list(checks.values()), "concept_measures", _("Measures of concept"))
    if not checks[TURNED].reason:
        yield _coefficients(checks)
    if judged.stored and hasattr(judged.stored.models["champion"], "binner_"):
        yield _bins(judged)
    if judged.stored and "taken" in judged.stored.selection:
        yield selection_table(judged.stored.selection, judged.drivers)
    if told := limitations(judged):
        yield Text((_("Limitations: {list}.").format(list=_("; ").join(told)),))


def _finding(checks: dict[str, CheckResult]) -> str:
    turned = checks[TURNED]
    if turned.value:
        names = [driver_title(d) for d in turned.detail["drivers"]]
        return _("The pull of {drivers} has turned since development").format(drivers=listed(names))
    if turned.verdict is not Verdict.NOT_RUN:
        return _("No driver pulls the other way than in development")
    return _("What the score is made of can't be judged on these files")


def _coefficients(checks: dict[str, CheckResult]) -> Table:
    rows = table_of(checks[TURNED])
    for check, column in ((INFLATION, "vif"), (DISORDERED, "order_p")):
        table = table_of(checks[check])
        found = table.set_index("driver")[column] if len(table) else pd.Series(dtype=float)
        rows[column] = rows["driver"].map(found)
    rows["name"] = rows["driver"].map(driver_title)
    columns = [
        Column("name", _("Driver")),
        Column("initial", _("Development"), "number"),
        Column("initial_low", _("95% from"), "number", quiet=True),
        Column("initial_high", _("to"), "number", quiet=True),
        Column("current", _("Later data"), "number"),
        Column("current_low", _("95% from"), "number", quiet=True),
        Column("current_high", _("to"), "number", quiet=True),
        Column("p_value", _("Holm p"), "p"),
        Column("vif", _("VIF"), "number", quiet=True),
        Column("order_p", _("Monotonicity p"), "p", quiet=True),
    ]
    caption = _(
        "Log-odds from a driver's lowest to its highest rank in one logit of all drivers, fitted on each sample; "
        "intervals allow for repeated obligors. VIF: variance inflation of the ranks in development. Monotonicity p: "
        "H0 that the bad rate rises or falls throughout, Holm."
    )
    title = _("What each driver adds beside the others, in development and on later data")
    return Table.of("coefficients", rows, columns, title=title, caption=caption)


def _bins(judged: ModelValidation) -> Table:
    """Every bin of the scorecard's drivers: share and bad rate in development and on later data, and WoE."""
    binner = judged.model.models["champion"].binner_
    later = judged.case.mature
    rows = pd.concat([_of_driver(feature(binner, d), later) for d in judged.drivers], ignore_index=True)
    columns = [
        Column("name", _("Driver")),
        Column("bin", _("Bin")),
        Column("share", _("Share"), "share", quiet=True),
        Column("rate", _("Bad rate"), "share"),
        Column("woe", _("WoE"), "number"),
        Column("now", _("Share later"), "share", quiet=True),
        Column("came", _("Bad rate later"), "share"),
    ]
    title = _("Bins of the scorecard: weight of evidence, in development and what came later")
    return Table.of("woe", rows, columns, title=title)


def _of_driver(own: Any, later: pd.DataFrame) -> pd.DataFrame:
    """The bins of a driver that hold cases of development or later ones; unseen categories are left out."""
    names, then = own.bins.names()[:-1], own.good + own.bad
    y, code = later["outcome"].to_numpy(float), own.bins.codes(later[own.name])
    now, bad = (np.bincount(code, w, len(own.woe))[: len(names)] for w in (np.ones(len(y)), y))
    with np.errstate(invalid="ignore"):
        rates = {"rate": own.bad / then, "came": bad / now}
    shares = {"share": then / then.sum(), "now": now / max(len(y), 1)}
    table = pd.DataFrame({"bin": names, **shares, **rates, "woe": own.woe[: len(names)]})[(then > 0) | (now > 0)]
    return table.assign(name=[driver_title(own.name), *([""] * (len(table) - 1))])


def limitations(judged: ModelValidation) -> list[str]:
    """What the samples can't show, from their facts."""
    then, case, told = judged.development, judged.case, []
    if then is not None:
        bad = int(then["outcome"].sum())
        if bad < FEW_EVENTS:
            told.append(ngettext("developed on one bad case", "developed on {n} bad cases only", bad).format(n=bad))
        days = (then["period"].max() - then["period"].min()).days if "period" in then else SHORT_DAYS
        if days < SHORT_DAYS:
            told.append(_("development spans {n} days, less than two years").format(n=days))
    if case.events < FEW_EVENTS:
        told.append(
            ngettext("judged on one bad case", "judged on {n} bad cases only", case.events).format(n=case.events)
        )
    if "segment" in case.mature and case.mature["segment"].nunique() == 1:
        told.append(_("all later cases are of one segment"))
    if case.cluster is None:
        told.append(_("obligors are not named, so that cases were taken as independent"))
    if then is None:
        told.append(_("the development sample is not at hand"))
    return told
