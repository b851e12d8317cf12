"""What a reader must know of a trained model before using it: what it says and of whom, and where not to use it.

Every sentence follows from a fact of the book or the sample; the facts stand beside the sentences.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import default_population
from riskmodels.models import overdue, rating

ELSEWHERE = "The champion is a card from elsewhere: what it was developed on is not known here."
LATE = (
    "an invoice is settled, by payment or credit note, after its due date, or still open then; one that is written off "
    "is never settled, and one settled in parts counts by parts of its amount"
)
SEGMENTS = ("industry", "region", "size")
_DEBTORS = """
SELECT DISTINCT debtor_id AS obligor, {told} FROM invoices LEFT JOIN (
    SELECT * FROM parties QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY valid_from DESC) = 1
) ON party_id = debtor_id WHERE debtor_id IS NOT NULL
"""


def model_card(purpose: str, book: Book, day: date, sample: pd.DataFrame, elsewhere: bool = False) -> dict[str, Any]:
    """What the models of a purpose say, of whom, and their limits, as plain values for their manifest.

    what : one sentence. outcome : the definition of bad, with its days past due (dpd) and window_months. population :
    steps from all that the book knew at `day` to what was learnt from, each with what it left out and what was left.
    segments : by industry, region and size, as far as the book tells them: debtors known, learnt from and ever bad.
    limits : sentences that say where the models must not be used. `sample` is the purpose's training sample;
    `elsewhere` says that the champion is a card that wasn't made on it.
    """
    told = (_of_overdue if purpose == "overdue" else _of_rating)(book.as_of(day), day, sample)
    return {**told, "limits": [*told["limits"], *([ELSEWHERE] if elsewhere else [])]}


def _of_rating(book: Book, day: date, sample: pd.DataFrame) -> dict[str, Any]:
    rule, known = rating.RULE, sample[sample["outcome"].notna()]
    bad = (
        f"on a day within {rule.months} months, {rule.share:.0%} or more of all a debtor owes, and at least "
        f"{book.currency} {rule.least:g}, is more than {rule.dpd} days past due"
    )
    parts = segments(book, known)
    only = f"Only for debtors that owe something in {book.currency} and are not in default: no others were learnt from."
    return {
        "what": f"The probability that a debtor that performs today is in default within {rule.months} months.",
        "outcome": {"definition": bad, "window_months": rule.months, **_plain(rule)},
        "population": _rated(book, sample),
        "segments": parts,
        "limits": [
            only,
            f"Not for a horizon other than {rule.months} months.",
            *_limits(day, known, rating.FEWEST),
            *absent(parts),
        ],
    }


def _of_overdue(book: Book, day: date, sample: pd.DataFrame) -> dict[str, Any]:
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
            *_limits(day, known, overdue.FEWEST),
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


def segments(book: Book, known: pd.DataFrame) -> dict[str, dict[str, dict[str, int]]]:
    """By segment, then value: debtors the book knows, those learnt from and those ever bad ("" where it isn't told).

    `known` has the columns obligor and outcome.
    """
    told = [column for column in SEGMENTS if book.has("parties", column)]
    if not told:
        return {}
    debtors = book.sql(_DEBTORS.format(told=", ".join(told)))
    bad = known.groupby("obligor")["outcome"].max()
    debtors = debtors.assign(learnt=debtors["obligor"].isin(bad.index), bad=debtors["obligor"].map(bad).fillna(0) > 0)
    return {column: _by_value(debtors.assign(value=debtors[column].fillna(""))) for column in told}


def absent(parts: dict[str, dict[str, dict[str, int]]]) -> list[str]:
    """Sentences that name the segments of a book of which nobody, or nobody bad, was learnt from."""
    if not parts:
        return [f"Whether segments are absent is not known: the book tells no {', '.join(SEGMENTS)} of debtors."]
    nobody = _named(parts, lambda n: n["learnt"] == 0)
    no_bad = _named(parts, lambda n: n["learnt"] > 0 and n["bad"] == 0)
    found = [f"Not for segments that nobody was learnt from: {nobody}."] if nobody else []
    return [*found, *([f"The level is not known in segments where nobody was bad: {no_bad}."] if no_bad else [])]


def _named(parts: dict[str, dict[str, dict[str, int]]], meant: Any) -> str:
    named = {column: [v or "(not told)" for v, n in values.items() if meant(n)] for column, values in parts.items()}
    return "; ".join(f"{column} {', '.join(values)}" for column, values in named.items() if values)


def _by_value(debtors: pd.DataFrame) -> dict[str, dict[str, int]]:
    counts = debtors.groupby("value").agg(known=("value", "size"), learnt=("learnt", "sum"), bad=("bad", "sum"))
    return {str(value): {str(k): int(n) for k, n in row.items()} for value, row in counts.iterrows()}


def _limits(day: date, known: pd.DataFrame, fewest: int) -> list[str]:
    last, obligors = known["period"].max().date(), known.loc[known["outcome"] == 1, "obligor"].nunique()
    return [
        f"Knows nothing after {day}; the newest cases with an outcome are of {last}: what changed since is not in it.",
        f"Learnt from {int(known['outcome'].sum())} bad cases of {obligors} debtors; on fewer than {fewest} none is "
        "trained, and a part of the portfolio that has fewer can't be judged apart.",
    ]


def _rated(book: Book, sample: pd.DataFrame) -> list[dict[str, Any]]:
    counts = default_population(book, rating.ID, sorted(set(sample["as_of"].dt.date)), rating.RULE).sum(
        numeric_only=True
    )
    young, before = int(sample["outcome"].isna().sum()), int(counts["performing"])
    steps = {
        f"no invoice in {book.currency}": int(counts["other_currency"]),
        "owing nothing": int(counts["owing_nothing"]),
        "in default already": int(counts["in_default"]),
        "without features": before - len(sample),
        f"window of {rating.RULE.months} months not over, or beyond the book's end": young,
    }
    return _steps("debtors known at the origins, each at each", int(counts["known"]), steps)


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
