"""Firth's logit against the figures others published, on the same data."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.models.scorecard.firth import firth

# Heinze, Schemper (2002), Statistics in Medicine 21: 2409-2419: 79 cases of endometrial cancer. By histology (1 = high)
# and neovascularisation (which separates the classes: no low grade has it), each case's pulsatility index and height.
ENDOMETRIAL = {
    (0, 0): """
        13 1.64, 16 2.26, 8 3.14, 34 2.68, 20 1.28, 5 2.31, 17 1.8, 10 1.68, 26 1.56, 17 2.31, 8 2.01, 7 1.89,
        20     3.15, 10 1.23, 18 1.27, 16 1.76, 18 2, 28 1.5, 11 1.33, 19 2.37, 10 1.82, 10 3.13, 18 1.31, 14 1.92,
        21     1.64, 11 2.01, 17 1.88, 25 1.93, 16 2.11, 19 1.29, 15 1.72, 33 0.75, 24 1.92, 29 2.02, 15 2.29,
        12 2.33, 3     2.9, 20 1.7, 23 1.41, 12 2.25, 22 1.54, 42 1.97, 15 1.75, 13 2.16, 14 2.57, 19 1.37,
        12 3.61, 13 2.04, 10     2.17
    """,
    (1, 0): """
        8 2.64, 29 0.88, 12 1.27, 20 1.37, 7 0.97, 48 1.84, 12 1.11, 19 1.61, 2 1.18, 21 1.19, 15 1.06, 12 1.69,
        6     1.84, 5 1.3, 17 0.96, 5 0.35, 33 0.85
    """,
    (1, 1): """
        38 0.97, 22 1.14, 7 0.88, 25 0.91, 15 0.58, 22 1.44, 40 1.18, 5 0.93, 0 1.17, 49 0.27, 11 1.01, 21 0.98,
        19     1.02
    """,
}
# Columns case, age, oc, vic, vicl, vis, dia of 239 students, and their count: `sex2` of R's logistf.
URINARY = """
    1111000 3, 1110000 5, 1101111 1, 1101100 1, 1101011 1, 1101010 1, 1101000 2, 1011110 3, 1011100 7,
    1011010 2, 1011001 1, 1011000 15, 1010001 3, 1010000 44, 1001111 1, 1001110 12, 1001100 10, 1001010 3,
    1001000 14, 1000010 1, 0111110 2, 0111000 1, 0110010 1, 0110000 14, 0101110 4, 0101100 2, 0011110 6,
    0011100 5, 0011000 1, 0010010 1, 0010000 42, 0001110 18, 0001100 8, 0001010 1, 0001000 2, 0000010 1
"""


@pytest.fixture(scope="module")
def endometrial():
    cases = [(nv, *map(float, case.split()), hg) for (hg, nv), text in ENDOMETRIAL.items() for case in text.split(",")]
    frame = pd.DataFrame(cases, columns=["NV", "PI", "EH", "HG"])
    return firth(frame[["NV", "PI", "EH"]], frame["HG"])


@pytest.fixture(scope="module")
def urinary():
    cells = [cell.split() for cell in URINARY.split(",")]
    frame = pd.DataFrame([list(map(int, pattern)) for pattern, _ in cells])
    frame.columns = ["case", "age", "oc", "vic", "vicl", "vis", "dia"]
    return firth(frame.drop(columns="case"), frame["case"], weight=[int(count) for _, count in cells])


def test_the_separated_endometrial_cases_give_logistf_s_estimates(endometrial):
    # logistf: (Intercept), NV, PI, EH; Heinze and Schemper print 3.77, 2.93, -0.03, -2.60
    assert endometrial.estimates == pytest.approx([3.77455951, 2.92927330, -0.03475175, -2.60416387], rel=1e-5)


def test_the_separated_endometrial_cases_give_logistf_s_profile_intervals(endometrial):
    # logistf; Heinze and Schemper print (0.61, 7.85) for NV
    expected = [(1.0825371, 7.20928050), (0.6097244, 7.85463171), (-0.1244587, 0.04045547), (-4.3651832, -1.23272106)]
    assert np.column_stack([endometrial.low, endometrial.high]) == pytest.approx(np.array(expected), rel=1e-5)


def test_the_urinary_cases_give_logistf_s_estimates_from_counts(urinary):
    expected = [0.12025405, -1.10598131, -0.06881673, 2.26887464, -2.11140817, -0.78831694, 3.09601166]
    assert urinary.estimates == pytest.approx(expected, rel=1e-5)
    assert urinary.log_likelihood == pytest.approx(-132.5394, abs=5e-5)


def test_the_urinary_cases_give_logistf_s_intervals_and_p_values(urinary):
    low = [-0.8185591, -1.9737884, -0.9414363, 1.2730216, -3.2608611, -1.6080879, 0.7745682]
    high = [1.07315122, -0.30742514, 0.78920202, 3.43543273, -1.11773495, 0.01518468, 8.03029352]
    assert urinary.low == pytest.approx(low, rel=1e-5)
    assert urinary.high == pytest.approx(high, rel=1e-5)
    p_values = [8.020268e-01, 6.143472e-03, 8.751911e-01, 1.678877e-06, 1.237805e-05, 5.449701e-02, 4.951873e-03]
    assert urinary.p_values == pytest.approx(p_values, rel=1e-5)


def test_the_urinary_cases_give_the_standard_errors_of_the_plain_information(urinary):
    # firthlogist 0.5, README: errors from the inverse of Fisher's information
    expected = [0.485542, 0.42366, 0.443793, 0.548416, 0.543082, 0.417368, 1.67501]
    assert np.sqrt(np.diag(urinary.covariance)) == pytest.approx(expected, rel=1e-5)
