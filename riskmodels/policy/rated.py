"""What stands beside a debtor's grade when a book is scored: hard rules of admission, and grades changed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.open import open_book
from riskmodels.core.dates import add_months, parse_date
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.scale import TIERS, RatingScale
from riskmodels.models.rating import ID, SCALE
from riskmodels.models.recipes import score
from riskmodels.policy.admission import Screening, screened
from riskmodels.policy.overrides import Override
from riskmodels.policy.overrides_file import recorded
from riskmodels.policy.settings import Settings, changed, packaged

DEFAULT = "default"
IN_FORCE, ANOTHER_GRADE, TOO_OLD = "in force", "made from another grade", "too old"


@dataclass(frozen=True)
class Beside:
    """The figures of the rules and the overrides to stand beside scores; None for either that wasn't asked for."""

    rules: Settings | None = None
    overrides: tuple[Override, ...] | None = None

    @classmethod
    def of(cls, rules: str = "", overrides: Path | None = None) -> Beside:
        """What two files say: `rules` is a TOML file of figures of one's own, or `default` for the package's."""
        packed = packaged("admission")
        figures = packed if rules == DEFAULT else changed(packed, Path(rules)) if rules else None
        return cls(figures, None if overrides is None else recorded(overrides, SCALE))

    def added(self, scores: pd.DataFrame, book: Book, as_of: date) -> pd.DataFrame:
        """The scores of debtors as of a date with what was asked for; refused for scores that aren't a rating's."""
        if self.rules is None and self.overrides is None:
            return scores
        if "tier" not in scores:
            raise Misuse("--rules, --overrides: found scores without tiers, expected those of a rating")
        if self.rules is not None:
            scores = with_admission(scores, screened(book, as_of, self.rules))
        return scores if self.overrides is None else with_final_grades(scores, self.overrides, SCALE, as_of)


def scored_beside(model: str, path: Path, as_of: str, rules: str = "", overrides: Path | None = None) -> pd.DataFrame:
    """The scores of `models.recipes.score`, with what the rules and overrides asked for say; files are read first."""
    beside = Beside.of(rules, overrides)
    return beside.added(score(model, path, as_of), open_book(path), parse_date(as_of, "--as-of"))


def with_admission(scores: pd.DataFrame, screening: Screening) -> pd.DataFrame:
    """The scores with `admission` (passed, failed, open) and `admission_reason` of each debtor.

    Counted are its rules as debtor and as core enterprise, as in decisions. One failed rule fails it, else one that
    wasn't checked leaves it open; the reason names those rules, and what was found or why not checked.
    """
    found = screening.found[screening.found["role"] != "client"]
    verdicts = found.groupby("party_id")["verdict"].agg(set)
    held = [verdicts.get(party, {"not_checked"}) for party in scores[ID]]
    words = ["failed" if "failed" in v else "open" if "not_checked" in v else "passed" for v in held]
    said = _reasons(found, screening.said)
    reasons = [said.get((party, word), "") for party, word in zip(scores[ID], words)]
    return scores.assign(admission=words, admission_reason=reasons)


def _reasons(found: pd.DataFrame, said: dict[str, str]) -> dict[tuple[str, str], str]:
    """By party and word: each rule that was failed with its evidence, or left open with why, in the rules' order."""
    told: dict[tuple[str, str], list[str]] = {}
    for party, rule, verdict, reason, row, what in found[
        ["party_id", "rule", "verdict", "reason", "row", "found"]
    ].itertuples(index=False):
        word = "open" if verdict == "not_checked" else verdict
        grounds = ": ".join(filter(None, (row, what))) or reason
        told.setdefault((party, word), []).append(f"{said[rule]} ({grounds})" if grounds else said[rule])
    return {key: "; ".join(rules) for key, rules in told.items() if key[1] != "passed"}


def with_final_grades(
    scores: pd.DataFrame,
    overrides: Sequence[Override],
    scale: RatingScale,
    as_of: date,
    settings: Settings | None = None,
) -> pd.DataFrame:
    """The scores with grade_final, tier_final, and override_reason, _by, _approved_by, _on and _state.

    Of each debtor the newest override up to the close of `as_of` counts. It is in force while it is no older than
    `validity.months` of the settings and the model still gives the grade it was made from; else the state says why not,
    and the final grade is the model's. A state is empty where there is no override; one of a party that isn't scored is
    refused.
    """
    months = int((settings or packaged("overrides"))["validity"]["months"])
    known = sorted((o for o in overrides if o.rated_on <= as_of), key=lambda o: o.rated_on)
    if strange := sorted({o.party_id for o in known} - set(scores[ID])):
        raise DataRefused(f"overrides: found {', '.join(strange[:5])}, expected debtors that the book knows by {as_of}")
    newest = {o.party_id: o for o in known}
    mine = [newest.get(party) for party in scores[ID]]
    own = scores["grade"].astype(object).tolist()
    states = [_state(o, grade, as_of, months) for o, grade in zip(mine, own)]
    final = [o.after if o and state == IN_FORCE else grade for o, state, grade in zip(mine, states, own)]
    told = {f"override_{k}": [getattr(o, k) if o else "" for o in mine] for k in ("reason", "by", "approved_by")}
    days = pd.Series([o.rated_on if o else None for o in mine], index=scores.index, dtype="datetime64[s]")
    code = pd.Categorical(final, categories=list(scale.grades), ordered=True)
    tiers = np.array([*scale.tiers, None], dtype=object)[code.codes]
    tier = pd.Categorical(tiers, categories=list(TIERS), ordered=True)
    return scores.assign(grade_final=code, tier_final=tier, **told, override_on=days, override_state=states)


def _state(override: Override | None, grade: object, as_of: date, months: int) -> str:
    if override is None:
        return ""
    if add_months(override.rated_on, months) < as_of:
        return TOO_OLD
    return IN_FORCE if override.before == grade else ANOTHER_GRADE
