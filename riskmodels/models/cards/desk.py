"""A card from elsewhere at work within the hour: kept as a model, a table scored by it, the sample that judges it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from riskmodels.book.encoding import encoding_of
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models import store
from riskmodels.models.binning.bins import Groups
from riskmodels.models.cards.card import PointsCard, moved
from riskmodels.models.cards.from_csv import SEPARATOR
from riskmodels.models.cards.from_optbinning import SPECIAL
from riskmodels.models.cards.json_file import card_of, to_json
from riskmodels.models.cards.python_code import python_source
from riskmodels.models.cards.sql_code import sql_select
from riskmodels.models.scorecard.points import Scale

if TYPE_CHECKING:
    from riskmodels.models.score_bands import ScoreBands

CALIBRATED = (
    "probabilities are calibrated: log-odds are the card's own plus {shift!r}, which takes the mean PD from "
    "{before:.6g} to {after:.6g}; points are the card's own"
)
UNTOLD = (
    "What it was developed on, for whom and for which definition of bad is not told: judge it on your own cases first.",
    "Not for probabilities, as its scale isn't known: points rank only.",
)
CHAMPION, CASES = "champion", "cases"
UNKNOWN = ["", "NA", "N/A", "NaN", "nan", "NULL", "null"]
"""What stands for a missing number in a CSV; in a column of categories only an empty cell does."""


def keep_card(card: PointsCard, folder: str | Path) -> Path:
    """The new folder with the card as a sealed model called champion."""
    from riskmodels.models.cards.imported import ImportedScorecard

    model = ImportedScorecard(card)
    limits = UNTOLD if card.intercept is None else UNTOLD[:1]
    told = {"what": "A card from elsewhere, as it stands.", "outcome": None, "population": None, "limits": list(limits)}
    facts = {"purpose": "card", **told, "drivers": card.names, "model": model.card()}
    return store.save({CHAMPION: model}, folder, facts)


def kept_model(folder: str | Path) -> Any:
    """The champion of a folder of models, a scorecard of this package or an imported one."""
    return _kept(folder)[CHAMPION]


def kept_card(folder: str | Path) -> PointsCard:
    """The card of a folder `keep_card` made, or of any folder whose champion is a scorecard.

    Where the folder has a calibration, the card's log-odds are moved by it, so that its probabilities are the folder's.
    """
    states = store.load_states(folder)
    if list(states) == [CHAMPION] and states[CHAMPION][0] == "ImportedScorecard":
        return card_of(states[CHAMPION][1])  # read without scikit-learn, whose loading takes longer than all the rest
    models = _kept(folder)
    card, calibration = PointsCard.of(models[CHAMPION]), models.get("calibration")
    if calibration is None:
        return card
    shift = float(calibration.parameters["shift"])
    return moved(card, shift, CALIBRATED.format(shift=shift, before=calibration.before, after=calibration.after))


def _kept(folder: str | Path) -> dict[str, Any]:
    models = store.load(folder)
    if CHAMPION not in models:
        raise DataRefused(f"{folder}: found models {sorted(models)}, expected one called {CHAMPION}")
    return models


def scale_of(text: str) -> Scale | None:
    """The scale written SCORE,ODDS,PDO; None for nothing."""
    if not text:
        return None
    try:
        score, odds, pdo = map(float, text.split(","))
    except ValueError:
        raise Misuse(f"scale: found {text!r}, expected SCORE,ODDS,PDO such as 600,19,50") from None
    scale = Scale(score, odds, pdo)
    scale.check()
    return scale


def missing_of(text: str) -> float | str | None:
    """The points of missing values as written: a number, or worst; None for nothing."""
    try:
        return float(text) if text else None
    except ValueError:
        return text


def specials_of(texts: Sequence[str]) -> dict[str, Any]:
    """Codes of special bins as written, DRIVER=CODE|CODE or, for a bin with a name of its own, DRIVER:BIN=CODE|CODE."""
    found: dict[str, Any] = {}
    for text in texts:
        place, equals, codes = text.rpartition("=")
        driver, named, label = place.rpartition(":")
        if not (equals and place and codes):
            raise Misuse(f"specials: found {text!r}, expected DRIVER=CODE|CODE or DRIVER:BIN=CODE|CODE")
        bins = found.setdefault(driver if named else place, {})
        bins[label if named else SPECIAL] = codes.split(SEPARATOR)
    return found


def export_text(card: PointsCard, kind: str, table: str) -> str:
    """The card as the text of a .sql file that reads `table` (SCHEMA.NAME), a .py or a .json file, with its notes."""
    if kind == ".sql":
        notes = "".join(f"-- {ascii(str(note))[1:-1]}\n" for note in card.notes)
        return notes + sql_select(card, table.split("."))
    return python_source(card) if kind == ".py" else to_json(card)


def read_cases(path: Path, card: PointsCard, others: Sequence[str] = ()) -> pd.DataFrame:
    """The table of a .parquet or .csv file, its columns of the kinds the card needs: codes stay text.

    `others` names columns of numbers beside the drivers, in which what stands for nothing is missing too.
    """
    if not path.is_file():
        raise DataRefused(f"{path}: found no such file")
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path)
    text = [driver.name for driver in card.drivers if isinstance(driver.bins, Groups)]
    numbers = [name for name in (*card.names, *others) if name not in text]
    kinds: dict[Any, Any] = dict.fromkeys(text, "str")
    unknown = {**dict.fromkeys(numbers, UNKNOWN), **{name: [""] for name in text}}
    return pd.read_csv(path, encoding=encoding_of(path), dtype=kinds, keep_default_na=False, na_values=unknown)


def scored(card: PointsCard, table: pd.DataFrame) -> pd.DataFrame:
    """The table with `points`, and `probability` where the card gives one."""
    found = table.assign(points=card.points(table))
    return found if card.intercept is None else found.assign(probability=card.probability(table))


def judged_sample(
    card: PointsCard, table: pd.DataFrame, outcome: str, obligor: str = "", weight: str = ""
) -> pd.DataFrame:
    """The scored table as `validation.suite.validate` takes it: probability, outcome (1 = bad), obligor, weight.

    A card without a scale has no probability: risk then stands in its place, its points with more being worse.
    """
    asked = {"outcome": outcome, **({"obligor": obligor} if obligor else {}), **({"weight": weight} if weight else {})}
    if missing := [column for column in asked.values() if column not in table]:
        raise Misuse(f"table: found no columns {missing}; it has {list(table.columns)}")
    told = scored(card, table)
    if card.intercept is None:
        told = told.drop(columns="probability", errors="ignore")  # of another model
        told = told.assign(risk=told["points"] if card.more_is_worse else -told["points"])
    return told.assign(**{name: table[column] for name, column in asked.items()})


def judged_bands(card: PointsCard, sample: pd.DataFrame) -> ScoreBands | None:
    """The score bands of a `judged_sample`, ten of equally many cases; None when no outcome is known."""
    from riskmodels.models.score_bands import Scored, score_bands  # scoring alone needs none of its libraries

    if sample["outcome"].isna().all():
        return None
    obligor = sample["obligor"] if "obligor" in sample and sample["obligor"].notna().all() else None
    cases = Scored(sample["points"], sample["outcome"], obligor=obligor)
    return score_bands({CASES: cases}, higher="riskier" if card.more_is_worse else "safer")
