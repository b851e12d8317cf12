"""What a reader must know of a trained model before using it: what it says and of whom, and where not to use it.

Every sentence follows from a fact of the book or the sample; the facts stand beside the sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, default_population
from riskmodels.models import overdue, rating
from riskmodels.models.overdue_parties.sample import SUBJECT, origins_of

ELSEWHERE = "The champion is a card from elsewhere: what it was developed on is not known here."
LATE = (
    "an invoice is settled, by payment or credit note, after its due date, or still open then; one that is written off "
    "is never settled, and one settled in parts counts by parts of its amount"
)
SEGMENTS = ("industry", "region", "size")
_PARTIES = """
SELECT DISTINCT {key} AS obligor, {told} FROM invoices LEFT JOIN (
    SELECT * FROM parties QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY valid_from DESC) = 1
) ON party_id = {key} WHERE {key} IS NOT NULL
"""


def model_card(recipe: Any, book: Book, day: date, sample: pd.DataFrame, elsewhere: bool = False) -> dict[str, Any]:
    """What the models of a recipe say, of whom, and their limits, as plain values for their manifest.

    what : one sentence. outcome : the definition of bad, with its days past due (dpd) and window_months. population :
    steps from all that the book knew at `day` to what was learnt from, each with what it left out and what was left.
    segments : by industry, region and size, as far as the book tells them: debtors known, learnt from and ever bad.
    limits : sentences that say where the models must not be used. `sample` is the recipe's training sample;
    `elsewhere` says that the champion is a card that wasn't made on it.
    """
    told = (_of_overdue if recipe.ID == overdue.ID else _of_obligors)(recipe, book.as_of(day), day, sample)
    return {**told, "limits": [*told["limits"], *([ELSEWHERE] if elsewhere else [])]}


def _of_obligors(recipe: Any, book: Book, day: date, sample: pd.DataFrame) -> dict[str, Any]:
    """Of a rating, or of overdue debtors or clients: whether the recipe's rule will hold of one of which it doesn't."""
    rule, subject, known = recipe.RULE, SUBJECT[recipe.ID], sample[sample["outcome"].notna()]
    bad = (
        f"on a day within {rule.months} months, {rule.share:.0%} or more of all a {subject} owes, and at least "
        f"{book.currency} {rule.least:g}, is more than {rule.dpd} days past due"
    )
    rated, parts = recipe is rating, segments(book, known, recipe.ID)
    what, state, more = _rating_words(rule) if rated else _party_words(rule, subject, known)
    origins = sorted(set(sample["as_of"].dt.date)) if rated else origins_of(book, day)
    only = f"Only for {subject}s that owe something in {book.currency} and are not {state}: no others were learnt from."
    return {
        "what": what,
        "outcome": {"definition": bad, "window_months": rule.months, **_plain(rule)},
        "population": _population(recipe, book, sample, origins, state),
        "segments": parts,
        "limits": [
            only,
            f"Not for a horizon other than {rule.months} months.",
            *more,
            *_limits(day, known, recipe.FEWEST, f"{subject}s"),
            *absent(parts),
        ],
    }


def _rating_words(rule: Default) -> tuple[str, str, list[str]]:
    """What a rating says, the state it is not for, and no further limit."""
    what = f"The probability that a debtor that performs today is in default within {rule.months} months."
    return what, "in default", []


def _party_words(rule: Default, subject: str, known: pd.DataFrame) -> tuple[str, str, list[str]]:
    what = f"The probability that a {subject} that is not overdue today becomes so within {rule.months} months."
    level = f"Its level is that of its sample, {known['outcome'].mean():.1%} overdue: it is not anchored on a long run."
    return what, "overdue", [level]


def _of_overdue(recipe: Any, book: Book, day: date, sample: pd.DataFrame) -> dict[str, Any]:
    known, longest = sample[sample["outcome"].notna()], int(sample["terms_days"].max())
    parts, ended = segments(book, known), _ended(sample)
    return {
        "what": "When an invoice will be settled and how, seen the day before its issue or while it is open, and the "
        "probability that it is late: the share of its amount expected to be.",
        "outcome": {"definition": LATE, "dpd": 0, "window_months": None, "ended": ended},
        "population": _timed(book, day, sample),
        "segments": parts,
        "limits": [
            f"Not for terms beyond {longest} days: none were learnt from.",
            "Not for days past due beyond those that any invoice was seen open: the hazard is not extended.",
            "A bill of exchange counts as payment on the day it is given, not at its maturity.",
            *_rare(ended),
            *_limits(day, known, recipe.FEWEST, "debtors"),
            *absent(parts),
        ],
    }


def _ended(sample: pd.DataFrame) -> dict[str, int]:
    """Of how many invoices a part ended by each cause; nothing where the sample tells no parts."""
    if "parts" not in sample:
        return {}
    counts = Counter(cause for parts in sample["parts"] for cause in {cause for _day, cause, _share in parts})
    return dict(sorted(counts.items()))


def _rare(ended: dict[str, int]) -> list[str]:
    """A sentence on how few ended otherwise than by payment."""
    others = ", ".join(f"{n} {cause}" for cause, n in ended.items() if cause != "paid")
    return [f"How invoices end otherwise than by payment was learnt from few: {others}."] if others else []


def segments(book: Book, known: pd.DataFrame, key: str = rating.ID) -> dict[str, dict[str, dict[str, int]]]:
    """By segment, then value: parties the book knows, those learnt from and those ever bad ("" where it isn't told).

    `known` has the columns obligor, named by `key` (debtor_id or client_id), and outcome.
    """
    told = [column for column in SEGMENTS if book.has("parties", column)]
    if not told:
        return {}
    parties = book.sql(_PARTIES.format(key=key, told=", ".join(told)))
    bad = known.groupby("obligor")["outcome"].max()
    parties = parties.assign(learnt=parties["obligor"].isin(bad.index), bad=parties["obligor"].map(bad).fillna(0) > 0)
    return {column: _by_value(parties.assign(value=parties[column].fillna(""))) for column in told}


def absent(parts: dict[str, dict[str, dict[str, int]]]) -> list[str]:
    """Sentences that name the segments of a book of which nobody, or nobody bad, was learnt from."""
    if not parts:
        return [f"Whether segments are absent is not known: the book tells no {', '.join(SEGMENTS)} of them."]
    nobody = _named(parts, lambda n: n["learnt"] == 0)
    no_bad = _named(parts, lambda n: n["learnt"] > 0 and n["bad"] == 0)
    found = [f"Not for segments that nobody was learnt from: {nobody}."] if nobody else []
    return [*found, *([f"The level is not known in segments where nobody was bad: {no_bad}."] if no_bad else [])]


def _named(parts: dict[str, dict[str, dict[str, int]]], meant: Any) -> str:
    named = {column: [v or "(not told)" for v, n in values.items() if meant(n)] for column, values in parts.items()}
    return "; ".join(f"{column} {', '.join(values)}" for column, values in named.items() if values)


def _by_value(parties: pd.DataFrame) -> dict[str, dict[str, int]]:
    counts = parties.groupby("value").agg(known=("value", "size"), learnt=("learnt", "sum"), bad=("bad", "sum"))
    return {str(value): {str(k): int(n) for k, n in row.items()} for value, row in counts.iterrows()}


def _limits(day: date, known: pd.DataFrame, fewest: int, subjects: str) -> list[str]:
    last, obligors = known["period"].max().date(), known.loc[known["outcome"] == 1, "obligor"].nunique()
    return [
        f"Knows nothing after {day}; the newest cases with an outcome are of {last}: what changed since is not in it.",
        f"Learnt from {int(known['outcome'].sum())} bad cases of {obligors} {subjects}; on fewer than {fewest} none is "
        "trained, and a part of the portfolio that has fewer can't be judged apart.",
    ]


def _population(
    recipe: Any, book: Book, sample: pd.DataFrame, origins: Sequence[date], state: str
) -> list[dict[str, Any]]:
    """The steps from those known at the origins to the sample; origins it has no row of are those too young for one."""
    counted, subject = default_population(book, recipe.ID, origins, recipe.RULE), SUBJECT[recipe.ID]
    later = int(counted.loc[~counted["origin"].isin(sample["as_of"]), "performing"].sum())
    counts = counted.sum(numeric_only=True)
    steps = {
        f"no invoice in {book.currency}": int(counts["other_currency"]),
        "owing nothing": int(counts["owing_nothing"]),
        f"{state} already": int(counts["in_default"]),
        "without features": int(counts["performing"]) - later - len(sample),
        f"window of {recipe.RULE.months} months not over, or beyond the book's end": later
        + int(sample["outcome"].isna().sum()),
    }
    return _steps(f"{subject}s known at the origins, each at each", int(counts["known"]), steps)


def _timed(book: Book, day: date, sample: pd.DataFrame) -> list[dict[str, Any]]:
    issued = book.sql("SELECT issued_on FROM invoices")["issued_on"]
    early = int((issued < sample["period"].min()).sum())
    late = int((issued >= pd.Timestamp(day)).sum())
    steps = {
        f"issued within {overdue.HISTORY_MONTHS} months of the book's first day": early,
        "issued on the day of training": late,
        "without features": len(issued) - early - late - len(sample),
    }
    return _steps("invoices known", len(issued), steps)


def _steps(first: str, n: int, steps: dict[str, int]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"step": first, "left_out": 0, "left": n}]
    for step, left_out in steps.items():
        rows.append({"step": step, "left_out": left_out, "left": rows[-1]["left"] - left_out})
    return rows


def _plain(rule: Any) -> dict[str, Any]:
    return {"dpd": rule.dpd, "least_amount": rule.least, "share": rule.share}
