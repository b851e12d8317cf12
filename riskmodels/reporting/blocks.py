"""The blocks a notebook may emit, by name."""

from riskmodels.reporting.block import MIME, Block, from_json
from riskmodels.reporting.body import Cell, Column, Figure, NotRun, Section, Table, Text
from riskmodels.reporting.closing import Findings, Glossary, Identity, Signature, SignOff
from riskmodels.reporting.front import (
    Change,
    Changes,
    Decision,
    Decisions,
    KeyFigure,
    KeyFigures,
    Masthead,
    Opinion,
    Verdicts,
)
from riskmodels.validation.findings import Finding

__all__ = [
    "MIME",
    "Block",
    "Cell",
    "Change",
    "Changes",
    "Column",
    "Decision",
    "Decisions",
    "Figure",
    "Finding",
    "Findings",
    "Glossary",
    "Identity",
    "KeyFigure",
    "KeyFigures",
    "Masthead",
    "NotRun",
    "Opinion",
    "Section",
    "SignOff",
    "Signature",
    "Table",
    "Text",
    "Verdicts",
    "from_json",
]
