"""The tables of a book, declared once: columns, units, keys, allowed values, row rules, when each cell is revealed."""

from collections.abc import Iterable, Mapping

from riskmodels.book.schema.contract import KINDS, Column, Rule, Table
from riskmodels.book.schema.contracts import AMENDMENTS, FACILITIES, GUARANTEES, REGISTRY_HITS
from riskmodels.book.schema.extended import META, HasTables, extended
from riskmodels.book.schema.funding import ADVANCES, FACTOR_ACCOUNTS, FUNDINGS, REPAYMENTS
from riskmodels.book.schema.parties import BANK_FLOWS, FINANCIALS, KYC, MARKET, PARTIES, PARTY_EVENTS, RATINGS
from riskmodels.book.schema.receivables import (
    ACTIONS,
    CREDIT_NOTES,
    DISPUTES,
    INVOICES,
    PAYMENTS,
    RECEIPTS,
    WRITE_OFFS,
)
from riskmodels.book.schema.work import APPLICATIONS, PROCESS_LOG, SCORES

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        PARTIES,
        FACILITIES,
        INVOICES,
        AMENDMENTS,
        REGISTRY_HITS,
        GUARANTEES,
        PAYMENTS,
        RECEIPTS,
        CREDIT_NOTES,
        DISPUTES,
        ADVANCES,
        REPAYMENTS,
        FINANCIALS,
        BANK_FLOWS,
        PARTY_EVENTS,
        MARKET,
        RATINGS,
        ACTIONS,
        WRITE_OFFS,
        PROCESS_LOG,
        APPLICATIONS,
        SCORES,
        KYC,
        FUNDINGS,
        FACTOR_ACCOUNTS,
    )
}
REQUIRED_TABLES = ("invoices",)


def with_packs(packs: Iterable[HasTables]) -> Mapping[str, Table]:
    """The tables of a book with packs, by name: the house's, then theirs."""
    return extended(TABLES, packs)


__all__ = ["KINDS", "META", "REQUIRED_TABLES", "TABLES", "Column", "HasTables", "Rule", "Table", "with_packs"]
