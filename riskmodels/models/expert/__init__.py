"""Models for few defaults: what experts know, what a dozen defaults add to it, and how sure one may be."""

from riskmodels.models.expert.drivers import Bins, Driver, Levels, Standard
from riskmodels.models.expert.elicited import ExpertScorecard, without_outcomes
from riskmodels.models.expert.hybrid import HybridScorecard, pd_intervals, portfolio_pd
from riskmodels.models.expert.rank import rank_agreement
from riskmodels.models.expert.readings import Reading, few_default_auc
from riskmodels.models.expert.shadow import ShadowRating

__all__ = [
    "Bins",
    "Driver",
    "ExpertScorecard",
    "HybridScorecard",
    "Levels",
    "Reading",
    "ShadowRating",
    "Standard",
    "few_default_auc",
    "pd_intervals",
    "portfolio_pd",
    "rank_agreement",
    "without_outcomes",
]
