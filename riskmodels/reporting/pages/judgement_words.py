"""What a validation calls its model, the cases and what is bad, by what the model was trained for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.recipes import StoredModel


@dataclass(frozen=True)
class Words:
    """The model in a line, the cases judged and the bad ones, what bad means, how models compare, by which quarters."""

    title: str
    judged: str
    bad: str
    definition: str
    compared: str
    quarters: str


def words_of(model: StoredModel) -> Words:
    """The words of a model's purpose, in the language of the report."""
    return _WORDS[model.purpose](model)


def _rating(_model: StoredModel) -> Words:
    return Words(
        title=_("Rating of debtors: default within 12 months"),
        judged=_("Debtors judged"),
        bad=_("Defaults"),
        definition=_(
            "Bad: within 12 months at least 1% of what the debtor owes is more than 90 days past due. "
            "Debtors that owe nothing or are in default at the start are left out. "
            "One row per debtor and yearly cohort."
        ),
        compared=_against(_("LightGBM with monotone constraints")),
        quarters=_("By quarter of start"),
    )


def _overdue(model: StoredModel) -> Words:
    hazards = {"logit": _("a logit hazard of payment"), "lightgbm": _("a LightGBM hazard of payment")}
    own, rival = (hazards[model.models[role].choice_.engine] for role in ("champion", "challenger"))
    return Words(
        title=_("Overdue model: is an invoice paid late, and when"),
        judged=_("Invoices judged"),
        bad=_("Paid late"),
        definition=_(
            "Bad: the invoice is not settled in full by its due date, by payments or credit notes. Seen from the day "
            "before its issue; until its due date is over it is too young to judge, settled or not. The model "
            "foretells the share of the amount that is late, so that it lies below where invoices are settled in parts."
        ),
        compared=_("The model is {own}, the challenger {rival}.").format(own=own, rival=rival),
        quarters=_("By quarter of issue"),
    )


def _against(rival: str) -> str:
    return _("The challenger is {rival}.").format(rival=rival)


def _debtors(model: StoredModel) -> Words:
    return _parties(
        model,
        _("Overdue debtors: more than {dpd} days past due within {months} months"),
        _("Debtors judged"),
        _(
            "Bad: at some close within {months} months at least {share} of what the debtor owes is more than {dpd} "
            "days past due. Debtors that owe nothing or are overdue so at the start are left out. One row per debtor "
            "and start; windows don't overlap."
        ),
        _against(_("LightGBM with monotone constraints")),
    )


def _clients(model: StoredModel) -> Words:
    return _parties(
        model,
        _("Overdue clients: more than {dpd} days past due within {months} months"),
        _("Clients judged"),
        _(
            "Bad: at some close within {months} months at least {share} of what is owed on the client's invoices is "
            "more than {dpd} days past due. Clients with nothing open or overdue so at the start are left out. One row "
            "per client and start; windows don't overlap."
        ),
        _against(_("LightGBM with monotone constraints")),
    )


def _parties(model: StoredModel, title: str, judged: str, definition: str, compared: str) -> Words:
    rule = model.recipe.RULE
    told = {"dpd": rule.dpd, "months": rule.months, "share": figure(rule.share, "share")}
    return Words(
        title.format(**told),
        judged,
        _("Came to be overdue"),
        definition.format(**told),
        compared,
        _("By quarter of start"),
    )


_WORDS: dict[str, Callable[[StoredModel], Words]] = {
    "rating": _rating,
    "overdue": _overdue,
    "overdue-debtor": _debtors,
    "overdue-client": _clients,
}
