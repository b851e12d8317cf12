"""The questions a column is asked before a scorecard takes it, one after the other, and the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import chi2

from riskmodels.models.binning.asked import special_values
from riskmodels.models.binning.binner import Binner, feature
from riskmodels.models.inputs import Sample, is_text
from riskmodels.models.scorecard import rules as r
from riskmodels.models.scorecard.clusters import clusters, leaders
from riskmodels.models.scorecard.crossval import best_size
from riskmodels.models.scorecard.rules import Hands, SelectionRules, Why
from riskmodels.models.scorecard.stepwise import ENOUGH, ENTERS, Problem, Terms, Walk, bar, outsiders, problem, walk
from riskmodels.models.scorecard.vif import inflated
from riskmodels.models.scorecard.worths import binner_of, found_sign, woe_columns

STEPS, SIZES = ("step", "action", "feature", "worth", "p_value"), ("size", "loss", "excess", "error", "taken")


@dataclass(frozen=True)
class Task:
    """What is to be judged and by what: the sample, its obligors' numbers or None, signs, rules, bins, hands."""

    sample: Sample
    cluster: np.ndarray | None
    signs: Mapping[str, int]
    rules: SelectionRules
    binner: Binner
    hands: Hands

    def free(self, names: Iterable[str]) -> list[str]:
        """Those that no person takes."""
        return [name for name in names if name not in self.hands.taken]


@dataclass
class Judged:
    """What was found of each column (one row of `facts` each), why those out are out, and which are taken."""

    facts: pd.DataFrame
    why: dict[str, Why] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    steps: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(STEPS)))
    sizes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SIZES)))

    def left(self) -> list[str]:
        """Columns no question has put out so far, in their order."""
        return [name for name in self.facts.index if name not in self.why]


def judged(task: Task) -> Judged:
    """Every column of the sample asked every question."""
    found = _looked_at(task)
    bins = _informed(task, found) if found.left() else None
    if bins is None or not found.left():
        return found
    names = sorted(found.left(), key=lambda name: -found.facts["iv"][name])
    sample = task.sample
    given = problem(woe_columns(bins, sample.frame, names), sample.y, sample.weight, task.cluster)
    places = _distinct(task, found, given, names)
    if task.rules.steps == r.NONE:
        _first_ones(task, found, [names[place] for place in places])
    else:
        _searched(task, found, given, names, places)
    by_hand = [name for name in found.taken if name in task.hands.taken]
    found.why |= {name: Why(r.TAKEN_BY_HAND, other=task.hands.taken[name]) for name in by_hand}
    return found


def _looked_at(task: Task) -> Judged:
    """Questions a column answers by itself: by hand, one value only, missing, sign."""
    frame, weight, most = task.sample.frame, task.sample.weight, task.rules.most_missing
    gaps = {c: float(weight @ frame[c].isna().to_numpy() / weight.sum()) for c in task.signs}
    found = Judged(pd.DataFrame({"expected": dict(task.signs), "missing": gaps}, index=list(task.signs)))
    found.why |= {c: Why(r.LEFT_BY_HAND, other=why) for c, why in task.hands.left.items()}
    found.why |= {c: Why(r.ONE_VALUE) for c in found.left() if frame[c].nunique(dropna=False) < 2}
    found.why |= {c: Why(r.TOO_MISSING, gaps[c], most) for c in task.free(found.left()) if gaps[c] > most}
    seen = {c: _sign(task, c) for c in found.left()}
    found.facts["found"] = pd.Series(seen, dtype="Int64")
    found.why |= {c: Why(r.AGAINST) for c in task.free(seen) if seen[c] * task.signs[c] < 0}
    return found


def _sign(task: Task, name: str) -> int:
    values = task.sample.frame[name]
    if is_text(values):
        return 0
    codes = [v for group in special_values(values, task.binner.specials) for v in group]
    numbers = values.mask(values.isin(codes)).to_numpy(dtype=float)
    return found_sign(numbers, task.sample.y, task.sample.weight, task.cluster)


def _informed(task: Task, found: Judged) -> Binner:
    """The bins of what is left, of which those of too little information are put out."""
    names, least, sample = found.left(), task.rules.least_iv, task.sample
    bins = binner_of(task.binner, names).fit(sample.frame[names], sample.y, sample.weight, sample.cohorts)
    iv = {c: feature(bins, c).iv for c in names}
    found.facts["iv"] = pd.Series(iv, dtype=float)
    found.why |= {c: Why(r.TELLS_LITTLE, iv[c], least) for c in task.free(names) if iv[c] < least}
    return bins


def _distinct(task: Task, found: Judged, given: Problem, names: Sequence[str]) -> list[int]:
    """Places of the columns that don't say what better ones say: first alike in pairs, then VIF."""
    alike, most, correlations = task.rules.alike, task.rules.most_vif, given.correlations
    fixed = [place for place, name in enumerate(names) if name in task.hands.taken]
    found.facts["cluster"] = pd.Series(dict(zip(names, clusters(correlations, alike).tolist())), dtype="Int64")
    gone = leaders(correlations, alike, range(len(names)), fixed)
    found.why |= {
        names[place]: Why(r.ALIKE, abs(float(correlations[place, other])), alike, names[other])
        for place, other in gone.items()
    }
    kept = [place for place in range(len(names)) if place not in gone]
    out, stay = inflated(correlations[np.ix_(kept, kept)], most, [kept.index(place) for place in fixed])
    found.facts["vif"] = pd.Series({names[kept[i]]: value for i, value in (out | stay).items()}, dtype=float)
    found.why |= {names[kept[i]]: Why(r.INFLATED, value, most) for i, value in out.items()}
    return [kept[i] for i in stay]


def _first_ones(task: Task, found: Judged, names: Sequence[str]) -> None:
    """The most informative ones, besides those a person takes."""
    free = task.free(names)
    room = max(0, task.rules.most - (len(names) - len(free)))
    found.why |= {name: Why(ENOUGH) for name in free[room:]}
    found.taken = [name for name in names if name not in found.why]


def _searched(task: Task, found: Judged, given: Problem, names: Sequence[str], places: Sequence[int]) -> None:
    """The columns a stepwise search takes, in the order they entered."""
    rules, fixed = task.rules, tuple(place for place in places if names[place] in task.hands.taken)
    if rules.by == r.CROSS_VALIDATED:
        offered, forced = [names[place] for place in places], [names[place] for place in fixed]
        sizes = best_size(task.sample, task.cluster, task.binner, offered, forced, rules)
        found.sizes, terms = sizes.table(), Terms(0.0, sizes.taken, fixed)
    else:
        terms = Terms(bar(rules.by, rules.level, given.size), rules.most, fixed)
    way = walk(given, places, rules.steps, terms)
    found.taken = [names[column] for column in way.now.columns]
    _told(found, way, names)
    outside = outsiders(given, way.now, places, terms)
    for column, (reason, worth) in outside.items():
        found.facts.loc[names[column], "worth"] = worth
        beyond = reason == ENOUGH and rules.by == r.CROSS_VALIDATED
        found.why[names[column]] = Why(r.BEYOND_SIZE, limit=terms.most) if beyond else Why(reason)
    found.facts["p_value"] = found.facts["worth"].map(lambda worth: float(chi2.sf(worth, 1)))


def _told(found: Judged, way: Walk, names: Sequence[str]) -> None:
    """The steps written into the record."""
    rows = [(i, s.action, names[s.column], s.worth, s.p_value) for i, s in enumerate(way.steps, start=1)]
    found.steps = pd.DataFrame(rows, columns=list(STEPS))
    came = {name: i for i, action, name, *_figures in rows if action == ENTERS}
    went = {name: i for i, action, name, *_figures in rows if action != ENTERS}
    found.facts["entered"], found.facts["left"] = (pd.Series(at, dtype="Int64") for at in (came, went))
    found.facts["worth"] = pd.Series({name: worth for _i, _action, name, worth, _p in rows}, dtype=float)
