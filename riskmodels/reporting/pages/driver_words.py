"""Features in a reader's words: the sentence of the catalogue, the subject and the window."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

SUBJECT_WORDS = {
    "debtor": mark("debtor"),
    "client": mark("client"),
    "pair": mark("client and debtor"),
    "invoice": mark("invoice"),
}


def driver_title(name: str) -> str:
    """A column such as debtor_late_share_365d in words; the column itself when the catalogue doesn't know it."""
    if name not in _meanings():
        return name
    subject, meaning, _unit = _meanings()[name]
    return _("{meaning} ({subject}, {window})").format(
        meaning=_(meaning).rstrip("."), subject=_(SUBJECT_WORDS[subject]), window=_window(name)
    )


def driver_figure(name: str, value: Any, currency: str) -> str:
    """A value of a column with the unit the catalogue gives it; text as it is, and a missing one said to be missing."""
    if pd.isna(value):
        return _("missing")
    unit = _meanings()[name][2] if name in _meanings() else "number"
    return value if isinstance(value, str) else figure(float(value), unit, currency)


def sign_word(sign: int) -> str:
    """What a larger value does to risk: raises, lowers, or neither."""
    return {1: _("raises"), -1: _("lowers")}.get(sign, "—")


def _window(name: str) -> str:
    end = name.rsplit("_", 1)[-1]
    if end.endswith("d") and end[:-1].isdigit():
        return _("{n} days").format(n=end[:-1])
    return _("ever") if end == "ever" else _("now")


@cache
def _meanings() -> dict[str, tuple[str, str, str]]:
    """Subject, sentence (marked) and unit of every column the catalogue can give."""
    from riskmodels.features.catalogue import CATALOGUE
    from riskmodels.features.feature import Feature, column

    return {
        column(entry, subject): (subject, entry.meaning, entry.unit)
        for entry in CATALOGUE
        for subject in (entry.subjects if isinstance(entry, Feature) else ("invoice",))
    }
