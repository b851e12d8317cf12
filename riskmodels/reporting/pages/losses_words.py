"""What a reader calls models, drivers and sources of cover."""

from __future__ import annotations

from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark

MODELS = {
    "mean": mark("Mean of all claims"),
    "fractional": mark("Fractional logit"),
    "two_stage": mark("Two stages"),
    "boosted": mark("Boosted trees"),
}
DRIVERS = {
    "log_ead": mark("Exposure (logarithm)"),
    "holdback": mark("Holdback"),
    "recourse": mark("Recourse"),
    "disclosed": mark("Disclosed to the debtor"),
    "margin_rate": mark("Cash margin rate"),
    "insured_share": mark("Insured share"),
    "disputed": mark("In dispute at default"),
    "guaranteed": mark("Guaranteed"),
}
COVER = {
    "debtor": mark("Debtor"),
    "client": mark("Client (recourse)"),
    "cash margin": mark("Cash margin"),
    "guarantor": mark("Guarantor"),
    "insurer": mark("Insurer"),
}
PARTS = {
    "shortfall": mark("Never came back"),
    "waiting": mark("Waiting: what later money is worth less"),
    "collecting": mark("Cost of collecting"),
}


def model_word(name: str) -> str:
    """The name of a model as a reader sees it."""
    return _(MODELS[name])


def driver_word(name: str) -> str:
    """The name of a driver as a reader sees it; one nobody named shows its own."""
    return _(DRIVERS[name]) if name in DRIVERS else name


def claim_word(client: str, debtor: str) -> str:
    """A pair as a reader sees it."""
    return f"{client} / {debtor}"
