"""Honest verdicts on models whose truth is known; two hundred more seeds stand in the certificate."""

import pytest

from riskmodels.validation.opinion import opinion
from tests.validation.planted import FLAWS, GOOD, TINY, flags, judged, powerful

SEEDS = range(10)


@pytest.fixture(scope="module")
def good():
    return [judged(GOOD, seed) for seed in SEEDS]


def test_a_good_model_is_called_adequate_or_minor(good):
    assert sum(opinion(results)[0] in (1, 2) for results in good) >= 9


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda f: f.name)
def test_a_flaw_is_flagged_in_its_section_where_power_promised_it(flaw):
    found = [(powerful(flaw, results), bool(flags(results, flaw.flagged_by))) for results in _drawn(flaw)]
    promised = [flagged for power, flagged in found if power]
    assert len(promised) >= 8
    assert sum(promised) >= len(promised) - 1


def test_no_section_of_a_flaw_is_flagged_on_a_good_model_much_oftener_than_levels_allow(good):
    for flaw in FLAWS:
        assert sum(bool(flags(results, flaw.flagged_by)) for results in good) <= 4, flaw.name


def test_too_few_defaults_are_no_evidence_rather_than_an_opinion():
    assert sum(opinion(results)[0] is None for results in _drawn(TINY)) >= 9


def _drawn(planted):
    return [judged(planted, seed) for seed in SEEDS]
