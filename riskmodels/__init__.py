"""Receivables finance risk: a book cut at a date becomes features, models, checks and reports.

The names a quant needs, each brought in on first use:

open_book, load, check_book            a ledger as a book, and what is wrong with it
build_features, assert_no_leak         features as they could be known at a date
train, score, open_model               models kept beside the book
forecast_cash, backtest_cash,          cash to come, what such forecasts were worth,
match_receipts                         and what cash that came pays
ageing_flows, ageing_matrix,           how balances age: monthly flows, where each bucket
forecast_buckets                       stands a month on, and the buckets to come
explain_delays                         why each open invoice is expected so late
validate, validate_payments            every check of a scored sample, and of when invoices are paid
validate_losses, validate_transitions  every check of estimated losses, and of how grades move
monitor                                a model month by month, and what persists
review_overrides                       how grades changed by hand fared
portfolio_review, model_validation,    the reports, page by page
file_validation, data_quality, feature_review,
scorecard_development,
overdue_development,
rating_migration, loss_and_dilution
datasets                               public sets and the demo book, one call each
"""

from riskmodels.core.lazy import from_homes

__version__ = "0.1.0"

_HOMES = {
    "open_book": "book.open:open_book",
    "load": "book.load:load",
    "check_book": "book.quality:check_book",
    "datasets": "datasets:",
    "build_features": "features.engine:build",
    "assert_no_leak": "features.leak:assert_no_leak",
    "train": "models.shelf:train",
    "score": "models.recipes:score",
    "open_model": "models.recipes:open_model",
    "ageing_flows": "models.ageing_transitions:ageing_flows",
    "ageing_matrix": "models.ageing_transitions:ageing_matrix",
    "forecast_buckets": "models.ageing_transitions:forecast_buckets",
    "explain_delays": "reporting.delays:explain_delays",
    "forecast_cash": "models.cash.forecast:forecast_cash",
    "backtest_cash": "models.cash.backtest:backtest_cash",
    "match_receipts": "models.matching:match_receipts",
    "validate": "validation.suite:validate",
    "validate_payments": "validation.timing.checks:validate_payments",
    "monitor": "validation.monitoring:monitor",
    "validate_losses": "validation.losses.suite:validate_losses",
    "validate_transitions": "validation.migration.suite:validate_transitions",
    "review_overrides": "policy.override_outcomes:review_overrides",
    "data_quality": "reporting.pages.quality:data_quality",
    "feature_review": "reporting.pages.features:feature_review",
    "portfolio_review": "reporting.pages.review:portfolio_review",
    "scorecard_development": "reporting.pages.development:scorecard_development",
    "overdue_development": "reporting.pages.overdue:overdue_development",
    "loss_and_dilution": "reporting.pages.losses:loss_and_dilution",
    "model_validation": "reporting.pages.judgement:model_validation",
    "file_validation": "reporting.pages.judged_frame:file_validation",
    "rating_migration": "reporting.pages.migration:rating_migration",
}
__all__ = sorted(_HOMES)
__getattr__ = from_homes(__name__, _HOMES)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
