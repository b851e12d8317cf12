"""Rating transitions: histories, three estimators with intervals, their homogeneity, default over years, re-rating."""

from riskmodels.models.transitions.aalen_johansen import aalen_johansen_matrix
from riskmodels.models.transitions.cohort import Cohorts, cohort_matrix, cohorts
from riskmodels.models.transitions.duration import Generator, duration_matrix, generator
from riskmodels.models.transitions.histories import Histories, rating_histories, worst_of_day
from riskmodels.models.transitions.homogeneity import Homogeneity, counts_homogeneity, time_homogeneity
from riskmodels.models.transitions.matrix import TransitionMatrix
from riskmodels.models.transitions.mobility import bandwidth, mobility_figures, prais_mobility, svd_mobility
from riskmodels.models.transitions.multi_year import PDCurve, default_curve, matrix_curve
from riskmodels.models.transitions.rerating import Hysteresis, as_ratings, rerated
from riskmodels.models.transitions.sources import book_histories, book_ratings, quarterly_histories, score_ratings
from riskmodels.models.transitions.states import States
from riskmodels.models.transitions.tiers import migration, moves, quarterly_moves

__all__ = [
    "Cohorts",
    "Generator",
    "Histories",
    "Homogeneity",
    "Hysteresis",
    "PDCurve",
    "States",
    "TransitionMatrix",
    "aalen_johansen_matrix",
    "as_ratings",
    "bandwidth",
    "book_histories",
    "book_ratings",
    "cohort_matrix",
    "cohorts",
    "counts_homogeneity",
    "default_curve",
    "duration_matrix",
    "generator",
    "matrix_curve",
    "migration",
    "mobility_figures",
    "moves",
    "prais_mobility",
    "quarterly_histories",
    "quarterly_moves",
    "rating_histories",
    "rerated",
    "score_ratings",
    "svd_mobility",
    "time_homogeneity",
    "worst_of_day",
]
