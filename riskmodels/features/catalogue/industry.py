"""Industry and market: mood, input prices, how the industry's debtors pay, the policy rate, exchange rates."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.beside import Below, mean_of_deviations, mean_of_growths, rest
from riskmodels.features.catalogue.ageing import BALANCE, PAST_DUE
from riskmodels.features.catalogue.payment import LATE, SETTLED
from riskmodels.features.catalogue.values import one
from riskmodels.features.facts import EXCHANGE, INPUTS, INVOICES, POLICY_RATE, SENTIMENT
from riskmodels.features.feature import LOWERS, NEITHER, PARTIES, RAISES, Catalogue, Feature, Linked, over
from riskmodels.features.formulas import Mean, less, ratio, total
from riskmodels.features.measures import Flow, Last, Measure

INDUSTRY = ("industry",)
BASIS_POINTS = 10_000


def _value(r: Any) -> Any:
    return r.value


def _move(r: Any) -> Any:
    return r.move


def _prices(days: int) -> tuple[Measure, ...]:
    """Each input's price now and some days ago."""
    return tuple(m for price in PRICES for m in (price, price.before(days)))


def _moves(days: int) -> tuple[Measure, ...]:
    """The number, sum and sum of squares of each input's daily moves."""
    kinds = (lambda r: r.move.notnull(), _move, lambda r: r.move * r.move)
    return tuple(Flow(facts, value, window=days) for facts in INPUTS for value in kinds)


def _spread(*moves: Any) -> Any:
    return mean_of_deviations(*moves) / BASIS_POINTS


MOOD = Last(SENTIMENT, _value)
RATE = Last(POLICY_RATE, _value)
PRICES = tuple(Last(facts, _value) for facts in INPUTS)
INVOICED = Flow(INVOICES, one)
IN_MAIN = Flow(INVOICES, one, where=lambda r: r.amount.notnull())
"""Invoices in the currency amounts are summed in: a condition on amounts keeps to it."""
MOVES = Flow(EXCHANGE, _move)
SIZES = Flow(EXCHANGE, lambda r: r.move.abs())
EXCHANGED = Flow(EXCHANGE, lambda r: r.move.notnull())

# fmt: off
OF_INDUSTRY = (
    Feature("sentiment_now", _("Sentiment index, 50 neutral"), "index", LOWERS, total, (MOOD,), INDUSTRY),
    Feature("sentiment_change_90d", _("Sentiment index less that of 90 days ago"), "index", LOWERS, less,
            (MOOD, MOOD.before(90)), INDUSTRY),
    Feature("sentiment_change_365d", _("Sentiment index less that of a year ago"), "index", LOWERS, less,
            (MOOD, MOOD.before(365)), INDUSTRY),
    Feature("gloomy_now", _("Whether the sentiment index is below 50"), "number", RAISES, Below(50), (MOOD,), INDUSTRY),
    Feature("input_price_change_90d", _("Change of input prices, mean over the main inputs"), "share", RAISES,
            mean_of_growths, _prices(90), INDUSTRY),
    Feature("input_price_change_365d", _("Change of input prices, mean over the main inputs"), "share", RAISES,
            mean_of_growths, _prices(365), INDUSTRY),
    Feature("input_price_spread_90d", _("Standard deviation of daily moves of input prices"), "rate", RAISES,
            _spread, _moves(90), INDUSTRY),
    Feature("input_price_spread_365d", _("Standard deviation of daily moves of input prices"), "rate", RAISES,
            _spread, _moves(365), INDUSTRY),
    Feature("policy_rate_now", _("Policy rate"), "rate", RAISES, total, (RATE,), INDUSTRY),
    Feature("policy_rate_change_365d", _("Policy rate less that of a year ago"), "rate", RAISES, less,
            (RATE, RATE.before(365)), INDUSTRY),
    Feature("debtors_late_share_180d", _("Share of settled invoices of the industry's debtors that were late"),
            "share", RAISES, ratio, (LATE.over(180), SETTLED.over(180)), INDUSTRY),
    Feature("debtors_past_due_share_now", _("Share of what the industry's debtors owe that is past due"),
            "share", RAISES, ratio, (PAST_DUE, BALANCE), INDUSTRY),
)
FOREIGN = (
    *over((90, 365), "foreign_share", _("Share of invoices in a currency other than the book's"),
          "share", NEITHER, rest, IN_MAIN, INVOICED, subjects=PARTIES),
    *over((90, 365), "exchange_move",
          _("Mean move of exchange rates in the 90 days before an invoice in foreign currency"),
          "share", NEITHER, Mean(BASIS_POINTS), MOVES, EXCHANGED, subjects=PARTIES),
    *over((90, 365), "exchange_move_size",
          _("Mean size of moves of exchange rates in the 90 days before an invoice in foreign currency"),
          "share", RAISES, Mean(BASIS_POINTS), SIZES, EXCHANGED, subjects=PARTIES),
)
# fmt: on
LENT = tuple(Linked("industry", feature, (*PARTIES, "invoice")) for feature in OF_INDUSTRY)
INDUSTRY_AND_MARKET: Catalogue = (*OF_INDUSTRY, *LENT, *FOREIGN)
