"""Events: what courts, press and authorities tell of a party, how grave it is and how long ago."""

from __future__ import annotations

from functools import partial
from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.beside import Fading
from riskmodels.features.catalogue.values import one
from riskmodels.features.facts import EVENTS
from riskmodels.features.feature import LOWERS, RAISES, Feature, over
from riskmodels.features.formulas import total
from riskmodels.features.measures import Elapsed, Flow, Measure, Peak, Since

HEARD_OF = ("debtor", "client", "chain")
LEGAL = ("litigation", "enforcement", "equity freeze")
INSOLVENCY = ("bankruptcy rumour", "bankruptcy")
NEWS = ("negative news",)
PRODUCT = ("recall", "safety")
MANAGEMENT = ("management change",)
TAX = ("tax",)
POLICY = ("policy",)
GRAVE = 4
"""The severity from which an event is grave, of 5."""


def _of_kinds(kinds: tuple[str, ...], r: Any) -> Any:
    return r.kind.isin(kinds)


def _count(*kinds: str) -> Measure:
    return Flow(EVENTS, partial(_of_kinds, kinds))


def _severity(r: Any) -> Any:
    return r.severity


def _grave(r: Any) -> Any:
    return r.severity >= GRAVE


SEVERITY = Flow(EVENTS, _severity)
SEVERITY_DAYS = Elapsed(EVENTS, _severity)

# fmt: off
EVENT = (
    *over((90, 365, None), "event_count", _("Number of negative events"), "count", RAISES, total, Flow(EVENTS, one),
          subjects=HEARD_OF),
    *over((90, 365, None), "court_count", _("Number of suits, enforcements and frozen equity"),
          "count", RAISES, total, _count(*LEGAL), subjects=HEARD_OF),
    *over((90, 365, None), "insolvency_count", _("Number of bankruptcies and rumours of bankruptcy"),
          "count", RAISES, total, _count(*INSOLVENCY), subjects=HEARD_OF),
    *over((90, 365), "enforcement_count", _("Number of enforcements"),
          "count", RAISES, total, _count("enforcement"), subjects=HEARD_OF),
    *over((90, 365), "bad_news_count", _("Number of negative reports in the press"),
          "count", RAISES, total, _count(*NEWS), subjects=HEARD_OF),
    *over((90, 365), "product_count", _("Number of recalls and accidents"),
          "count", RAISES, total, _count(*PRODUCT), subjects=HEARD_OF),
    *over((90, 365), "management_change_count", _("Number of changes in management"),
          "count", RAISES, total, _count(*MANAGEMENT), subjects=HEARD_OF),
    *over((365,), "tax_event_count", _("Number of events with the tax authority"),
          "count", RAISES, total, _count(*TAX), subjects=HEARD_OF),
    *over((365,), "policy_event_count", _("Number of policies that hit the party"),
          "count", RAISES, total, _count(*POLICY), subjects=HEARD_OF),
    Feature("severity_90d",
            _("Sum of the severities of events, each fading evenly to nothing over the window"),
            "number", RAISES, Fading(90),
            (SEVERITY.over(90), SEVERITY_DAYS.over(90)), HEARD_OF),
    Feature("severity_365d",
            _("Sum of the severities of events, each fading evenly to nothing over the window"),
            "number", RAISES, Fading(365),
            (SEVERITY.over(365), SEVERITY_DAYS.over(365)), HEARD_OF),
    *over((90, 365), "worst_severity", _("Severity of the gravest event, of 5"),
          "number", RAISES, total, Peak(EVENTS, _severity), subjects=HEARD_OF),
    Feature("days_since_grave_event_now", _("Days since the latest event of severity 4 or 5"),
            "days", LOWERS, total, (Since(EVENTS, one, where=_grave),), HEARD_OF),
    Feature("days_since_event_now", _("Days since the latest negative event"),
            "days", LOWERS, total, (Since(EVENTS, one),), HEARD_OF),
)
# fmt: on
