"""Reason codes: the drivers that cost a case its points, in the desk's own words."""

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import Misuse
from riskmodels.core.text import use
from riskmodels.models.binning import Binner, feature
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.reasons import (
    losses,
    read_reason_codes,
    reason_codes,
    reason_codes_of,
    reference_points,
)

WORDS = {
    "late_share": {
        "code": "R01",
        "en": "Invoices were often paid late",
        "zh": "逾期付款较多",
        "missing": {"code": "R09", "en": "No payment history", "zh": "没有付款记录"},
    },
    "age": {"code": "R02", "en": "The relationship is young", "zh": "合作时间较短"},
    "sector": {"code": "R03", "en": "The sector is risky", "zh": "行业风险较高"},
}


@pytest.fixture(scope="module")
def card(applicants):
    return Scorecard(Binner(specials={"age": [-1]})).fit(*applicants)


def codes(**heads):
    return reason_codes_of({**heads, "reasons": WORDS})


def case(**values):
    return pd.DataFrame({"late_share": [0.1], "age": [29.0], "sector": ["trade"]}).assign(**values)


def test_the_greatest_loss_is_named_first(card, applicants):
    X, _ = applicants
    found = reason_codes(card, X, codes(reference="best"))
    parts, best = card.partial_scores(X), reference_points(card, "best")
    lost = pd.DataFrame(best - parts[list(card.logit_.drivers)].to_numpy(), X.index, card.logit_.drivers)
    first = found[found["rank"] == 1].set_index("case")
    named = {"R01": "late_share", "R09": "late_share", "R02": "age", "R03": "sector"}
    assert first["points_lost"].equals(lost.max(axis=1)[first.index].rename("points_lost"))
    assert (first["points_lost"] == [lost.loc[i, named[c]] for i, c in first["code"].items()]).all()
    assert (found.groupby("case")["points_lost"].diff().dropna() <= 0).all()


def test_only_losses_are_named(card, applicants):
    X, _ = applicants
    for reference in ("mean", "best", "neutral"):
        assert (reason_codes(card, X, codes(reference=reference))["points_lost"] >= 1).all()
    best = X.loc[[int(card.points(X).argmax())]]
    assert reason_codes(card, best, codes(reference="mean")).empty


def test_a_loss_below_the_least_is_not_named(card, applicants):
    X, _ = applicants
    few = reason_codes(card, X, codes(least=30.0))
    assert (few["points_lost"] >= 30).all()
    assert 0 < len(few) < len(reason_codes(card, X, codes()))


def test_no_more_codes_than_asked_for(card, applicants):
    found = reason_codes(card, applicants[0], codes(top=1, reference="best"))
    assert found["case"].is_unique
    assert (found["rank"] == 1).all()


def test_references_are_the_mean_the_best_and_the_neutral_points(card, applicants):
    X, _ = applicants
    parts = card.partial_scores(X).drop(columns="base")
    assert reference_points(card, "mean") == pytest.approx(parts.mean().to_numpy())
    assert reference_points(card, "best").tolist() == parts.max().tolist()
    assert reference_points(card, "neutral").tolist() == [0, 0, 0]


def test_a_shift_of_points_changes_no_loss(card, applicants):
    X, _ = applicants
    shifted = Scorecard.from_state(card.to_state()).set_params(least_points=5)
    for reference in ("mean", "best", "neutral"):
        plain, moved = (reason_codes(c, X, codes(reference=reference)) for c in (card, shifted))
        pd.testing.assert_frame_equal(plain, moved)


def test_a_missing_value_has_its_own_reason(card):
    found = reason_codes(card, case(late_share=np.nan), codes(reference="best"))
    assert found.loc[found["code"] == "R09", "reason"].tolist() == ["No payment history"]
    assert "R01" not in set(found["code"])


def test_without_a_reason_for_missing_the_driver_s_own_is_given(card):
    found = reason_codes(card, case(age=np.nan), codes(reference="best"))
    assert "R02" in set(found["code"])


def test_what_was_never_seen_and_special_codes_lose_what_their_bins_lose(card):
    strange = case(sector="shipping", age=-1.0)
    found = reason_codes(card, strange, codes(reference="best")).set_index("code")["points_lost"]
    parts, best = card.partial_scores(strange), dict(zip(card.logit_.drivers, reference_points(card, "best")))
    assert feature(card.binner_, "sector").bins.codes(strange["sector"]).tolist() == [
        feature(card.binner_, "sector").bins.size - 1
    ]
    assert found["R03"] == best["sector"] - parts["sector"].iloc[0]
    assert found["R02"] == best["age"] - parts["age"].iloc[0]


def test_a_special_code_can_have_a_reason_of_its_own(card):
    young = {**WORDS["age"], "specials": {"-1": {"code": "R08", "en": "Its age is unknown", "zh": "年限不详"}}}
    told = reason_codes_of({"reference": "best", "reasons": {**WORDS, "age": young}})
    cases = pd.concat([case(age=-1.0), case(age=1.5), case(age=np.nan)], ignore_index=True)
    found = reason_codes(card, cases, told)
    of_age = found[found["code"].isin(["R02", "R08"])].set_index("case")["code"].to_dict()
    assert of_age == {0: "R08", 1: "R02", 2: "R02"}
    usual = reason_codes(card, cases, codes(reference="best"))
    assert found["points_lost"].tolist() == usual["points_lost"].tolist()


def test_a_reason_for_a_code_that_is_none_of_the_card_s_is_refused(card):
    for code in ("-99", "n/a"):
        young = {**WORDS["age"], "specials": {code: {"code": "R08", "en": "x", "zh": "x"}}}
        with pytest.raises(
            Misuse, match=rf"age: specials: found \['{code}'\], expected special codes of the card: \[-1"
        ):
            reason_codes(card, case(), reason_codes_of({"reasons": {**WORDS, "age": young}}))


def test_equal_losses_are_told_in_the_card_s_order():
    lost = losses(np.array([[0, 0, 5]]), np.array([7.0, 7.0, 5.0]), np.array([[0, 1, 2]]))
    assert lost.tolist() == [[7, 7, 0]]


def test_drivers_that_share_a_code_are_named_once_with_their_losses_added(card, applicants):
    X, _ = applicants
    same = {"code": "R1", "en": "Behaviour", "zh": "行为"}
    shared = reason_codes_of({"reasons": {"late_share": same, "age": same, "sector": WORDS["sector"]}})
    found = reason_codes(card, X, shared)
    apart = reason_codes(card, X, codes(least=0.001))
    assert not found.duplicated(["case", "code"]).any()
    both = apart[apart["code"] != "R03"].groupby("case")["points_lost"].sum()
    told = found[found["code"] == "R1"].set_index("case")["points_lost"]
    assert told.to_dict() == pytest.approx(both[both >= 1].to_dict())


def test_sentences_are_in_the_language_in_force(card):
    use("zh")
    try:
        assert reason_codes(card, case(sector="mining"), codes(reference="best"))["reason"].tolist()[0] in (
            "逾期付款较多",
            "行业风险较高",
            "合作时间较短",
        )
    finally:
        use("en")


def test_codes_are_read_from_a_file(card, tmp_path, applicants):
    path = tmp_path / "reasons.toml"
    path.write_text(
        'reference = "best"\ntop = 2\n'
        '[reasons.late_share]\ncode = "R01"\nen = "Invoices were often paid late"\nzh = "逾期付款较多"\n'
        '[reasons.late_share.missing]\ncode = "R09"\nen = "No payment history"\nzh = "没有付款记录"\n'
        '[reasons.age]\ncode = "R02"\nen = "The relationship is young"\nzh = "合作时间较短"\n'
        '[reasons.age.specials."-1"]\ncode = "R08"\nen = "Its age is unknown"\nzh = "年限不详"\n'
        '[reasons.sector]\ncode = "R03"\nen = "The sector is risky"\nzh = "行业风险较高"\n',
        encoding="utf-8",
    )
    young = {**WORDS["age"], "specials": {"-1": {"code": "R08", "en": "Its age is unknown", "zh": "年限不详"}}}
    told = {"reference": "best", "top": 2, "reasons": {**WORDS, "age": young}}
    assert read_reason_codes(path) == reason_codes_of(told)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"reasons": {"age": {"code": "R1", "en": "x"}}}, r"age: found \['code', 'en'\], expected code, en and zh"),
        ({"reasons": {"age": {"code": "R1", "en": "x", "zh": " "}}}, "none of them empty"),
        ({"reasons": {"age": "R1"}}, r"age: found \[\], expected code"),
        ({"reasons": {"age": {**WORDS["age"], "specials": "R8"}}}, "age.specials: found 'R8', expected a table"),
        ({"reasons": {"age": {**WORDS["age"], "specials": {"-1": {}}}}}, r"age.specials.-1: found \[\], expected code"),
        ({"tops": 3, "reasons": {}}, r"found \['tops'\], expected reference, top, least and reasons"),
        ({"reference": "median", "reasons": {}}, "reference: found 'median', expected one of mean, best, neutral"),
        ({"top": 0, "reasons": {}}, "found top 0 and least 1.0"),
    ],
)
def test_codes_that_can_t_be_used_are_refused_where_they_stand(told, words):
    with pytest.raises(Misuse, match=words):
        reason_codes_of(told)


def test_one_code_with_two_sentences_is_refused():
    other = {**WORDS["age"], "code": "R03"}
    with pytest.raises(Misuse, match="found two sentences for the code R03"):
        reason_codes_of({"reasons": {**WORDS, "age": other}})


def test_a_driver_without_a_code_is_refused_by_name(card, applicants):
    few = reason_codes_of({"reasons": {"age": WORDS["age"]}})
    with pytest.raises(Misuse, match=r"reasons: found none for \['late_share', 'sector'\]"):
        reason_codes(card, applicants[0], few)


def test_a_file_that_is_no_toml_is_refused_in_one_line(tmp_path):
    path = tmp_path / "reasons.toml"
    path.write_text("[reasons", encoding="utf-8")
    with pytest.raises(Misuse, match="found no TOML that can be read"):
        read_reason_codes(path)
