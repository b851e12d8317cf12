"""Applications screened: hard rules first, then the grade; what follows is a record with its grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.errors import Misuse
from riskmodels.core.scale import TIERS, RatingScale
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.policy.admission import Screening
from riskmodels.policy.settings import Settings, packaged
from riskmodels.policy.ways import NEWEST

OUTCOMES = {"accepted": mark("accepted"), "referred": mark("referred"), "declined": mark("declined")}


@dataclass(frozen=True)
class Decision:
    """What an application came to at the close of `as_of`, and on what grounds.

    `core_id` is the core enterprise the client hangs on, empty for none; its rules count too. `grade` and `tier` are
    None for a client without a grade. `failed` and `unchecked` name rules; `outcome` is a key of `OUTCOMES`.
    """

    case_id: str
    client_id: str
    core_id: str
    as_of: date
    grade: str | None
    tier: str | None
    failed: tuple[str, ...]
    unchecked: tuple[str, ...]
    outcome: str

    def to_state(self) -> dict[str, Any]:
        """The record as JSON values."""
        rules = {"failed": list(self.failed), "unchecked": list(self.unchecked)}
        return {**asdict(self), **rules, "as_of": self.as_of.isoformat()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Decision:
        """The record `to_state` described."""
        rules = {key: tuple(state[key]) for key in ("failed", "unchecked")}
        return cls(**{**state, **rules, "as_of": date.fromisoformat(state["as_of"])})


def decide(
    screening: Screening,
    scale: RatingScale,
    grade: str | None,
    client_id: str,
    core_id: str = "",
    case_id: str = "",
    settings: Settings | None = None,
) -> Decision:
    """The decision on one client: a failed rule declines whatever the grade; one that wasn't checked refers.

    Counted are the client's rules as client and as debtor, and those of `core_id` as core enterprise and as debtor; a
    party that was not screened is refused.

    Otherwise the grade's tier decides: accepted up to the tier `accept_to` of the settings, referred up to `refer_to`,
    declined beyond; without a grade it is referred.
    """
    tier = _tier(scale, grade)
    _check_screened(screening, client_id, core_id)
    rows = pd.concat([_rules(screening, client_id, "core"), _rules(screening, core_id, "client")])
    failed, unchecked = (tuple(rows.loc[rows["verdict"] == v, "rule"].unique()) for v in ("failed", "not_checked"))
    outcome = _outcome(tier, failed, unchecked, (settings or packaged("admission"))["decision"])
    return Decision(case_id, client_id, core_id, screening.as_of, grade, tier, failed, unchecked, outcome)


def decide_applications(
    book: Book,
    screening: Screening,
    scale: RatingScale,
    grades: Mapping[str, str],
    settings: Settings | None = None,
) -> tuple[Decision, ...]:
    """One decision per application that was open at the close of the screening's day, in the order they were made.

    `grades` holds the grade of each client that has one.
    """
    seen = book.as_of(screening.as_of)
    seen.need("applications")
    heads = _heads(seen)
    cases = seen.sql(
        "SELECT case_id, client_id FROM applications WHERE decided_on IS NULL ORDER BY applied_on, case_id"
    )
    return tuple(
        decide(screening, scale, grades.get(client), client, heads.get(client, ""), case, settings)
        for case, client in cases.itertuples(index=False)
    )


def decision_table(decisions: Sequence[Decision], said: Mapping[str, str]) -> pd.DataFrame:
    """One row per decision in a reader's words; `said` holds the sentence of each rule, as a `Screening` does."""
    columns = {
        _("application"): [d.case_id for d in decisions],
        _("client"): [d.client_id for d in decisions],
        _("core enterprise"): [d.core_id for d in decisions],
        _("grade"): [d.grade or "" for d in decisions],
        _("tier"): [_(TIERS[d.tier]) if d.tier else "" for d in decisions],
        _("decision"): [_(OUTCOMES[d.outcome]) for d in decisions],
        _("failed"): ["; ".join(said[r] for r in d.failed) for d in decisions],
        _("not checked"): ["; ".join(said[r] for r in d.unchecked) for d in decisions],
    }
    return pd.DataFrame(columns)


def _check_screened(screening: Screening, client_id: str, core_id: str) -> None:
    """Without a row a party would pass every rule; a core enterprise may lack one where no rule is for any."""
    wanted = [client_id, core_id] if core_id and "core" in set(screening.found["role"]) else [client_id]
    if missing := sorted(set(wanted) - set(screening.found["party_id"])):
        raise Misuse(f"screening as of {screening.as_of}: found no {', '.join(missing)}, expected a party it judged")


def _rules(screening: Screening, party_id: str, but: str) -> pd.DataFrame:
    rows = screening.of(party_id)
    return rows[rows["role"] != but]


def _tier(scale: RatingScale, grade: str | None) -> str | None:
    if grade is None:
        return None
    if not scale.tiers or grade not in scale.grades:
        raise Misuse(f"grade: found {grade!r}, expected one of {', '.join(scale.grades)}, on a scale with tiers")
    return scale.tiers[scale.grades.index(grade)]


def _outcome(tier: str | None, failed: Sequence[str], unchecked: Sequence[str], figures: Mapping[str, Any]) -> str:
    order = list(TIERS)
    for name in ("accept_to", "refer_to"):
        if figures[name] not in order:
            raise Misuse(f"decision: {name}: found {figures[name]!r}, expected one of {', '.join(order)}")
    if failed or (tier and order.index(tier) > order.index(figures["refer_to"])):
        return "declined"
    if unchecked or tier is None or order.index(tier) > order.index(figures["accept_to"]):
        return "referred"
    return "accepted"


def _heads(seen: Book) -> dict[str, str]:
    """The core enterprise each party hangs on, as last known."""
    if not seen.has("parties", "anchor_id"):
        return {}
    found = seen.sql(f"WITH {NEWEST} SELECT party_id, anchor_id FROM newest WHERE anchor_id IS NOT NULL")
    return dict(zip(found["party_id"], found["anchor_id"]))
