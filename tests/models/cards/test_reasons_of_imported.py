"""Reason codes of a card that came without its sample: against the best bin, or a neutral one where WoE are told."""

from dataclasses import replace

import pandas as pd
import pytest

from riskmodels.core.errors import Misuse
from riskmodels.models.binning import Cuts, Groups
from riskmodels.models.cards import CardDriver, ImportedScorecard, PointsCard
from riskmodels.models.scorecard.reasons import reason_codes, reason_codes_of, reference_points
from tests.models.cards.made import rows_for

AGE = CardDriver("age", Cuts((30.0, 50.0)), (-20, 4, 30, -5), woe=(0.8, -0.2, -1.0, None))
SECTOR = CardDriver("sector", Groups((("trade",), ("mining",))), (12, -8, -30, -30))
CARD = PointsCard((AGE, SECTOR), 500)
WORDS = {
    "age": {
        "code": "R1",
        "en": "The relationship is young",
        "zh": "合作时间较短",
        "missing": {"code": "R9", "en": "Its length is unknown", "zh": "合作时间不详"},
    },
    "sector": {"code": "R2", "en": "The sector is risky", "zh": "行业风险较高"},
}
CASES = pd.DataFrame({"age": [25.0, None, 60.0], "sector": ["trade", "mining", "shipping"]}, index=["a", "b", "c"])


def codes(reference, drivers=("age", "sector")):
    return reason_codes_of({"reference": reference, "reasons": {d: WORDS[d] for d in drivers}})


def told(card, reference="best"):
    found = reason_codes(ImportedScorecard(card), CASES, codes(reference))
    return {case: dict(zip(rows["code"], rows["points_lost"])) for case, rows in found.groupby("case")}


def test_losses_are_counted_from_the_best_bin():
    assert told(CARD) == {"a": {"R1": 50}, "b": {"R9": 35, "R2": 20}, "c": {"R2": 42}}


def test_where_more_points_are_worse_the_best_bin_has_the_fewest():
    turned = [replace(d, points=tuple(-p for p in d.points)) for d in CARD.drivers]
    assert told(replace(CARD, drivers=tuple(turned), more_is_worse=True)) == told(CARD)


def test_the_neutral_bin_lies_between_the_bins_on_either_side_of_a_woe_of_0():
    alone = ImportedScorecard(PointsCard((AGE,)))
    assert reference_points(alone, "neutral").tolist() == pytest.approx([4 - 0.2 * 24])
    at_zero = replace(AGE, woe=(0.8, 0.0, -1.0, None))
    assert reference_points(ImportedScorecard(PointsCard((at_zero,))), "neutral").tolist() == [4]


def test_the_neutral_bin_of_a_scorecard_s_own_card_is_the_scorecard_s_to_a_rounding(scorecard):
    given = reference_points(ImportedScorecard(PointsCard.of(scorecard)), "neutral")
    assert given == pytest.approx(reference_points(scorecard, "neutral"), abs=0.5)


def test_a_scorecard_s_own_card_names_its_reasons(scorecard):
    model = ImportedScorecard(PointsCard.of(scorecard))
    drivers = list(scorecard.logit_.drivers)
    words = {d: {"code": f"R{i}", "en": d, "zh": d} for i, d in enumerate(drivers)}
    best = reason_codes_of({"reference": "best", "least": 0.5, "top": len(drivers), "reasons": words})
    X = rows_for(model.points_card, 200)
    lost = reason_codes(model, X, best).groupby("case")["points_lost"].sum().reindex(X.index, fill_value=0)
    full = model.points_card.base + reference_points(model, "best").sum()
    assert (full - lost).tolist() == model.points(X).tolist()


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("mean", "found 'mean' of a card without its sample, expected 'best'"),
        ("neutral", "found 'neutral', but sector tells no WoE on both sides of 0, expected 'best'"),
    ],
)
def test_a_reference_the_card_can_t_tell_is_refused_with_the_one_to_ask_for(reference, words):
    with pytest.raises(Misuse, match=words):
        reason_codes(ImportedScorecard(CARD), CASES, codes(reference))
