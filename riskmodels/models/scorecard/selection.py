"""Which of many columns a scorecard is offered: every column judged, every decision kept with its figure.

A column is asked, in this order: whether a person left it out; whether it varies; how much of it is missing; whether it
runs as expected; its information value; whether a better one says the same; its variance inflation factor; whether the
stepwise search takes it. Everything is judged on the training sample alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.binning.binner import Binner
from riskmodels.models.inputs import Sample, checked_sample
from riskmodels.models.scorecard.offered import signed_binner
from riskmodels.models.scorecard.rules import IN_SHORT, USUAL, Hands, SelectionRules, Why, told
from riskmodels.models.scorecard.sieves import Judged, Task, judged
from riskmodels.models.scorecard.worths import clusters_of

COLUMNS = ("feature", "iv", "missing", "expected", "found", "cluster", "vif", "entered", "left", "worth", "p_value")


@dataclass(frozen=True)
class Selection:
    """The columns taken, and how that came about.

    decisions : one row per column, by falling information value: feature, iv, missing (share), expected and found
        (sign, +1 more is worse), cluster (number), vif, entered and left (step number), worth and p_value (of the
        step, or of one more), taken, reason (a message, empty when taken; what fills its places stands beside it).
    steps : one row per step of the search: step, action, feature, worth, p_value.
    sizes : with cross-validation, one row per number of columns: size, loss, excess over the least, error, taken.
    """

    taken: tuple[str, ...]
    decisions: pd.DataFrame
    steps: pd.DataFrame
    sizes: pd.DataFrame
    rules: SelectionRules

    def __iter__(self) -> Iterator[Any]:
        """The names taken and the decisions, for `taken, decisions = select(...)`."""
        return iter((list(self.taken), self.decisions))

    def summary(self) -> pd.DataFrame:
        """One row per column, as a reader is shown it: what was found of it, and what was decided and why."""
        frame = self.decisions
        reasons = [told(*row) for row in frame[["reason", "figure", "limit", "other"]].itertuples(index=False)]
        heads = {
            "feature": _("feature"),
            "iv": _("IV"),
            "missing": _("missing"),
            "expected": _("sign expected"),
            "found": _("sign found"),
            "cluster": _("cluster"),
            "vif": _("VIF"),
            "entered": _("entered at step"),
            "left": _("left at step"),
            "p_value": _("p value"),
            "taken": _("taken"),
        }
        return frame[list(heads)].rename(columns=heads).assign(**{_("reason"): reasons})


def select(
    X: Any,
    y: Any,
    signs: Mapping[str, int] | None = None,
    rules: SelectionRules = USUAL,
    *,
    binner: Binner | None = None,
    sample_weight: Any = None,
    groups: Any = None,
    cohorts: Any = None,
    forced_in: Mapping[str, str] | None = None,
    forced_out: Mapping[str, str] | None = None,
) -> Selection:
    """The columns of X to model y with (the greater of its two values is bad), and why each is in or out.

    `signs` names the columns offered with the sign expected of each (+1 more is worse, -1 more is better, 0 none); None
    offers all of X. `binner` gives the bins, by default with trends that follow the signs. `groups` names each row's
    obligor: likelihoods are then corrected for rows that repeat one, and folds hold obligors whole. `cohorts` names
    each row's cohort, for the binner's `min_steady`. `forced_in` and `forced_out` give columns a person takes or leaves
    out, with the reason; taken ones pass every rule, but can't be used if they don't vary. Refused when no column is
    left.
    """
    sample, signs = _sample(X, y, signs, sample_weight, groups, cohorts)
    hands = Hands(dict(forced_in or {}), dict(forced_out or {}))
    hands.check(signs)
    cluster = clusters_of(sample.groups, len(sample.y))
    found = judged(Task(sample, cluster, signs, rules, binner or signed_binner(signs), hands))
    if not found.taken:
        raise DataRefused(_nothing_left(found))
    return Selection(tuple(found.taken), _decisions(found), found.steps, found.sizes, rules)


def _sample(
    X: Any, y: Any, signs: Mapping[str, int] | None, sample_weight: Any, groups: Any, cohorts: Any
) -> tuple[Sample, dict[str, int]]:
    if signs is not None and (missing := [c for c in signs if c not in X]):
        raise Misuse(f"signs: found no columns {missing} in X; it has {list(X.columns)}")
    sample = checked_sample(Binner(), X if signs is None else X[list(signs)], y, sample_weight, groups, cohorts)
    names = map(str, sample.frame.columns)
    return sample, dict.fromkeys(names, 0) if signs is None else {str(c): int(sign) for c, sign in signs.items()}


def _decisions(found: Judged) -> pd.DataFrame:
    facts = found.facts.rename_axis("feature").reset_index().reindex(columns=list(COLUMNS))
    whys = [found.why.get(name, Why("")) for name in facts["feature"]]
    said = {key: [getattr(why, key) for why in whys] for key in ("reason", "figure", "limit", "other")}
    steps = {key: facts[key].astype("Int64") for key in ("cluster", "entered", "left")}
    frame = facts.assign(**steps, taken=facts["feature"].isin(found.taken), **said)
    return frame.sort_values("iv", ascending=False, kind="stable", ignore_index=True, na_position="last")


def _nothing_left(found: Judged) -> str:
    counts = Counter(IN_SHORT[why.reason] for why in found.why.values())
    parts = ", ".join(f"{n} {words}" for words, n in counts.items())
    return f"features: found none of {len(found.facts)} to model with ({parts}); expected one that meets the rules"
