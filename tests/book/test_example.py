"""The example book in the checkout loads, and its columns are those the README tells people to bring."""

from riskmodels.book.load import load
from riskmodels.book.open import open_book


def test_the_example_book_loads_as_it_is(repository, tmp_path):
    folder = repository / "data" / "example"
    loaded = load(folder, tmp_path / "example.duckdb")
    assert set(loaded.rows) == {p.stem for p in folder.glob("*.csv")}
    assert loaded.unused == ()
    assert open_book(tmp_path / "example.duckdb").fingerprint == open_book(folder).fingerprint
