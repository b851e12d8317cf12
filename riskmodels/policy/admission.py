"""Hard rules of admission, beside any score: passed, failed with the row that says so, or not checked.

Rules are judged on what a book knew at a close of business, so a later fact can't turn a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.text import gettext as _
from riskmodels.core.text import mark
from riskmodels.policy.settings import Settings, packaged
from riskmodels.policy.ways import (
    ESTABLISHED,
    IDENTIFIED,
    NEWEST,
    RATED,
    SOLVENT,
    Figures,
    Way,
    no_event,
    no_grave_event,
)

VERDICTS = {"passed": mark("passed"), "failed": mark("failed"), "not_checked": mark("not checked")}
COLUMNS = ["party_id", "role", "rule", "verdict", "reason", "table", "row", "found"]


@dataclass(frozen=True)
class Rule:
    """A hard rule: a party of `role` (client, debtor or core) meets it when one of its `ways` holds.

    `sentence` may name the rule's figures in braces; these stand in `admission.toml` under `name`.
    """

    name: str
    sentence: str
    role: str
    ways: tuple[Way, ...]

    def said(self, figures: Figures) -> str:
        """The sentence a reader sees."""
        return _(self.sentence).format(**figures)


RULES = (
    Rule(
        "core_enterprise_standing",
        mark(
            "A core enterprise is rated at least {rating} by an agency, or had no event of severity {severity} or more "
            "in {months} months"
        ),
        "core",
        (RATED, no_grave_event()),
    ),
    Rule(
        "client_not_bankrupt",
        mark("No bankruptcy of the client in {months} months"),
        "client",
        (no_event("bankruptcy"),),
    ),
    Rule(
        "debtor_not_bankrupt",
        mark("No bankruptcy of the debtor in {months} months"),
        "debtor",
        (no_event("bankruptcy"),),
    ),
    Rule(
        "client_no_enforcement",
        mark("No court enforcement against the client in {months} months"),
        "client",
        (no_event("enforcement"),),
    ),
    Rule(
        "client_equity_free",
        mark("No equity of the client was frozen in {months} months"),
        "client",
        (no_event("equity freeze"),),
    ),
    Rule(
        "client_identified",
        mark("The newest check of each item of the client's identity was passed and has not run out"),
        "client",
        (IDENTIFIED,),
    ),
    Rule("client_established", mark("The client was founded at least {months} months ago"), "client", (ESTABLISHED,)),
    Rule(
        "client_solvent",
        mark("The client's newest balance sheet of the last {months} months shows no negative equity"),
        "client",
        (SOLVENT,),
    ),
)


@dataclass(frozen=True)
class Screening:
    """What the rules found at the close of `as_of`.

    `found` has one row per rule and party of its role: party_id, role, rule, verdict (a key of `VERDICTS`), reason
    (why it was not checked), and of a failed one table, row (its key) and found (what that row says). `said` holds each
    rule's sentence, `empty` why a rule had nobody to judge.
    """

    as_of: date
    found: pd.DataFrame
    said: dict[str, str]
    empty: dict[str, str]

    def of(self, *parties: str) -> pd.DataFrame:
        """The rows of these parties."""
        return self.found[self.found["party_id"].isin(parties)]

    def table(self) -> pd.DataFrame:
        """One row per party and rule that was failed or not checked, failed ones first, in a reader's words."""
        order = self.found["verdict"].map({"failed": 0, "not_checked": 1})
        shown = self.found.assign(order=order).dropna(subset="order").sort_values("order", kind="stable")
        columns = {
            _("party"): shown["party_id"],
            _("rule"): shown["rule"].map(self.said),
            _("verdict"): [_(VERDICTS[v]) for v in shown["verdict"]],
            _("evidence"): [": ".join(filter(None, parts)) for parts in zip(shown["row"], shown["found"])],
            _("reason"): shown["reason"],
        }
        return pd.DataFrame(columns).reset_index(drop=True)

    def summary(self) -> pd.DataFrame:
        """One row per rule: parties passed, failed and not checked, and why nobody was judged if so."""
        counts = self.found.groupby(["rule", "verdict"]).size()
        columns: dict[str, list[str] | list[int]] = {_("rule"): list(self.said.values())}
        for verdict, words in VERDICTS.items():
            columns[_(words)] = [int(counts.get((rule, verdict), 0)) for rule in self.said]
        return pd.DataFrame({**columns, _("reason"): [self.empty.get(rule, "") for rule in self.said]})


def screened(book: Book, as_of: date, settings: Settings | None = None, rules: Sequence[Rule] = RULES) -> Screening:
    """Every party of the book judged by the rules of its role, on what was known at the close of `as_of`.

    `settings` are the rules' figures, by default those of the package.
    """
    seen, figures = book.as_of(as_of), settings or packaged("admission")
    parties = {role: _subjects(seen, role) for role in {rule.role for rule in rules}}
    rows = [_judged(seen, as_of, rule, parties[rule.role], figures.get(rule.name, {})) for rule in rules]
    found = pd.concat([pd.DataFrame(columns=COLUMNS).astype("str"), *rows], ignore_index=True)
    said = {rule.name: rule.said(figures.get(rule.name, {})) for rule in rules}
    nobody = _("no such party is known")
    return Screening(as_of, found, said, {r.name: nobody for r in rules if not len(parties[r.role])})


def _subjects(seen: Book, role: str) -> pd.Series:
    """Parties of a role, sorted: a core enterprise is one that another party hangs on; applicants are clients too."""
    if role == "core":
        heads = (
            f"WITH {NEWEST} SELECT DISTINCT anchor_id AS party_id FROM newest WHERE anchor_id IS NOT NULL ORDER BY 1"
        )
        return seen.sql(heads)["party_id"] if seen.has("parties", "anchor_id") else pd.Series(dtype="str")
    sources = [f"SELECT {role}_id AS party_id FROM invoices"]
    if seen.has("parties", "roles"):
        sources.append(f"SELECT party_id FROM parties WHERE roles IN ('{role}', 'both')")
    if role == "client" and seen.has("applications"):
        sources.append("SELECT client_id FROM applications")
    return seen.sql(f"SELECT DISTINCT party_id FROM ({' UNION ALL '.join(sources)}) ORDER BY 1")["party_id"]


def _judged(seen: Book, day: date, rule: Rule, parties: pd.Series, figures: Figures) -> pd.DataFrame:
    """One row per party: it passes when a way holds, is not checked when one is open, else fails by the last way."""
    answers = [_answer(seen, day, way, parties, figures) for way in rule.ways]
    holds = np.column_stack([a["holds"] for a in answers]).reshape(len(parties), len(answers))
    passed, open_ = (holds == 1).any(axis=1), np.isnan(holds).any(axis=1)
    last = answers[-1]
    frame = last.assign(verdict=np.select([passed, open_], ["passed", "not_checked"], "failed"))
    reason = pd.Series("", index=frame.index, dtype="str")
    for answer in reversed(answers):
        reason = reason.mask(answer["holds"].isna().to_numpy(), answer["reason"])
    frame["reason"] = reason.where(frame["verdict"] == "not_checked", "")
    evidence = ["table", "row", "found"]
    frame[evidence] = frame[evidence].where(frame["verdict"] == "failed", "")
    return frame.assign(role=rule.role, rule=rule.name)[COLUMNS].astype("str")


def _answer(seen: Book, day: date, way: Way, parties: pd.Series, figures: Figures) -> pd.DataFrame:
    """One row per party: holds (1, 0 or missing), table, row, found, and the reason where it is missing."""
    missing = [c for c in way.columns if not seen.has(way.table, c)]
    if missing:
        reason = _("no values of {column} in table {table} were known").format(column=missing[0], table=way.table)
        return _open(parties, way, reason)
    told = way.answer(seen, day, figures).drop_duplicates("party_id").set_index("party_id")
    frame = told.reindex(parties).rename_axis("party_id").reset_index()
    heard = frame["party_id"].isin(told.index)
    silence = np.nan if way.silence is None else float(way.silence)
    holds = frame["holds"].astype(float).where(heard, silence)
    text = frame[["row", "found"]].fillna("")
    return frame.assign(holds=holds, table=way.table, reason=_("nothing is known of it"), **text)


def _open(parties: pd.Series, way: Way, reason: str) -> pd.DataFrame:
    frame = pd.DataFrame({"party_id": parties.to_numpy()})
    return frame.assign(holds=np.nan, table=way.table, row="", found="", reason=reason)
