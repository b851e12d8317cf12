"""What was planted in the demo book stays planted: detection may get better, the truth may not get easier."""

import hashlib
import tomllib

from riskmodels.book.synthetic.law import SUBJECTS, demo_law

SHA256 = "e86a1d31ca1ff8a1d3326118436b6de84924706686ec0fd4a383454711585940"


def test_the_coefficients_of_the_demo_book_are_those_it_was_judged_by(repository):
    file = repository / "riskmodels" / "book" / "synthetic" / "demo_truth.toml"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == SHA256


def test_every_coefficient_is_in_the_file_and_none_beside_it(repository):
    file = repository / "riskmodels" / "book" / "synthetic" / "demo_truth.toml"
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    assert set(told) == set(SUBJECTS)
    for subject, words in told.items():
        assert set(words) == set(vars(getattr(demo_law(), subject)))
