"""The page of data: whole, tied to the ledger, of the same obligors, and blind to the outcome in training?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from riskmodels.core.checks import CheckResult, Verdict
from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, NotRun, Section, Table
from riskmodels.reporting.pages.driver_words import driver_title
from riskmodels.reporting.pages.judgement_shared import measures
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.checks.told import table_of
from riskmodels.validation.sampling import KEY, cases_per_key, unseen

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

LEAK, MISSING = "validation.data.leak_suspicion", "validation.data.missing_rise"
OUTSIDE, LEDGER = "validation.data.outside_development", "validation.data.ledger"


def data(judged: ModelValidation) -> Iterator[Block]:
    """The checks of the data, what each driver lost since development, and how the later sample differs."""
    name = _("Data")
    if judged.lacking:
        yield from unrun("2", name, judged.lacking)
        return
    checks = {c.name: c for c in judged.of_group("data")}
    yield Section.of("2", name, _finding(checks), _tied(judged, checks.get(LEDGER)), checks.values())
    yield measures(list(checks.values()), "data_measures", _("Measures of the data"))
    yield _sameness(judged)
    if checks[LEAK].reason:
        yield NotRun(_("Leaked drivers"), checks[LEAK].reason)
    else:
        yield _falls(table_of(checks[LEAK]))
    if len(table_of(checks[MISSING])):
        yield _columns(checks)


def _finding(checks: dict[str, CheckResult]) -> str:
    leak = checks[LEAK]
    if leak.verdict in (Verdict.BREACH, Verdict.WATCH):
        told = {n: figure(leak.detail[n], "score") for n in ("initial", "current")}
        words = _("{driver} may have known the outcome in development: AUC {initial} then, {current} since")
        return words.format(driver=driver_title(leak.detail["driver"]), **told)
    broken = [c.title for c in checks.values() if c.verdict is Verdict.BREACH]
    if broken:
        return _("The data fall short: {checks}").format(checks=_(", ").join(broken))
    if leak.verdict is Verdict.WITHIN:
        return _("The data are whole, and no driver lost more of its power than the others since development")
    if leak.verdict is Verdict.NO_EVIDENCE:
        return _("The data are whole; too few cases to show that no driver had known the outcome")
    return _("The data are whole; whether a driver had known the outcome can't be told")


def _tied(judged: ModelValidation, ledger: CheckResult | None) -> str:
    """What the ledger says of the amounts of the later sample; empty where there is no ledger."""
    if ledger is None or ledger.reason:
        return ""
    amounts = {n: figure(ledger.detail[n], "money", judged.currency) for n in ("sample", "ledger", "whole")}
    words = _("The cases of {date} add up to {sample}; by the ledger it is {ledger}, of {whole} in all.")
    return words.format(date=ledger.detail["on"], **amounts)


def _sameness(judged: ModelValidation) -> Table:
    """Obligors, amounts and dates of the later sample, and of development beside it."""
    then, now = judged.development, judged.sample
    facts = {"now": _facts(now, judged.currency)}
    if then is not None:
        facts["then"] = _facts(then, judged.currency)
        if "obligor" in now and "obligor" in then:
            facts["now"][_("Cases of obligors new since development")] = figure(
                float(unseen(then, now).mean()), "share"
            )
    rows = pd.DataFrame(facts)
    columns = [
        Column("what", ""),
        *([Column("then", _("Development"), right=True, quiet=True)] if then is not None else []),
        Column("now", _("Later data"), right=True),
    ]
    title = _("Who and what the samples are of")
    return Table.of("sameness", rows.rename_axis("what").reset_index(), columns, title=title, half=True)


def _facts(sample: pd.DataFrame, currency: str) -> dict[str, str]:
    found: dict[str, str] = {_("Cases"): f"{len(sample):,}"}
    if "obligor" in sample:
        found[_("Obligors")] = f"{sample['obligor'].nunique():,}"
    if set(KEY) <= set(sample):
        found[_("Cases that are not the first of their obligor and date")] = figure(cases_per_key(sample), "share")
    if "weight" in sample:
        found[_("Median amount")] = figure(float(sample["weight"].astype(float).median()), "money", currency)
    if "period" in sample:
        found[_("Newest case")] = str(sample["period"].max())[:10]
        found[_("Newest case with an outcome")] = str(sample.loc[sample["outcome"].notna(), "period"].max())[:10]
    return found


def _falls(table: pd.DataFrame) -> Table:
    rows = table.assign(name=table["driver"].map(driver_title))
    columns = [
        Column("name", _("Driver")),
        Column("initial", _("AUC in development"), "score"),
        Column("current", _("AUC on later data"), "score"),
        Column("fall", _("Fall"), "score"),
        Column("excess", _("beyond the other drivers'"), "score"),
        Column("p_value", _("Holm p"), "p"),
    ]
    caption = _(
        "Each driver alone, pointed as in development, missing values at the end their bad rate points to. A driver "
        "that knew the outcome falls alone; overfitting and a changed world lower all of them. H0: it fell no more "
        "than the others."
    )
    title = _("What each driver lost since development, most first")
    return Table.of("driver_falls", rows, columns, title=title, caption=caption)


def _columns(checks: dict[str, CheckResult]) -> Table:
    """Missing values then and now, and values development never saw, by driver."""
    missing, beyond = table_of(checks[MISSING]), table_of(checks[OUTSIDE])
    rows: Any = missing.merge(beyond, left_on="column", right_on="driver", how="left")
    columns = [
        Column("name", _("Driver")),
        Column("initial", _("Missing in development"), "share", quiet=True),
        Column("missing", _("Missing now"), "share"),
        Column("rise", _("Rise"), "share"),
        Column("share", _("Beyond development"), "share"),
    ]
    caption = _("Beyond development: known values below its smallest, above its largest, or of levels it never had.")
    title = _("Missing values and values never seen, by driver")
    return Table.of(
        "fullness", rows.assign(name=rows["column"].map(driver_title)), columns, title=title, caption=caption
    )
