"""Planted frauds look as they were planted, honest look-alikes stay honest, and only the truth says which is which."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.synthetic import Synthetic, synthesise
from riskmodels.book.synthetic.law import demo_law

SEEDS = (1, 2, 3)
LAW = demo_law()


@pytest.fixture(scope="module")
def books() -> dict[int, Synthetic]:
    return {seed: synthesise(40_000, seed, date(2026, 6, 30), 48) for seed in SEEDS}


@pytest.fixture(scope="module")
def invoices(books: dict[int, Synthetic]) -> pd.DataFrame:
    """Every invoice of the books with its label, `kind` (none for honest ones) and `alike`."""
    frames = []
    for seed, book in books.items():
        alike = book.truth["look_alikes"].rename(columns={"kind": "alike", "ring": "cycle"})
        labels = book.truth["frauds"].drop(columns="client_id")
        frame = book.tables["invoices"].merge(labels, on="invoice_id", how="left")
        frames.append(frame.merge(alike, on="invoice_id", how="left").assign(seed=seed))
    whole = pd.concat(frames, ignore_index=True)
    return whole.assign(kind=whole["kind"].fillna("none"), alike=whole["alike"].fillna("none"))


def near(found: pd.Series, share: float) -> bool:
    """Whether a share was met within three standard errors."""
    return abs(found.mean() - share) <= 3 * np.sqrt(share * (1 - share) / len(found))


def first_presentations(invoices: pd.DataFrame) -> pd.DataFrame:
    """Each second presentation beside the invoice it presents again (columns ending in _first)."""
    again = invoices[invoices["copy_of"].notna()]
    return again.merge(invoices, left_on=["seed", "copy_of"], right_on=["seed", "invoice_id"], suffixes=("", "_first"))


def test_every_kind_of_fraud_and_of_look_alike_is_there(invoices: pd.DataFrame):
    kinds = {"none", "double financing", "pledged elsewhere", "fresh air", "pre-invoicing", "circular trade"}
    assert set(invoices["kind"]) == kinds
    assert set(invoices["alike"]) == {"none", "equal twin", "slow acceptance", "true cycle", "services"}
    assert not ((invoices["kind"] != "none") & (invoices["alike"] != "none")).any()


def test_a_second_presentation_is_the_same_receivable_under_another_identifier(invoices: pd.DataFrame):
    pairs = first_presentations(invoices)
    assert len(pairs) > 50
    for column in ("client_id", "debtor_id", "amount", "issued_on", "due_on", "currency"):
        assert (pairs[column] == pairs[f"{column}_first"]).all()
    assert (pairs["known_on"] > pairs["known_on_first"]).all()
    assert near(pairs["number"] != pairs["number_first"], LAW.frauds.altered)
    same = pairs["number"] == pairs["number_first"]
    assert (pairs["tax_invoice_code"] == pairs["tax_invoice_code_first"])[same].all()


def test_twins_share_day_and_amount_but_never_the_number(invoices: pd.DataFrame):
    genuine = invoices[invoices["kind"] == "none"]
    key = ["seed", "client_id", "debtor_id", "amount", "issued_on"]
    twins = genuine[genuine["alike"] == "equal twin"]
    assert genuine.merge(twins[key].drop_duplicates(), on=key)["number"].nunique() >= 2 * len(twins) * 0.99
    assert not genuine.duplicated(["seed", "number", "tax_invoice_code"]).any()


def test_who_is_labelled_for_a_second_presentation_has_one_and_every_twin_has_its_like(invoices: pd.DataFrame):
    double = invoices[invoices["kind"] == "double financing"]
    firsts = double[double["copy_of"].isna()]
    assert len(firsts) == double["copy_of"].notna().sum() == len(first_presentations(double))
    same = invoices.groupby(["seed", "client_id", "debtor_id", "issued_on", "amount"])["invoice_id"].transform("size")
    assert (same[invoices["alike"] == "equal twin"] > 1).all()


def test_the_naive_rule_for_double_financing_raises_false_alarms(invoices: pd.DataFrame):
    key = ["seed", "client_id", "debtor_id", "amount", "issued_on"]
    caught = invoices[invoices.duplicated(key, keep=False)]
    assert 0.05 < (caught["alike"] == "equal twin").mean() < 0.6


def test_invented_invoices_lack_the_papers_of_delivery_as_often_as_planted(invoices: pd.DataFrame):
    checked = invoices[invoices["verified_on"].notna()]
    invented = checked[checked["kind"].isin(["fresh air", "circular trade"])]
    shown = LAW.documents.logistics * LAW.false_papers.logistics
    assert near(invented["has_logistics"].astype(bool), shown)
    honest = checked[(checked["kind"] == "none") & (checked["alike"] != "services")]
    assert near(honest["has_logistics"].astype(bool), LAW.documents.logistics)


def test_invented_amounts_are_round(invoices: pd.DataFrame):
    invented = invoices[invoices["kind"] == "fresh air"]
    assert (invented["amount"] % 10_000 == 0).all()
    honest = invoices[invoices["kind"] == "none"]
    assert (honest["amount"] % 10_000 == 0).mean() < 0.05


def test_services_are_as_round_and_as_bare_of_delivery_but_accepted(invoices: pd.DataFrame):
    services = invoices[invoices["alike"] == "services"]
    assert len(services) > 300
    assert (services["amount"] % 10_000 == 0).all()
    assert not services["has_logistics"].fillna(False).any()
    assert services["has_acceptance"].dropna().mean() > 0.7


@pytest.mark.parametrize(("column", "name", "spread"), [("kind", "circular trade", 0.1), ("alike", "true cycle", 0.5)])
def test_cycles_close_and_only_staged_ones_carry_one_amount_round(
    invoices: pd.DataFrame, column: str, name: str, spread: float
):
    ring = "ring" if column == "kind" else "cycle"
    cycle = invoices[invoices[column] == name]
    assert len(cycle) > 30
    for _, trades in cycle.groupby(["seed", ring]):
        if trades["client_id"].nunique() == 3:
            assert set(trades["client_id"]) == set(trades["debtor_id"])
    variation = cycle.groupby(["seed", ring])["amount"].apply(lambda a: np.log(a).diff().abs().median())
    assert (variation.median() < spread) == (column == "kind")


def test_a_registration_stands_before_issue_where_pledged_elsewhere_and_after_it_where_mistaken(
    books: dict[int, Synthetic], invoices: pd.DataFrame
):
    hits = pd.concat([b.tables["registry_hits"].assign(seed=s) for s, b in books.items()]).dropna(subset=["invoice_id"])
    known = hits.merge(invoices, on=["seed", "invoice_id"])
    pledged = known["kind"] == "pledged elsewhere"
    first = known["registered_on_x"] <= known["issued_on"]
    assert first[pledged].groupby([known["seed"], known["invoice_id"]]).any().all()
    assert not first[~pledged].any()
    assert (~pledged).sum() > 50


def test_invoices_before_delivery_are_accepted_and_paid_later(books: dict[int, Synthetic], invoices: pd.DataFrame):
    wait = (invoices["accepted_on"] - invoices["issued_on"]).dt.days
    assert wait[invoices["kind"] == "pre-invoicing"].median() > 30
    assert wait[invoices["alike"] == "slow acceptance"].median() > 30
    assert wait[(invoices["kind"] == "none") & (invoices["alike"] == "none")].median() < 8
    payments = pd.concat([b.tables["payments"].assign(seed=s) for s, b in books.items()])
    paid = payments.groupby(["seed", "invoice_id"], as_index=False)["paid_on"].max()
    late = invoices.merge(paid, on=["seed", "invoice_id"])
    days = (late["paid_on"] - late["due_on"]).dt.days
    lag = days[late["kind"] == "pre-invoicing"].median() - days[late["kind"] == "none"].median()
    assert LAW.frauds.early_from - 5 < lag < LAW.frauds.early_to + 5


def test_no_debtor_defaults_for_anothers_fraud(books: dict[int, Synthetic]):
    for book in books.values():
        staged = book.truth["frauds"].query("kind in ('fresh air', 'circular trade') or copy_of.notna()")["invoice_id"]
        due = book.tables["invoices"].set_index("invoice_id")["due_on"].reindex(staged)
        paid = book.tables["payments"].groupby("invoice_id")["amount"].sum().reindex(staged, fill_value=0)
        noted = book.tables["credit_notes"].groupby("invoice_id")["amount"].sum().reindex(staged, fill_value=0)
        amount = book.tables["invoices"].set_index("invoice_id")["amount"].reindex(staged)
        old = due < pd.Timestamp("2026-06-30") - pd.Timedelta(days=90)
        assert np.allclose((paid + noted)[old], amount[old])


def test_worse_clients_commit_frauds_more_often():
    """Clients' log-odds of offending fall by the planted effect for a unit of quality, within three standard errors."""
    import statsmodels.api as sm

    from riskmodels.book.synthetic.clock import clock
    from riskmodels.book.synthetic.failure import FAR
    from riskmodels.book.synthetic.frauds.commit import draw_offenders

    quality = np.random.default_rng(1).normal(size=40_000)
    time = clock(date(2026, 6, 30), 48)
    drawn = draw_offenders(LAW, 1, quality, np.full(quality.size, FAR), time)
    fit = sm.Logit((drawn.kind > 0).astype(float), sm.add_constant(quality)).fit(disp=0)
    # drawn without replacement the effect is a little weaker: the allowance is a tenth of it
    assert abs(fit.params[1] - LAW.frauds.quality) < 3 * fit.bse[1] + 0.1 * abs(LAW.frauds.quality)


def test_without_frauds_there_are_none_and_as_many_invoices():
    off = dict.fromkeys(("frauds.clients", "frauds.rings"), 0.0)
    off |= dict.fromkeys(("look_alikes.twins", "look_alikes.cycles", "look_alikes.services"), 0.0)
    book = synthesise(5_000, 1, date(2026, 6, 30), 24, **off)
    assert len(book.tables["invoices"]) == 5_000
    assert not len(book.truth["frauds"])
    assert set(book.truth["look_alikes"]["kind"]) <= {"slow acceptance"}


def test_no_table_of_the_book_names_a_fraud(books: dict[int, Synthetic]):
    words = {"fraud", "fresh air", "pre-invoicing", "circular", "double financing"}
    for frame in books[1].tables.values():
        for column in frame.select_dtypes("str"):
            seen = frame[column].dropna().unique()[:2000]
            assert not any(word in cell for cell in seen for word in words)


def test_an_identifier_tells_nothing_of_a_fraud(books: dict[int, Synthetic], invoices: pd.DataFrame):
    """Among the invoices of a day and the hits of the register, the order of identifiers is as good as a coin."""
    ordered = invoices.sort_values(["seed", "issued_on", "invoice_id"])
    day = ordered.groupby(["seed", "issued_on"])["invoice_id"]
    place = (day.cumcount() + 0.5) / day.transform("size")
    for label in (ordered["kind"] != "none", ordered["alike"] != "none"):
        assert abs(place[label].mean() - 0.5) < 4 * np.sqrt(1 / 12 / label.sum())
    for book in books.values():
        assert book.tables["registry_hits"].sort_values("hit_id")["registered_on"].is_monotonic_increasing
        assert book.tables["credit_notes"].sort_values("note_id")["known_on"].is_monotonic_increasing
