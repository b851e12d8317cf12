"""Who a report is: the names, dates and hashes every page of it carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from riskmodels.core import text
from riskmodels.reporting.words import report_word

T = TypeVar("T")


@dataclass(frozen=True)
class RunHeader:
    """The identity of one run of one report; `downloads` are file names beside the page."""

    report: str
    as_of: date
    run_id: str
    language: str = "en"
    subject: str = ""
    downloads: tuple[str, ...] = ("tables.xlsx", "result.json")
    tag: str = ""
    data_hash: str = ""
    code: str = ""
    previous_run: str = ""

    @property
    def title(self) -> str:
        """The report's name as a reader of the language in force sees it."""
        return report_word(self.report)

    def speak(self, say: Callable[[], T]) -> T:
        """What `say` returns, said in the language of the run; the caller's language stays as it was."""
        return text.said_in(self.language, say)
