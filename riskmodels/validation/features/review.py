"""The feature review: the features of one key of a book, at month ends, each measured and held against its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.checks import CheckResult, Limits, Verdict
from riskmodels.core.dates import add_months, month_end, month_ends
from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.features import build
from riskmodels.features.catalogue import CATALOGUE
from riskmodels.features.feature import Catalogue
from riskmodels.validation.features import alike, coverage, drift, leak, offered, outcome, power
from riskmodels.validation.features.checks import checks
from riskmodels.validation.features.each import LEAK, beyond, default_limits
from riskmodels.validation.features.population import homes, living

WHO = "who_"
"""Begins the columns that say whose a row is."""
FEWEST_MONTHS, MOST_MONTHS, REFERENCE = 4, 120, 12
"""Month ends a drift is told from, most that may be asked for, and how many of the first are the reference, at most."""


@dataclass(frozen=True)
class FeatureReview:
    """The features of `key` on a book that is cut at `as_of`, at its last `months` month ends, against an outcome."""

    book: Book
    as_of: date
    key: str = "debtor"
    months: int = 24
    part: str = ""
    outcome: str = outcome.DEFAULT
    catalogue: Catalogue = CATALOGUE
    limits: dict[str, Limits] = field(default_factory=default_limits)

    def __post_init__(self) -> None:
        if not FEWEST_MONTHS <= self.months <= MOST_MONTHS:
            raise Misuse(f"months: found {self.months}, expected {FEWEST_MONTHS} to {MOST_MONTHS}")
        if self.outcome not in outcome.KINDS:
            raise Misuse(f"outcome: found {self.outcome!r}, expected one of {', '.join(outcome.KINDS)}")
        offered.of_key(offered.of_part(self.catalogue, self.part), self.key)

    @cached_property
    def entries(self) -> Catalogue:
        """The catalogue's entries that are reviewed."""
        return offered.of_key(offered.of_part(self.catalogue, self.part), self.key)

    @cached_property
    def offered(self) -> pd.DataFrame:
        """One row per feature: feature, part, meaning, unit, sign, available, reason."""
        return offered.offered(self.entries, self.book, self.key)

    @cached_property
    def columns(self) -> list[str]:
        """The features that were built."""
        return self.offered.loc[self.offered["available"], "feature"].tolist()

    @cached_property
    def days(self) -> list[date]:
        """The month ends looked at: the last ones the book knows something at, oldest first."""
        last = self.as_of if self.as_of == month_end(self.as_of) else self.as_of.replace(day=1) - timedelta(days=1)
        first = max(add_months(last, 1 - self.months), self.book.first_day or last)
        return month_ends(first, last) or [self.as_of]

    @property
    def reference(self) -> int:
        """How many of the first month ends are what later ones are compared with."""
        return min(REFERENCE, len(self.days) // 2)

    @cached_property
    def _built(self) -> pd.DataFrame:
        """Every key at each month end and each origin, with infinite values still in it."""
        asked = sorted({*self.days, *(d.date() for d in self._outcomes["as_of"].drop_duplicates())})
        return build(self.book, self.key, asked, self.entries)

    @cached_property
    def ids(self) -> list[str]:
        """The columns that name a key."""
        return [str(c) for c in self._built if self._built[c].dtype.kind not in "fM"]

    @cached_property
    def _living(self) -> pd.DataFrame:
        """What was built of the keys in business at each month end."""
        at = self._built[self._built["as_of"].isin(pd.to_datetime(self.days))]
        return at if self.alive is None else at.merge(self.alive, on=[*self.ids, "as_of"])

    @cached_property
    def alive(self) -> pd.DataFrame | None:
        """The keys in business at each month end; None when all that are known are looked at."""
        return living(self.book, self.ids, self.days)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per key in business and month end: ids, as_of, features; infinite values are missing."""
        return self._finite(self._living)

    @cached_property
    def _outcomes(self) -> pd.DataFrame:
        if self.unjudged("outcomes"):
            return pd.DataFrame({"as_of": pd.Series(dtype="datetime64[us]")})
        return outcome.outcomes(self.book, self.key, _ids(self.key), self.as_of, self.outcome)

    @cached_property
    def sample(self) -> pd.DataFrame:
        """One row per key and mature origin: ids, as_of, outcome, obligor, features."""
        on = [c for c in ("as_of", *self.ids) if c in self._outcomes]
        return self._finite(self._outcomes.merge(self._built, on=on))

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """How far each feature is filled, as `coverage.coverage` has it, and `fall`: what it lost lately."""
        found = coverage.coverage(self._living, self.columns)
        return found.assign(fall=self._falls().reindex(found["feature"]).to_numpy())

    def _falls(self) -> pd.Series:
        if self.unjudged("months"):
            return pd.Series(dtype=float)
        return coverage.falls(self.filled, self.frame.groupby("as_of").size(), self.reference)

    @cached_property
    def filled(self) -> pd.DataFrame:
        """The filled share of each feature (in columns) at each month end (in rows)."""
        return coverage.by_month(self.frame, self.columns)

    @cached_property
    def drift(self) -> pd.DataFrame:
        """The PSI of each feature at each month end after the reference: feature, as_of, psi, critical."""
        if self.unjudged("months"):
            return drift.nothing()
        by: dict[str, list[str]] = {}
        for name in self.columns:
            by.setdefault(self.shared.get(name, WHO), []).append(name)
        n = len(self.columns)
        parts = [drift.drift(self.frame, names, self.reference, who, n) for who, names in by.items()]
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def shared(self) -> dict[str, str]:
        """For features that keys share, those of a chain or an industry, the column that says whose they are."""
        of = self.offered.set_index("feature")["of"]
        return {name: WHO + of[name] for name in self.columns if of[name]}

    @cached_property
    def power(self) -> pd.DataFrame:
        """What each feature says of the outcome, as `power.power` has it, strongest first."""
        signs = self.offered.set_index("feature")["sign"]
        return power.power(self.sample, {c: int(signs[c]) for c in self.columns}, "outcome", "obligor", self.shared)

    @cached_property
    def correlation(self) -> pd.DataFrame:
        """Rank correlations of the features that vary."""
        varying = self.coverage.loc[self.coverage["distinct"] > 1, "feature"].tolist()
        return alike.rank_correlation(self.frame, varying)

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """Features that say the same, as `alike.clusters` has it."""
        iv = {} if self.unjudged("power") else dict(zip(self.power["feature"], self.power["iv"], strict=True))
        return alike.clusters(self.correlation, iv)

    @cached_property
    def proof(self) -> leak.Proof:
        """The leak test, on part of the book and at a date two thirds through its days."""
        first = self.book.first_day or self.as_of
        return leak.prove(self.entries, self.book, self.key, [first + (self.as_of - first) * 2 / 3])

    @cached_property
    def faults(self) -> pd.DataFrame:
        """What is wrong with which feature: feature, fault, value, verdict; worst first."""
        if not self.columns:
            return pd.DataFrame(columns=["feature", "fault", "value", "verdict"])
        found = beyond(self.measures, self.limits)
        leaky = pd.DataFrame({"feature": [c for c in self.proof.moved if c in self.columns]})
        leaky = leaky.assign(fault=LEAK, value=np.nan, verdict=Verdict.BREACH)
        return pd.concat([leaky, found], ignore_index=True) if len(leaky) else found

    @cached_property
    def measures(self) -> pd.DataFrame:
        """One row per feature that was built, with everything measured of it."""
        known = self.offered[self.offered["available"]].drop(columns=["available", "reason"])
        found = known.merge(self.coverage.drop(columns="rows"), on="feature", how="left")
        steady = drift.standing(self.drift).reset_index()
        found = found.merge(steady, on="feature", how="left").merge(self._told(), on="feature", how="left")
        found = found.merge(self.clusters, on="feature", how="left")
        copies = alike.copies(self.correlation, self.clusters)
        return found.assign(copy_of=[copies.get(name, "") for name in found["feature"]])

    def _told(self) -> pd.DataFrame:
        if not self.unjudged("power"):
            return self.power.drop(columns="sign")
        names = ["feature", "n", "bad", *power.MEASURES]
        empty = pd.DataFrame({"feature": self.columns}).reindex(columns=names)
        return empty.assign(telling=False, direction=power.NOT_RUN)

    @cached_property
    def features(self) -> pd.DataFrame:
        """`measures` with each feature's verdict and faults (names, worst first); worst first, then strongest."""
        by = self.faults.groupby("feature", sort=False)
        verdict, fault = by["verdict"].first(), by["fault"].agg(list)
        found = self.measures.assign(verdict=[verdict.get(name, Verdict.WITHIN) for name in self.measures["feature"]])
        found["faults"] = [fault.get(name, []) for name in found["feature"]]
        rank = found["verdict"].map({Verdict.BREACH: 0, Verdict.WATCH: 1, Verdict.WITHIN: 2})
        ordered = found.assign(rank=rank).sort_values(["rank", "iv"], ascending=[True, False], kind="stable")
        return ordered.drop(columns="rank").reset_index(drop=True)

    @cached_property
    def checks(self) -> list[CheckResult]:
        """The checks of page 1."""
        return checks(self, self.limits)

    def tested(self, measure: str) -> int:
        """How many features a measure could be taken of; all that were built for what is no measure."""
        known = self.measures[measure].notna().sum() if measure in self.measures else len(self.measures)
        return int(known)

    def unjudged(self, what: str) -> str:
        """Why a part of the review (columns, months, outcomes, power, leak) can't be made; empty when it can."""
        if what != "outcomes" and not self.columns:
            return _("no feature could be built")
        if what == "months" and len(self.days) < FEWEST_MONTHS:
            return _("the book knows {n} month ends, fewer than {least}").format(n=len(self.days), least=FEWEST_MONTHS)
        if what in ("outcomes", "power") and (reason := outcome.missing(self.book, self.key)):
            return reason
        return self._too_few() if what == "power" else ""

    def _too_few(self) -> str:
        bad, good = (self.sample.loc[self.sample["outcome"] == v, "obligor"].nunique() for v in (1, 0))
        if min(bad, good) >= power.MIN_EVENTS:
            return ""
        text = _("too few mature outcomes: {bad} obligors with an event and {good} without, {least} of each are needed")
        return text.format(bad=bad, good=good, least=power.MIN_EVENTS)

    def _finite(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows with infinite values missing, and columns that say whose each is: the key's, or its chain's."""
        if not self.columns:
            return frame
        values = frame[self.columns]
        who = {WHO: frame[self.ids].agg(" / ".join, axis=1) if len(self.ids) > 1 else frame[self.ids[0]]}
        for name in dict.fromkeys(self.shared.values()):
            who[name] = frame[self.ids[0]].map(homes(self.book, name.removeprefix(WHO)))
        return pd.concat([frame.drop(columns=self.columns), values.where(np.isfinite(values))], axis=1).assign(**who)


def _ids(key: str) -> list[str]:
    from riskmodels.features.keys import IDS

    return list(IDS[key])
