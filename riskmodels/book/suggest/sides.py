"""Tables that a sheet of invoices holds beside them: the payment a settlement date stands for, the advance, the debtor.

A date that says when an invoice was paid becomes a payment; the columns about its debtor become a party.
"""

from __future__ import annotations

from dataclasses import replace

from riskmodels.book.schema import TABLES
from riskmodels.book.suggest.cells import Line, derive, line, text
from riskmodels.book.suggest.formats import Form
from riskmodels.book.suggest.match import SURE, Match, paired, scores
from riskmodels.book.suggest.names import GENERIC, name_scores
from riskmodels.book.suggest.tables import Proposal, table_lines
from riskmodels.book.suggest.values import Profile, fit
from riskmodels.book.suggest.words import normalised, squashed
from riskmodels.book.vocabulary import vocabulary

SUFFIXES = {
    "payments": "settled",
    "advances": "advance",
    "credit_notes": "credit",
    "disputes": "dispute",
    "write_offs": "written-off",
}
"""Facts an invoice's row may tell of, and what the number of one ends in that has none of its own."""
WHOLE = "the whole amount is taken to be paid"
NAMED = (
    "name",
    "industry",
    "region",
    "size",
    "ownership",
    "group_id",
    "anchor_id",
    "external_rating",
)
"""What a ledger may say of a debtor."""


def side_matches(main: dict[str, Match], columns: dict[str, Profile]) -> dict[str, dict[str, Match]]:
    """For each further table that columns unused so far surely speak of: the pairing, its event among it."""
    found: dict[str, dict[str, Match]] = {}
    used = {m.source for m in main.values()}
    for table in SUFFIXES if "invoice_id" in main else ():
        unused = {s: p for s, p in columns.items() if s not in used and squashed(normalised(s)) not in GENERIC}
        sure = {pair: score for pair, score in scores(table, unused).items() if score >= SURE}
        matches = paired(sure)
        if TABLES[table].event in matches and columns[matches[TABLES[table].event].source].filled:
            found[table] = matches
            used |= {m.source for m in matches.values()}
    return found


def side(
    table: str, main: Proposal, matches: dict[str, Match], columns: dict[str, Profile], form: Form, amount: Match | None
) -> Proposal:
    """The further table of a sheet of invoices, its rows those whose event date is filled."""
    matches = {**matches}
    whole = table == "payments" and "amount" not in matches and amount is not None
    if whole and amount is not None:
        matches["amount"] = amount
    lines = [_of_invoice(made, main, table) for made in table_lines(table, matches, columns, form)]
    if whole:
        lines = [replace(made, note=f"{made.note}; {WHOLE}") if made.target == "amount" else made for made in lines]
    return Proposal(table, main.sheet, tuple(lines), when=matches[TABLES[table].event].source)


def _of_invoice(made: Line, main: Proposal, table: str) -> Line:
    """The line that ties a further fact to its invoice, or numbers it after the invoice."""
    invoice = next((entry for entry in main.lines if entry.target == "invoice_id" and entry.filled), None)
    if invoice is None or made.filled:
        return made
    if made.target == "invoice_id":
        return replace(invoice, note="the invoice of the row")
    if made.target == TABLES[table].key[0]:
        numbered = derive(f"{invoice.expression} || '-{SUFFIXES[table]}'", *invoice.sources)
        return replace(made, toml=numbered, note="numbered after its invoice", sources=invoice.sources, filled=True)
    return made


def parties(main: Proposal, columns: dict[str, Profile], used: set[str]) -> Proposal | None:
    """The debtors that a sheet of invoices names, or says more of than their number; None if it says nothing."""
    by_name = {entry.target: entry for entry in main.lines if entry.filled and entry.sources}
    debtor, issued = by_name.get("debtor_id"), by_name.get("issued_on")
    if debtor is None or issued is None:
        return None
    told = _told(debtor.sources[0], columns, used - set(debtor.sources))
    if not told:
        return None
    lines = [
        replace(debtor, target="party_id", note="the debtor of the row"),
        replace(issued, target="valid_from", note="since its first invoice"),
        *(line("parties", name, columns[match.source], match.score) for name, match in told.items()),
        Line("roles", '{ constant = "debtor" }', "debtors only: load clients from a list of their own"),
    ]
    order = {name: i for i, name in enumerate(TABLES["parties"].names)}
    return Proposal("parties", main.sheet, tuple(sorted(lines, key=lambda made: order[made.target])), one_per_key=True)


def _told(debtor: str, columns: dict[str, Profile], used: set[str]) -> dict[str, Match]:
    """What the columns say of the debtor: those that speak of nobody else, and are used for nothing else."""
    found = {}
    for source, profile in columns.items():
        about, rest = _about(source)
        if source in used or (about == "client" and source != debtor):
            continue
        for name in NAMED if source != debtor else ("name",):
            score = max(_party_score(source, name), _party_score(rest, name) if about == "debtor" else 0.0)
            if name == "name" and about == "debtor" and not rest:
                score = SURE  # nothing but "customer": its name, unless that is its number
            if score >= SURE and fit("parties", name, profile) == 1.0 and not _numbered(name, profile):
                found[name, source] = score
    return paired(found)


def _numbered(name: str, profile: Profile) -> bool:
    """Whether what should be names are numbers."""
    return name == "name" and sum(any(map(str.isdigit, p)) for p in profile.plain) > len(profile.plain) / 2


def _party_score(name: str, column: str) -> float:
    return name_scores(name).get(("parties", column), 0.0) if name else 0.0


def _about(source: str) -> tuple[str, str]:
    """Whom a column's name speaks of (debtor, client, nobody), and what is left of the name without that word."""
    name = squashed(normalised(source))
    for role in ("client", "debtor"):
        words = sorted((squashed(normalised(w)) for w in vocabulary()["words"][role]), key=len, reverse=True)
        for word in words:
            if name.startswith(word):
                return role, name[len(word) :]
            if name.endswith(word):
                return role, name[: -len(word)]
    return "", name


def client_name(columns: dict[str, Profile], used: set[str]) -> list[str]:
    """Unused columns with the client's name."""
    named = (s for s in columns if s not in used and _about(s)[0] == "client")
    return [s for s in named if name_scores(s).get(("parties", "name"), 0.0) >= SURE]


def quoted_list(names: list[str]) -> str:
    """Names for a comment."""
    return ", ".join(map(text, names))
