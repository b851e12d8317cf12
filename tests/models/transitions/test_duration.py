import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import poisson

from riskmodels.core.errors import Misuse
from riskmodels.models.transitions import Generator, States, duration_matrix, generator, rating_histories
from tests.models.transitions.rated import STATES, seen, simulated

RATES = np.array([[-0.5, 0.4, 0.1], [0.3, -0.8, 0.5], [0, 0, 0]])


@pytest.fixture(scope="module")
def history():
    return rating_histories(simulated(RATES, 300, 4, 3, STATES, leaving=0.1), STATES)


def test_rates_are_moves_over_years_in_the_grade():
    found = generator(seen(x="0 A 100 B 300 D", y="0 A 200 NR", until=500))
    years = np.array([300, 200, 0]) / 365.25
    assert found.years == pytest.approx(years)
    assert found.moves.tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
    rates = [[-1 / years[0], 1 / years[0], 0], [0, -1 / years[1], 1 / years[1]], [0, 0, 0]]
    assert np.allclose(found.rates, rates)


def test_the_matrix_is_the_exponential_of_the_rates(history):
    for years in (0.25, 1.0, 3.0):
        found = duration_matrix(history, years, interval="delta")
        assert np.allclose(found.p, expm(generator(history).rates * years), rtol=0, atol=1e-14)


def test_the_interval_of_a_rate_is_exact(history):
    found = generator(history)
    table = found.summary(0.9)
    cell = table[(table.iloc[:, 0] == "A") & (table.iloc[:, 1] == "D")].iloc[0]
    events, years = found.moves[0, 2], found.years[0]
    assert poisson.sf(events - 1, cell["low"] * years) == pytest.approx(0.05)
    assert poisson.cdf(events, cell["high"] * years) == pytest.approx(0.05)


def test_no_move_leaves_an_upper_bound_of_the_rate():
    table = generator(seen(x="0 A", until=3652)).summary()
    assert table["rate a year"][1] == table["low"][1] == 0
    assert table["high"][1] == pytest.approx(-np.log(0.025) / (3652 / 365.25))


def test_delta_and_drawn_intervals_agree_where_obligors_are_alike(history):
    delta = duration_matrix(history, 1, interval="delta")
    drawn = duration_matrix(history, 1, replicates=400)
    widths = (drawn.high - drawn.low)[:2] / (delta.high - delta.low)[:2]
    assert np.abs(widths - 1).max() < 0.2


def test_a_grade_without_a_day_is_undefined_and_so_is_all_that_leads_to_it():
    states = States(("A", "B", "C"))
    found = duration_matrix(seen(x="0 A", y="0 B", z="0 B 300 C", until=300, states=states), interval="delta")
    assert np.isnan(found.p[1:3]).all()
    assert found.p[0].tolist() == [1, 0, 0, 0]
    assert np.isnan(found.low[1:3]).all()
    assert found.p[3].tolist() == found.high[3].tolist() == [0, 0, 0, 1]


def test_a_grade_never_entered_is_undefined_and_disturbs_no_other():
    states = States(("A", "B", "C"))
    with_c = duration_matrix(seen(x="0 A 100 B", y="0 B 200 A", until=400, states=states), interval="delta")
    without = duration_matrix(seen(x="0 A 100 B", y="0 B 200 A", until=400), interval="delta")
    assert np.isnan(with_c.p[2]).all()
    assert np.allclose(with_c.p[np.ix_([0, 1], [0, 1, 3])], without.p[:2], rtol=0, atol=1e-15)


def test_the_generator_comes_back_from_its_state(history):
    found = generator(history)
    again = Generator.from_state(found.to_state())
    assert again.rates.tobytes() == found.rates.tobytes()
    assert again.summary().equals(found.summary())


@pytest.mark.parametrize("given", [{"years": 0}, {"years": -1}, {"interval": "wilson"}])
def test_what_can_t_be_estimated_is_refused_in_one_line(history, given):
    with pytest.raises(Misuse, match=r"(interval|years): found"):
        duration_matrix(history, **given)
