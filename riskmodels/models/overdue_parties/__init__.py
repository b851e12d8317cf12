"""Which debtors and clients will be overdue: 30, 60 or 90 days past due in the next 3, 6 or 12 months."""

from riskmodels.models.overdue_parties.model import PartyModel, train
from riskmodels.models.overdue_parties.outcome import overdue_outcomes, rule_of
from riskmodels.models.overdue_parties.sample import PartySample, party_sample

__all__ = ["PartyModel", "PartySample", "overdue_outcomes", "party_sample", "rule_of", "train"]
