"""Scorecards as cards of points: carried out to SQL, Python and JSON, and brought in from other tools, unedited."""

from riskmodels.core.lazy import from_homes

_HOMES = {
    "CardDriver": "card:CardDriver",
    "PointsCard": "card:PointsCard",
    "linked": "card:linked",
    "ImportedScorecard": "imported:ImportedScorecard",
    "from_json": "json_file:from_json",
    "to_json": "json_file:to_json",
    "python_source": "python_code:python_source",
    "import_bins": "read:import_bins",
    "import_card": "read:import_card",
    "ANSI": "sql_code:ANSI",
    "SPARK": "sql_code:SPARK",
    "sql_select": "sql_code:sql_select",
}
__all__ = sorted(_HOMES)
__getattr__ = from_homes(__name__, _HOMES)
