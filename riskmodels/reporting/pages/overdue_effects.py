"""What each driver does: to the expected days in both engines, and to the odds of payment in the logit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.scorecard.offered import expected_signs
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import losses as figures
from riskmodels.reporting.figures.theme import lines
from riskmodels.reporting.pages.driver_words import driver_figure, driver_title, sign_word
from riskmodels.reporting.pages.overdue_words import forecast_word
from riskmodels.reporting.pages.page import unrun
from riskmodels.validation.overdue_development.effects import odds

if TYPE_CHECKING:
    from riskmodels.reporting.pages.overdue import OverdueDevelopment

LONGEST = 58


def effects_page(report: OverdueDevelopment) -> Iterator[Block]:
    """Days by driver in both engines, and the odds ratios of the logit with intervals."""
    effects = report.made.effects
    if effects.empty:
        yield from unrun("4", _("Effects"), _("the model has no numeric driver"))
        return
    top = effects.iloc[0]
    finding = _("From its low to its high value the strongest driver moves the expected payment by {days}").format(
        days=figure(abs(top["champion"]), "days")
    )
    lead = _(
        "Each driver was set to its 10th and to its 90th percentile, all else as it is; told is the change of the "
        "expected days to payment. The chance of being late is held to the signs that the trade expects."
    )
    yield Section.of("4", _("Effects"), finding, lead)
    yield _days(report, effects)
    for role, model in report.stored.models.items():
        if model.choice_.engine == "logit":
            yield _odds(model, role)


def _days(report: OverdueDevelopment, effects: pd.DataFrame) -> Table:
    signs, currency = expected_signs(), report.book.currency
    ends = {
        end: [driver_figure(d, v, currency) for d, v in zip(effects["driver"], effects[end])]
        for end in ("at_low", "at_high")
    }
    rows = effects.assign(
        **ends, name=effects["driver"].map(driver_title), expected=[sign_word(signs[d]) for d in effects["driver"]]
    )
    engines = {role: model.choice_.engine for role, model in report.stored.models.items()}
    columns = [
        Column("name", _("Driver")),
        Column("expected", _("Larger values: risk"), quiet=True),
        Column("at_low", _("10th percentile"), right=True, quiet=True),
        Column("at_high", _("90th percentile"), right=True, quiet=True),
        *(Column(role, forecast_word(role, engines), "number", decimals=1) for role in engines),
    ]
    return Table.of("effects", rows, columns, title=_("Change of the expected days to payment, by driver"))


def _odds(model: PaymentTime, role: str) -> Figure:
    table = odds(model)
    before = table[table["when"] == "before"]
    order = before.assign(name=[lines(driver_title(d), LONGEST) for d in before["driver"]]).sort_values("value")
    return Figure.of(
        f"odds_{role}",
        figures.forest,
        order[["name", "value", "low", "high"]],
        title=_("Odds of payment on a day before the due date, per standard deviation of a driver"),
        width="full",
        height=18 + 9 * len(order),
        options={"unit": "number", "label": _("Odds ratio with its 95% interval, clustered by debtor"), "line": 1.0},
        caption=_("Below 1 a larger value delays payment. Plum where the interval leaves out 1."),
    )
