"""A file of scored cases as what is judged: no book and no stored model behind it, only what its columns say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodels.core import text
from riskmodels.core.checks import CheckResult
from riskmodels.core.dates import parse_date
from riskmodels.core.environment import code_hash
from riskmodels.core.errors import DataRefused
from riskmodels.core.limits import override_limits
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.pages.judged_people import People
from riskmodels.reporting.pages.judgement import ModelValidation
from riskmodels.reporting.pages.judgement_words import Words
from riskmodels.reporting.pages.page import joined, read_before
from riskmodels.validation.case import PROBABILITY
from riskmodels.validation.findings_file import read_earlier
from riskmodels.validation.frame import matured, repeated
from riskmodels.validation.frame_columns import Columns, parse_columns
from riskmodels.validation.frame_drivers import drivers_of
from riskmodels.validation.suite import default_limits


@dataclass(frozen=True)
class FrameSource:
    """A file of scored cases, what its columns mean, the development sample's file (None without), and its name.

    `currency` is that of its amounts, `until` is the close looked from (None: the last period's, without periods the
    day the file was last written), `asked` are the drivers asked for (all that can be, when empty), `months` how long
    an obligor's outcome takes.
    """

    path: Path
    columns: Columns
    until: date | None = None
    reference: Path | None = None
    asked: tuple[str, ...] = ()
    months: int = 12
    called: str = ""

    currency: str = "CNY"

    lacking = ""
    stored = None
    book = None

    @property
    def name(self) -> str:
        """The name given, else the file's."""
        return self.called or self.path.stem

    @cached_property
    def whole(self) -> pd.DataFrame:
        """All rows of the file."""
        return self.columns.read(self.path)

    @cached_property
    def as_of(self) -> date:
        """The close looked from."""
        if self.until is not None:
            return self.until
        if "period" not in self.whole:
            return self._written
        return self.whole["period"].max().date()  # type: ignore[no-any-return]

    @property
    def _written(self) -> date:
        """The day the file was last written, in UTC: a file without periods has no other."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC).date()

    @cached_property
    def sample(self) -> pd.DataFrame:
        """The rows scored by the close of the date, too young after the last that is known to have ended well."""
        if "period" not in self.whole:
            return self.whole
        seen = self.whole["period"] <= pd.Timestamp(self.as_of)
        if not seen.any():
            first = self.whole["period"].min()
            raise DataRefused(f"{self.path}: found no row scored by {self.as_of}, its first is of {first:%Y-%m-%d}")
        return matured(self.whole)[seen].reset_index(drop=True)

    @cached_property
    def development(self) -> pd.DataFrame | None:
        """The development sample, its columns named as the file's are."""
        if self.reference is None:
            return None
        return self.columns.read_reference(self.reference, self.kind)

    @property
    def kind(self) -> str:
        """Whether the score is a probability or only ranks: probability or points."""
        return PROBABILITY if PROBABILITY in self.whole else "points"

    @cached_property
    def drivers(self) -> tuple[str, ...]:
        """The drivers asked for, else the columns without a role that can be some."""
        return drivers_of(self.sample, self.development, self.asked)

    @property
    def horizon(self) -> int:
        """The months given, where the file tells whose outcome it is and from when."""
        return self.months if {"obligor", "period"} <= set(self.sample) else 0

    @cached_property
    def words(self) -> Words:
        """What the report calls the file's cases."""
        return Words(
            title=_("Validation of {name}").format(name=self.name),
            judged=_("Cases judged"),
            bad=_("Bad cases"),
            definition=joined(self._meaning(), self._undated(), self._early(), self._repeated()),
            compared=self._challenger(),
            quarters=_("By quarter"),
        )

    @property
    def about(self) -> str:
        """The file, the close, and what of it is the score and the outcome."""
        words = _("File {name}, close of {date}; score {score}, outcome {outcome}, {n} rows, sha256 {digest}")
        roles = self.columns.roles
        told = {"name": self.path.name, "date": self.as_of, "score": roles["score"], "outcome": roles["outcome"]}
        return words.format(**told, n=f"{len(self.whole):,}", digest=self.identity["data"])

    @cached_property
    def identity(self) -> dict[str, str]:
        """The score by its column; hashes of the file, with the development sample's, and of the code that judges."""
        told = _("{name}, column {score}; not stored here").format(name=self.name, score=self.columns.roles["score"])
        return {"data": files_hash(self.path, self.reference)[:12], "code": code_hash()[:12], "model": told}

    @property
    def excluded(self) -> tuple[tuple[str, int], ...]:
        """Rows scored after the close."""
        return ((_("Scored after {date}").format(date=self.as_of), len(self.whole) - len(self.sample)),)

    @property
    def defined(self) -> tuple[tuple[str, str], ...]:
        """The outcome's column, what bad is in it and how long it takes, and the score's column."""
        roles, window = self.columns.roles, _("{n} months").format(n=self.horizon)
        rows = [(_("Outcome"), roles["outcome"]), (_("Bad is"), self.columns.meanings.get("bad", "1"))]
        return (*rows, *([(_("Window"), window)] if self.horizon else []), (_("Score"), roles["score"]))

    @property
    def exposure(self) -> float | None:
        """The amounts of the last period, without periods of all rows; None where the file tells none."""
        if "weight" not in self.sample:
            return None
        last = self.sample["period"].eq(self.sample["period"].max()) if "period" in self.sample else slice(None)
        return float(self.sample.loc[last, "weight"].sum())

    def checks(self) -> list[CheckResult]:
        """None beyond those of the sample."""
        return []

    def _meaning(self) -> str:
        """What is bad, and what the score says of it."""
        roles, said = self.columns.roles, self.columns.meanings
        bad = _("Bad: column {outcome} is {bad}; where it is empty, the case is too young to judge.")
        scales = {
            PROBABILITY: _("Column {score} is a probability of bad."),
            "points": _("Column {score} ranks cases, the higher the riskier, and gives no probability."),
        }
        if said.get("higher") == "safer":
            scales = {
                PROBABILITY: _("Column {score} is a probability of good: that of bad is 1 less it."),
                "points": _("Column {score} ranks cases, the higher the safer, and gives no probability."),
            }
        told = {"outcome": roles["outcome"], "score": roles["score"], "bad": said.get("bad", "1")}
        return joined(bad.format(**told), scales[self.kind].format(**told))

    def _undated(self) -> str:
        """That the close is the day the file was last written, where nothing else tells one."""
        if "period" in self.whole or self.as_of != self._written:
            return ""
        words = _("No column tells when cases were scored: the close, {date}, is the day the file was last written.")
        return words.format(date=self.as_of)

    def _early(self) -> str:
        """How many bad outcomes are known of periods whose good ones aren't yet."""
        n = int((self.whole["outcome"].notna() & matured(self.whole)["outcome"].isna()).sum())
        words = ngettext(
            "{n} row is bad already, of periods of which no good end is known: it is too young as the others are.",
            "{n} rows are bad already, of periods of which no good end is known: they are too young as the others are.",
            n,
        )
        return words.format(n=f"{n:,}") if n else ""

    def _repeated(self) -> str:
        n = repeated(self.sample) if "period" in self.sample else 0
        words = ngettext("{n} row repeats an obligor and a period.", "{n} rows repeat an obligor and a period.", n)
        return words.format(n=f"{n:,}") if n else ""

    def _challenger(self) -> str:
        column = self.columns.roles.get("challenger")
        return _("The challenger is column {column}.").format(column=column) if column else ""


def files_hash(*files: Path | None) -> str:
    """The SHA-256 of one file, or of the SHA-256s of several."""
    found = [_digest(file) for file in files if file is not None]
    return found[0] if len(found) == 1 else hashlib.sha256("".join(found).encode()).hexdigest()


def file_validation(
    file: str,
    columns: str,
    as_of: str = "",
    *,
    reference: str = "",
    drivers: str = "",
    limits: str = "",
    horizon: int = 12,
    name: str = "",
    currency: str = "CNY",
    lang: str = "en",
    previous: str = "",
    **people: Any,
) -> ModelValidation:
    """The validation of a model that was not made here, on a file of its scored cases, from the close of `as_of`.

    Without a date it is that of the file's last period, without periods the day the file was last written. `columns`
    says what the file's columns are, as in 'score=p, outcome=y, obligor=id'; see `parse_columns`. `reference` is a file
    of the development sample with the same columns, `drivers` names further ones, parted by commas, `limits` is a TOML
    file of limits in the place of some of the package's, `currency` that of the amounts, `horizon` the months an
    obligor's outcome takes, `people` what a `People` holds.
    """
    text.use(lang)
    day = parse_date(as_of, "as-of") if as_of else None
    asked = tuple(d.strip() for d in drivers.split(",") if d.strip())
    start = Path(reference) if reference else None
    source = FrameSource(Path(file), parse_columns(columns), day, start, asked, horizon, name, currency)
    lines = override_limits(default_limits(), Path(limits)) if limits else {}
    told, earlier = People(**people), read_earlier(previous, str(people.get("findings", "")))
    return ModelValidation(source, source.as_of, lang, read_before(previous), lines, earlier, told)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
