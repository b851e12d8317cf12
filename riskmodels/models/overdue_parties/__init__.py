"""Which debtors and clients will be overdue: 30, 60 or 90 days past due in the next 3, 6 or 12 months."""

from riskmodels.models.overdue_parties.outcome import overdue_outcomes
from riskmodels.models.overdue_parties.recipe import OverdueParties
from riskmodels.models.overdue_parties.sample import parties_at, party_sample
from riskmodels.models.overdue_rule import rule_of

__all__ = ["OverdueParties", "overdue_outcomes", "parties_at", "party_sample", "rule_of"]
