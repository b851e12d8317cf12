"""The table of score bands, samples side by side, wherever a report shows a score."""

from __future__ import annotations

from collections.abc import Mapping

from riskmodels.core.text import gettext as _
from riskmodels.models.score_bands import ScoreBands
from riskmodels.reporting.body import Column, Table


def bands_table(bands: ScoreBands, score: str, samples: Mapping[str, str], caption: str = "") -> Table:
    """Cases, bads, rate with interval, what is caught, KS, lift and PSI of each band, a row for each sample.

    `score` heads the bands; `samples` gives the words for the samples' names.
    """
    rows = bands.table.sort_values("band", kind="stable")
    rows = rows.assign(sample=rows["sample"].map(samples), name=rows["name"].where(~rows["band"].duplicated(), ""))
    columns = [
        Column("name", score),
        Column("sample", _("Sample"), quiet=True),
        Column("n", _("Cases"), "count"),
        Column("bads", _("Bad"), "count"),
        Column("rate", _("Rate"), "share", shade="plum"),
        Column("low", _("95% from"), "share", quiet=True),
        Column("high", _("to"), "share", quiet=True),
        Column("cum_bads", _("Bad caught"), "share"),
        Column("ks", _("KS"), "score", quiet=True),
        Column("lift", _("Lift"), "number"),
        Column("psi", _("PSI"), "index", quiet=True),
    ]
    title = _("Score bands, riskiest first, samples side by side")
    return Table.of("score_bands", rows, columns, title=title, caption=caption)
