"""The overdue model: when will an invoice be paid, seen from the day before its issue?

One row per invoice. Invoices unpaid at the training date are censored: they count as open for as long as they were, and
as nothing beyond. One paid in parts counts by parts, and credit notes and write-offs are causes of their own. What was
paid before issue counts as paid on the day of issue.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.endings import invoice_parts
from riskmodels.book.outcomes import invoice_outcomes, still_told
from riskmodels.core.dates import add_months
from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import INVOICES
from riskmodels.core.text import gettext as _
from riskmodels.features import build
from riskmodels.features.catalogue import PARTS
from riskmodels.models.inputs import columns_of
from riskmodels.models.payment_fit import ENGINES
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.scorecard.offered import BEHAVIOUR, candidates
from riskmodels.models.scorecard.rules import SelectionRules
from riskmodels.models.scorecard.selection import select

ID = "invoice_id"
PART = ["day", "cause", "share"]
SCALE = INVOICES
HISTORY_MONTHS = 3
"""Training begins this long after the book does."""
ANSWERS = ("over_30", "over_60", "over_90", "expected_days", "median_days", "low_80_days", "high_80_days")
"""What a score says besides P(late): P(more than k days past due), and days from issue to settlement: their mean and
median, and the 10th and 90th percentile, between which 80 of 100 such invoices are settled."""
ON = {"expected_on": "expected_days", "low_80_on": "low_80_days", "high_80_on": "high_80_days"}
"""The same as days of the calendar: the close by which so many days are over."""
FEWEST = 20
"""Fewest late, and fewest punctual, invoices an overdue model is trained on."""
OFFERED = (*BEHAVIOUR, *PARTS["Habits of payment"])
RULES = SelectionRules(most=10)
"""How drivers beside the wanted ones are found, where those are fewer than ten."""
SEASONS = ("invoice_due_december", "invoice_due_new_year")
WANTED = (
    *(f"{party}_typical_days_late_{days}d" for party in ("debtor", "pair") for days in (90, 180, 365, 730)),
    "debtor_past_due_count_share_now",
    *("invoice_due_days_off", *SEASONS, "invoice_terms", "invoice_amount_to_debtor_mean"),
)
"""Drivers a hazard always takes: habits over four windows say together what is lasting and what is new, which a rule
against columns that are alike would lose; what is open and late says it first; what hangs on the calendar tells little
alone and much beside them."""


def training_sample(book: Book, as_of: date) -> pd.DataFrame:
    """Invoices issued before `as_of`, with features at issue and what was known of their payment at `as_of`.

    Those of the book's first months are left out: they have no history to learn from, and later ones all do. Refused
    where the book ended long before.
    """
    still_told(book, as_of)
    found = sample(book, add_months(book.first_day or as_of, HISTORY_MONTHS), as_of, as_of)
    listed: dict[str, list[tuple[Any, ...]]] = {}
    for name, *part in invoice_parts(book, as_of)[[ID, *PART]].itertuples(index=False, name=None):
        listed.setdefault(name, []).append(tuple(part))
    return found.assign(parts=pd.Series([listed.get(name, []) for name in found[ID]], found.index, dtype=object))


def validation_sample(book: Book, trained: date, as_of: date) -> pd.DataFrame:
    """Invoices issued from `trained` to `as_of`, the young ones with an outcome still missing."""
    found = sample(book, trained, None, as_of)
    if found.empty:
        raise DataRefused(
            f"{book.name}: no invoices issued from {trained} to {as_of}; expected some to judge the model on"
        )
    return found


def sample(book: Book, since: date, before: date | None, as_of: date) -> pd.DataFrame:
    """One row per invoice issued in [since, before): ids, outcome, terms_days, duration_days, settled, features."""
    seen = book.as_of(as_of)
    outcomes = invoice_outcomes(seen, as_of).rename(columns={"late": "outcome", "amount": "weight"})
    issued = outcomes["issued_on"]
    keep = (issued >= pd.Timestamp(since)) & ((issued < pd.Timestamp(before)) if before else True)
    terms = (outcomes["due_on"] - issued).dt.days
    outcomes["duration_days"] = outcomes["duration_days"].clip(lower=0)
    parties = {"obligor": outcomes["debtor_id"], "client": outcomes["client_id"]}
    facts = outcomes.assign(terms_days=terms, **parties, period=issued)[keep]
    features = build(seen, "invoice", catalogue=OFFERED)
    return facts.merge(features[[c for c in features if c == ID or c not in facts]], on=ID)


def scoring_sample(book: Book, as_of: date) -> pd.DataFrame:
    """Every invoice open at `as_of`, with its age in days; one is closed, too, by what was written off of it.

    Refused where none is open, or the book ended long before.
    """
    found = sample(still_told(book, as_of), book.first_day or as_of, None, as_of)
    ended = invoice_parts(book, as_of).groupby(ID)["share"].sum()
    closed = found["settled"] | (found[ID].map(ended).fillna(0.0) >= 1 - 1e-9)
    if closed.all():
        raise DataRefused(f"{book.name}: found no invoice open at the close of {as_of}, expected some to score")
    return found[~closed].assign(age_days=found["duration_days"])


def train(sample: pd.DataFrame, seed: int) -> tuple[dict[str, Any], pd.DataFrame]:
    """A payment-time model of the engine that foretold later invoices better, the other, and how drivers were selected.

    Effects have the signs the catalogue expects.
    """
    mature = sample[sample["outcome"].notna()]
    late = int(mature["outcome"].sum())
    if late < FEWEST or len(mature) - late < FEWEST:
        raise DataRefused(
            f"overdue: found {late} late of {len(mature):,} invoices with an outcome, expected at least {FEWEST} late "
            f"and {FEWEST} punctual"
        )
    offered = _offered(mature)
    wanted = {name: _("habits of payment and the calendar") for name in WANTED if _varies(mature, name, offered)}
    taken, selection = select(mature, mature["outcome"], offered, RULES, groups=mature["obligor"], forced_in=wanted)
    signs = {name: offered[name] for name in taken}
    facts = sample["terms_days"], sample["duration_days"], _paid(sample), sample["obligor"], sample["period"]
    champion = PaymentTime(signs=signs, seed=seed).fit(sample[taken], *facts)
    other = next(engine for engine in ENGINES if engine != champion.choice_.engine)
    challenger = PaymentTime(other, signs=signs, seed=seed).fit(sample[taken], *facts)
    return {"champion": champion, "challenger": challenger}, selection


def _offered(mature: pd.DataFrame) -> dict[str, int]:
    """The columns a model may use, with their signs; seasons only where the sample has seen each of them twice."""
    seasons = () if add_months(mature["period"].min().date(), 24) <= mature["period"].max().date() else SEASONS
    return {name: sign for name, sign in candidates(mature).items() if name not in seasons}


def _varies(mature: pd.DataFrame, name: str, offered: dict[str, int]) -> bool:
    return name in offered and mature[name].nunique(dropna=False) > 1


def _paid(sample: pd.DataFrame) -> Any:
    """The parts of a sample that tells them, else whether each invoice was settled."""
    if "parts" not in sample:
        return sample["settled"]
    row = np.repeat(np.arange(len(sample)), sample["parts"].map(len))
    told = [part for parts in sample["parts"] for part in parts]
    return pd.DataFrame(told, columns=PART).assign(row=row)


def drivers(models: dict[str, Any]) -> list[str]:
    """The columns the hazard uses."""
    return list(models["champion"].feature_names_in_)


def scored(models: dict[str, Any], sample: pd.DataFrame) -> pd.DataFrame:
    """The sample with P(late), grade, the champion's ANSWERS, the day it expects, and the challenger's P(late).

    Invoices with an `age_days` are seen as still open at that age; the others from their issue. A hazard is not
    extended beyond what was seen: longer terms than in training give no probability, and an invoice open for longer
    past due than any then is late for sure, without an expected day. Days of the calendar (ON) stand where the sample
    says when an invoice was issued.
    """
    past_due = sample.get("age_days", 0) - sample["terms_days"]
    seen = sample["terms_days"].between(0, models["champion"].longest_terms_)
    seen &= past_due < min(float(model.grid_[-1]) for model in models.values())
    found = _answers(models, sample[seen]).reindex(sample.index)
    late = (past_due > 0) & ~seen
    found.loc[late, ["probability", "challenger"]] = 1.0
    for k in (30, 60, 90):
        found.loc[past_due > k, f"over_{k}"] = 1.0
    if "issued_on" in sample:
        days = {on: pd.to_timedelta(np.ceil(found[name]), "D") for on, name in ON.items()}
        found = found.assign(**{on: sample["issued_on"] + wait for on, wait in days.items()})
    return pd.concat([sample, found.assign(grade=SCALE.grade(found["probability"]))], axis=1)


def _answers(models: dict[str, Any], sample: pd.DataFrame) -> pd.DataFrame:
    columns = ["probability", "challenger", *ANSWERS]
    if sample.empty:
        return pd.DataFrame(columns=columns, index=sample.index, dtype=float)
    champion, challenger = models["champion"], models["challenger"]
    X, told = columns_of(champion, sample), {"terms": sample["terms_days"], "age": sample.get("age_days")}
    found = champion.answers(X, **told).rename(columns={"late": "probability"})
    ends = {name: champion.quantile_days(X, q=q, **told) for name, q in (("low_80_days", 0.1), ("high_80_days", 0.9))}
    return found.assign(challenger=challenger.late(columns_of(challenger, sample), **told), **ends)[columns]
