"""Soft information: founder, owners, place in the industry, size and age, agencies, the house's grade, who it is."""

from __future__ import annotations

from typing import Any

from riskmodels.core.text import mark as _
from riskmodels.features.beside import place, places_lost, plus
from riskmodels.features.catalogue.values import one
from riskmodels.features.facts import CHECKS, RATINGS
from riskmodels.features.facts import PARTIES as PROFILES
from riskmodels.features.facts.soft import grade, notch
from riskmodels.features.feature import LOWERS, NEITHER, RAISES, Catalogue, Feature, over
from riskmodels.features.formulas import less, money, total
from riskmodels.features.measures import Flow, Last, Measure, Since, Stock, Value

OF = ("debtor", "client", "chain")
POSITIONS = ("leading", "middle", "lagging")
SIZES = ("micro", "small", "medium", "large")


def _last(value: Value) -> Measure:
    return Last(PROFILES, value)


def _rank(column: str, words: tuple[str, ...]) -> Value:
    return lambda r: r[column].cases(*((w, i) for i, w in enumerate(words)), else_=None).cast("int64")


def _owned_by(owner: str) -> Value:
    return lambda r: r.ownership == owner


def _age(r: Any) -> Any:
    return r.known_on.epoch_days() - r.founded_on.epoch_days()


def _final(r: Any) -> Any:
    return grade(r.final_grade)


def _override(r: Any) -> Any:
    return grade(r.final_grade) - grade(r.model_grade)


FOUNDER = _last(lambda r: r.founder_score)
OWNERS = _last(lambda r: r.shareholder_concentration)
POSITION = _last(_rank("industry_position", POSITIONS))
SIZE = _last(_rank("size", SIZES))
AGENCY = _last(lambda r: notch(r.external_rating))
GRADE = Last(RATINGS, _final)


# fmt: off
SOFT: Catalogue = (
    Feature("founder_score_now", _("Score of the founder's background"), "number", LOWERS, total, (FOUNDER,), OF),
    Feature("founder_score_change_365d", _("Score of the founder's background less that of a year ago"),
            "number", LOWERS, less, (FOUNDER, FOUNDER.before(365)), OF),
    Feature("shareholder_concentration_now", _("Share of the largest shareholder"),
            "share", NEITHER, total, (OWNERS,), OF),
    Feature("industry_position_now", _("Place in the industry: 0 leading, 1 middle, 2 lagging"),
            "number", RAISES, total, (POSITION,), OF),
    Feature("size_now", _("Size class: 0 micro to 3 large"), "number", LOWERS, total, (SIZE,), OF),
    Feature("state_owned_now", _("Whether the party is state-owned"), "number", LOWERS, total,
            (_last(_owned_by("state")),), OF),
    Feature("listed_now", _("Whether the party is listed"), "number", LOWERS, total, (_last(_owned_by("listed")),), OF),
    Feature("private_now", _("Whether the party is privately owned"), "number", RAISES, total,
            (_last(_owned_by("private")),), OF),
    Feature("registered_capital_now", _("Registered capital"), "money", LOWERS, money,
            (_last(lambda r: r.registered_capital),), OF),
    Feature("company_age_now", _("Days since the party was founded"), "days", LOWERS, plus,
            (_last(_age), Since(PROFILES, _age)), OF),
    Feature("agency_notch_now", _("Notch of the agency's rating: 1 AAA to 22 default"),
            "number", RAISES, place, (AGENCY,), OF),
    Feature("agency_downgrade_365d", _("Notches that agencies took the party down in a year"),
            "number", RAISES, places_lost, (AGENCY, AGENCY.before(365)), OF),
    Feature("group_member_now", _("Whether the party belongs to a group of related parties"),
            "number", NEITHER, total, (_last(lambda r: r.group_id.notnull()),), OF),
    *over((365, None), "profile_change_count", _("Number of versions of what is known of the party"),
          "count", NEITHER, total, Flow(PROFILES, one), subjects=OF),
    Feature("house_grade_now", _("Grade the house gave last: 1 best"), "number", RAISES, total, (GRADE,), OF),
    Feature("house_downgrade_365d", _("Grades the house took the party down in a year"),
            "number", RAISES, less, (GRADE, GRADE.before(365)), OF),
    Feature("house_override_now", _("Grades the last decision lies below the model's"),
            "number", RAISES, total, (Last(RATINGS, _override),), OF),
    Feature("days_since_house_grade_now", _("Days since the house last graded the party"),
            "days", RAISES, total, (Since(RATINGS, one),), OF),
    Feature("failing_checks_now", _("Number of items whose newest identity check failed or is incomplete"),
            "count", RAISES, total, (Stock(CHECKS, lambda r: r.failing),), OF),
    Feature("lapsed_checks_now", _("Number of items whose newest identity check has run out"),
            "count", RAISES, total, (Stock(CHECKS, lambda r: r.lapsed),), OF),
    Feature("days_since_check_now", _("Days since the latest identity check"),
            "days", RAISES, total, (Since(CHECKS, one, where=lambda r: r.checks > 0),), OF),
)
# fmt: on
