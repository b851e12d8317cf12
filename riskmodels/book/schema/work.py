"""The desk's own work: applications, the eight stages of a case, and scores as they were given."""

from riskmodels.book.schema.contract import Column, Rule, Table, currency, known_on, not_before, not_negative

STAGES = (
    "application",
    "due diligence",
    "contract",
    "funding",
    "receivable management",
    "term management",
    "risk monitoring",
    "settlement",
)

APPLICATIONS = Table(
    "applications",
    "what clients asked for and what was decided",
    key=("case_id",),
    event="applied_on",
    columns=(
        Column("case_id", "text", "application", required=True),
        Column("client_id", "text", "who applied", required=True, refers_to="parties"),
        Column("applied_on", "date", "day of the application", required=True),
        Column("facility_id", "text", "facility asked for or drawn on", sparse=True),
        Column("invoice_id", "text", "invoice offered; one that was declined isn't in the book", sparse=True),
        currency(),
        Column("amount", "money", "amount asked for", unit="currency"),
        Column("score", "rate", "score at the decision", unit="points", revealed_by="decided_on"),
        Column(
            "decision",
            "text",
            "what was decided",
            allowed=("approved", "declined", "withdrawn"),
            revealed_by="decided_on",
        ),
        Column("officer", "text", "who prepared it"),
        Column("approver", "text", "who decided", revealed_by="decided_on"),
        Column("decided_on", "date", "day of the decision", revealed_by="decided_on"),
        Column(
            "override_reason",
            "text",
            "why the decision isn't what the score says",
            sparse=True,
            revealed_by="decided_on",
        ),
        known_on(),
    ),
    rules=(
        not_negative("amount"),
        not_before("decided_on", "applied_on"),
        not_before("known_on", "applied_on"),
    ),
)

PROCESS_LOG = Table(
    "process_log",
    "stages of a case with their times; a stage that is done again is a further row",
    key=("case_id", "stage", "started_at"),
    event="started_at",
    columns=(
        Column("case_id", "text", "case", required=True),
        Column("client_id", "text", "client of the case", refers_to="parties"),
        Column("stage", "text", "stage", required=True, allowed=STAGES),
        Column("started_at", "stamp", "when the stage began", unit="local time", required=True),
        Column("finished_at", "stamp", "when it ended", unit="local time", revealed_by="finished_at"),
        Column("officer", "text", "who worked on it"),
        Column(
            "outcome",
            "text",
            "how it ended",
            allowed=("passed", "returned", "declined", "withdrawn"),
            revealed_by="finished_at",
        ),
        known_on(),
    ),
    rules=(
        not_before("finished_at", "started_at"),
        Rule(
            "known_not_before_start",
            "known_on >= CAST( started_at AS DATE)",
            "known_on on or after the day of started_at",
        ),
    ),
)

SCORES = Table(
    "scores",
    "scores as they were stored when they were given",
    key=("model_id", "subject_id", "as_of"),
    event="as_of",
    columns=(
        Column("model_id", "text", "model", required=True),
        Column("subject_id", "text", "party or invoice scored", required=True),
        Column("as_of", "date", "close of business it was scored at", required=True),
        Column("score", "rate", "score", unit="points"),
        Column("probability", "rate", "probability", unit="fraction"),
        Column("grade", "text", "grade"),
        known_on(),
    ),
    rules=(
        Rule("probability_is_one", "probability BETWEEN 0 AND 1", "probability between 0 and 1"),
        not_before("known_on", "as_of"),
    ),
)
