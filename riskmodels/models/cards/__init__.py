"""Scorecards as cards of points: carried out to SQL, Python and JSON, and brought in from other tools, unedited."""

from riskmodels.models.cards.card import CardDriver, PointsCard, linked
from riskmodels.models.cards.imported import ImportedScorecard
from riskmodels.models.cards.json_file import from_json, to_json
from riskmodels.models.cards.python_code import python_source
from riskmodels.models.cards.read import import_bins, import_card
from riskmodels.models.cards.sql_code import ANSI, SPARK, sql_select

__all__ = [
    "ANSI",
    "SPARK",
    "CardDriver",
    "ImportedScorecard",
    "PointsCard",
    "from_json",
    "import_bins",
    "import_card",
    "linked",
    "python_source",
    "sql_select",
    "to_json",
]
