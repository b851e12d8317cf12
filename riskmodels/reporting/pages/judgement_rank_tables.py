"""The tables of ranking: what each test asks and could miss, how sure its figures are, and each part of the sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, NotRun, Table
from riskmodels.reporting.figures import losses
from riskmodels.validation.case import Case
from riskmodels.validation.discrimination import auc
from riskmodels.validation.ranking import errors, further
from riskmodels.validation.tables import FEWEST, by_period, by_segment

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation

MOST = 20
"""Parts that a figure has room for."""


def errors_table(case: Case) -> Table:
    """The AUC with its error told in each way, KS and Brier score with that of drawn parties."""
    found = errors(case)
    rows = found.assign(decides=found["decides"].map({True: _("yes"), False: ""}))
    columns = [
        Column("measure", _("Measure")),
        Column("method", _("Error told by")),
        Column("value", _("Value"), "score"),
        Column("se", _("Standard error"), "score"),
        Column("low", _("95% from"), "score", quiet=True),
        Column("high", _("to"), "score", quiet=True),
        Column("decides", _("Decides"), quiet=True),
    ]
    caption = _("Results rest on the rows that decide; the others show what they would be otherwise.")
    title = _("How sure the measures are")
    return Table.of("discrimination_errors", rows.dropna(subset="value"), columns, title=title, caption=caption)


def further_table(case: Case) -> Table:
    """Measures no limit is set for, on later data beside development."""
    titles = {
        "gini": _("Gini"),
        "h": _("H-measure, costs from Beta(2, 2)"),
        "ks_at": _("Score at which the Kolmogorov-Smirnov distance is reached"),
        "entropy_ratio": _("Conditional information entropy ratio of grades"),
        "kl_distance": _("Kullback-Leibler distance of grades, bits"),
        "information_value": _("Information value of grades"),
    }
    now = further(case, case.in_points)
    then = further(case.reference, case.in_points) if case.reference is not None and case.reference.n else {}
    rows = [{"measure": titles[key], "now": value, "then": then.get(key)} for key, value in now.items()]
    columns = [Column("measure", _("Measure")), Column("now", _("Later data"), "score")]
    columns += [Column("then", _("Development"), "score", quiet=True)] if then else []
    caption = _(
        "Gini is also the accuracy ratio and Somers' D of the outcome given the score; Pietra's index is the "
        "Kolmogorov-Smirnov distance times √2 / 4."
    )
    title = _("Further measures")
    return Table.of("discrimination_further", pd.DataFrame(rows), columns, title=title, caption=caption)


def by_part(judged: ModelValidation) -> Iterator[Block]:
    """The AUC by segment and by quarter, tabled by number and by amount; quarters are drawn too."""
    case = judged.case
    segments, quarters = _segments(case), _quarters(case, judged.words.quarters)
    if isinstance(quarters, _Part) and len(quarters.shown) > 1:
        yield quarters.figure(auc(case.outcome, case.risk))
    elsewhere = _("Section 11 tests each segment against the rest.")
    yield segments.table(elsewhere) if isinstance(segments, _Part) else segments
    yield quarters.table() if isinstance(quarters, _Part) else quarters


@dataclass(frozen=True)
class _Part:
    """The AUC by one column: its name, figure's title, table's title, the column's heading, and the rows."""

    name: str
    drawn: str
    tabled: str
    heading: str
    rows: pd.DataFrame

    @property
    def shown(self) -> pd.DataFrame:
        """The rows that have an AUC with an interval, the first twenty of them."""
        told = self.rows.dropna(subset=["auc", "low", "high"]).head(MOST)
        return told[["name", "auc", "low", "high"]].rename(columns={"auc": "value"})

    def figure(self, whole: float) -> Figure:
        """A point and an interval for each part, the AUC of all cases dashed."""
        caption = _(
            "95% intervals; plum leaves out the AUC of all cases. Parts with fewer than {n} bad or "
            "good cases are left out."
        )
        return Figure.of(
            f"auc_{self.name}",
            losses.forest,
            self.shown,
            title=self.drawn,
            width="full",
            height=20 + 6 * len(self.shown),
            caption=caption.format(n=FEWEST),
            options={"unit": "score", "label": _("AUC"), "line": whole, "named": _("all cases")},
        )

    def table(self, caption: str = "") -> Table:
        """The rows, without columns that are empty throughout."""
        return Table.of(self.name, self.rows, _columns(self.heading, self.rows), title=self.tabled, caption=caption)


def _segments(case: Case) -> _Part | NotRun:
    name = _("AUC by segment")
    if "segment" not in case.mature or case.mature["segment"].isna().all():
        return NotRun(name, _("no segments in the sample"))
    rows = by_segment(case).assign(name=lambda t: t["segment"].astype(str))
    return _Part("segments", name, _("By segment"), _("Segment"), rows)


def _quarters(case: Case, title: str) -> _Part | NotRun:
    name = _("AUC by quarter")
    if "period" not in case.mature or case.mature["period"].isna().all():
        return NotRun(name, _("no dates in the sample"))
    rows = by_period(case).assign(name=lambda t: t["period"].dt.to_period("Q").astype(str))
    return _Part("periods", name, title, _("Quarter"), rows)


def _columns(heading: str, found: pd.DataFrame) -> list[Column]:
    columns = [
        Column("name", heading),
        Column("n", _("Cases"), "count"),
        Column("events", _("Bad"), "count"),
        Column("observed", _("Observed"), "share"),
        Column("expected", _("Expected"), "share"),
        Column("auc", _("AUC"), "score"),
        Column("low", _("95% from"), "score", quiet=True),
        Column("high", _("to"), "score", quiet=True),
        Column("amount_auc", _("AUC by amount"), "score"),
        Column("amount_low", _("95% from"), "score", quiet=True),
        Column("amount_high", _("to"), "score", quiet=True),
        Column("censored", _("Too young"), "count", quiet=True),
    ]
    empty = {c.key for c in columns if found[c.key].isna().all()} - {"auc"}
    return [c for c in columns if c.key not in empty]
