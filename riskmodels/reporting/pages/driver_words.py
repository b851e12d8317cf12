"""Features in a reader's words: the sentence of the catalogue, the subject and the window."""

from __future__ import annotations

from functools import cache

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
    subject, meaning = _meanings()[name]
    return _("{meaning} ({subject}, {window})").format(
        meaning=_(meaning).rstrip("."), subject=_(SUBJECT_WORDS[subject]), window=_window(name)
    )


def sign_word(sign: int) -> str:
    """What a larger value does to risk: raises, lowers, or neither."""
    return {1: _("raises"), -1: _("lowers")}.get(sign, "—")


def _window(name: str) -> str:
    end = name.rsplit("_", 1)[-1]
    if end.endswith("d") and end[:-1].isdigit():
        return _("{n} days").format(n=end[:-1])
    return _("ever") if end == "ever" else _("now")


@cache
def _meanings() -> dict[str, tuple[str, str]]:
    """Subject and sentence (marked) of every column the catalogue can give."""
    from riskmodels.features.catalogue import CATALOGUE
    from riskmodels.features.feature import Feature, column

    return {
        column(entry, subject): (subject, entry.meaning)
        for entry in CATALOGUE
        for subject in (entry.subjects if isinstance(entry, Feature) else ("invoice",))
    }
