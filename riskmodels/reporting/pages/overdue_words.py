"""Words that the pages of an overdue model's development share."""

from __future__ import annotations

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.models.baselines import TITLES

ENGINES = {"logit": mark("Logit"), "lightgbm": mark("LightGBM")}
ROLES = {"champion": mark("Champion"), "challenger": mark("Challenger")}
STATES = {
    "open": mark("Still open"),
    "paid": mark("Paid"),
    "credited": mark("Credited"),
    "disputed": mark("Credited in a dispute"),
    "written_off": mark("Written off"),
}


def engine_word(name: str) -> str:
    """An engine as a reader calls it."""
    return _(ENGINES[name])


def forecast_word(name: str, engines: dict[str, str]) -> str:
    """A forecast of the comparison: the model with its engine, or the habit."""
    if name in ROLES:
        return _("{role} ({engine})").format(role=_(ROLES[name]), engine=engine_word(engines[name]))
    return _(TITLES[name])
