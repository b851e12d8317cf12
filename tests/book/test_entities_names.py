"""Names of companies taken apart, scored and grouped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodels.book.entities.groups import group_names
from riskmodels.book.entities.judge import judge, judge_records
from riskmodels.book.entities.lookalikes import noisy_names
from riskmodels.book.entities.name import normalise
from riskmodels.book.entities.score import corpus_of, score


def together(*names: str) -> set[frozenset[str]]:
    """The groups found among the names."""
    return {frozenset(names[m] for m in g.members) for g in group_names(names)}


@pytest.mark.parametrize(
    "names",
    [
        ("甲子机械有限公司", "甲子机械有限责任公司", "甲子机械股份有限公司", "甲子机械", "甲子 机械（集团）有限公司"),
        ("甲子机械D0001有限公司", "甲子机械Ｄ０００１有限公司", "甲子机械d001"),
        ("上海甲子机械有限公司", "甲子机械（上海）有限公司", "上海市甲子机械有限公司"),
        ("第一纺织厂", "第1纺织厂"),
        ("Acme Harvest Inc.", "ACME HARVEST, L.L.C.", "acme harvest corporation", "Harvest Acme", "Acme Harvest in"),
        ("Wal-Mart Stores, Inc.", "WALMART STORES", "Wal Mart Stores LLC"),
        ("Golden Field Manufacturing Co., Ltd.", "Golden Field Mfg.", "Goldne Field Manufacturing Ltd"),
        ("Müller GmbH", "MÜLLER G.m.b.H."),
        ("Smith's Dairy Pty Ltd", "Smiths Dairy", "SMITH’S DAIRY"),
    ],
)
def test_ways_to_write_one_company_come_together(names):
    assert together(*names) == {frozenset(names)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲子机械D0001有限公司", "甲子机械D0011有限公司"),
        ("甲子机械有限公司", "甲子电子有限公司"),
        ("甲子机械有限公司", "甲丑机械有限公司"),
        ("昌锦贸易有限公司", "锦昌贸易有限公司"),
        ("上海甲子机械有限公司", "北京甲子机械有限公司"),
        ("中铁三局集团有限公司", "中铁四局集团有限公司"),
        ("第一机械厂", "第二机械厂"),
        ("First National Foods", "Second National Foods"),
        ("Harbour Fund II LP", "Harbour Fund III LP"),
        ("123 Stores No 7", "123 Stores No 8"),
        ("Golden Field Foods Inc", "Golden Field Textiles Inc"),
        ("Kroge llc", "Kroger llc"),
        ("Debtor 0010 Co., Ltd.", "Debtor 0020 Co., Ltd."),
        ("M corp", "M trust"),
        ("", "???"),
        ("", ""),
    ],
)
def test_look_alikes_stay_apart(one, other):
    assert together(one, other) == set()


def test_a_branch_is_proposed_with_its_company_and_says_so():
    for company, branch in [
        ("甲子机械有限公司", "甲子机械有限公司上海第一分公司"),
        ("Acme Harvest Co., Ltd.", "Acme Harvest Co., Ltd. Shanghai Branch"),
    ]:
        (group,) = group_names([company, branch])
        assert group.flags == ("branch",)
        assert group.score < group_names([company, company])[0].score


def test_the_parts_of_a_name_are_kept_apart():
    name = normalise("上海甲子机械（集团）股份有限公司")
    assert (name.han, name.places, name.soft, name.form) == ("甲子机械", ("上海",), ("集团",), "shares")
    store = normalise("The Acme Store #12")
    assert (store.words, store.unit, store.numbers) == (("acme",), "store 12", ())
    assert normalise("第二十三冶金厂").numbers == ("23",)


def test_a_name_that_several_others_go_on_from_is_less_sure():
    alone = group_names(["Harbour corp", "Harbour llc"])[0].score
    beside = ["Harbour Foods", "Harbour Quarry", "Harbour Textiles", "Harbour Lantern"]
    assert group_names(["Harbour corp", "Harbour llc", *beside], 0.5)[0].score < alone
    assert together("Harbour corp", "Harbour llc", *beside) == set()


def test_no_chain_of_small_steps_leads_to_another_company():
    chain = ["Golden Harvest", "Golden Harvset Foods", "Golden Harvest Foods Quarry", "Golden Foods Quarry Lantern"]
    groups = group_names(chain, 0.75)
    names = [normalise(n) for n in chain]
    corpus = corpus_of(names)
    assert any(len(g.members) > 1 for g in groups)
    for group in groups:
        pairs = [(a, b) for a in group.members for b in group.members if a < b]
        assert min(score(names[a], names[b], corpus)[0] for a, b in pairs) == pytest.approx(group.score)
        assert group.score >= 0.75
    assert not any({0, 3} <= set(g.members) for g in groups)


def test_groups_do_not_depend_on_the_order_of_names():
    names = noisy_names(400, seed=3)["name"].tolist()
    forth, back = group_names(names, 0.7), group_names(names[::-1], 0.7)
    last = len(names) - 1
    assert {g.members for g in forth} == {tuple(sorted(last - m for m in g.members)) for g in back}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_text_is_a_name(names):
    members = [m for g in group_names(names) for m in g.members]
    assert len(members) == len(set(members))
    assert all(0 <= m < len(names) for m in members)


@settings(max_examples=200, deadline=None)
@given(st.text("甲子机械有限公司上海分第一 abAB12().&-", max_size=14), st.text("甲乙机械集团有限 abc12", max_size=14))
def test_a_score_is_symmetric_and_a_share(one, other):
    a, b = normalise(one), normalise(other)
    corpus = corpus_of([a, b])
    assert score(a, b, corpus) == score(b, a, corpus)
    assert 0 <= score(a, b, corpus)[0] <= 1


@pytest.mark.parametrize("seed", [1, 2])
def test_noisy_names_come_together_and_look_alikes_stay_apart(seed):
    made = noisy_names(2_000, seed)
    groups = group_names(made["name"].tolist())
    found = judge(groups, [(c,) for c in made["company"]])
    assert found.true_pairs > 3_500
    assert found.precision >= 0.99
    assert found.recall >= 0.98


@pytest.mark.parametrize(
    ("noise", "least"),
    [
        ("dropped suffix", 0.99),
        ("other suffix", 0.99),
        ("full width", 0.99),
        ("punctuation", 0.99),
        ("place dropped", 0.99),
        ("branch", 0.98),
        ("abbreviated", 0.98),
        ("swapped", 0.96),
        ("typo", 0.96),
        ("lost letter", 0.95),
    ],
)
def test_each_kind_of_noise_is_seen_through(noisy, noise, least):
    rows = noisy[noisy["noise"] == noise]
    assert len(rows) > 80
    assert rows["found"].mean() >= least


@pytest.fixture(scope="module")
def noisy():
    """Noisy names, and whether each is in the group of its company's registered name."""
    made = noisy_names(3_000, seed=5)
    home = {m: n for n, g in enumerate(group_names(made["name"].tolist())) for m in g.members}
    clean = {c: i for i, c, k in zip(made.index, made["company"], made["noise"]) if k == "clean"}
    found = [i in home and home[i] == home.get(clean[c]) for i, c in zip(made.index, made["company"])]
    return made.assign(found=found)


def test_pairs_are_judged_by_who_bears_the_names():
    groups = group_names(["Acme Harvest Inc", "Acme Harvest LLC", "Acme Harvest", "Golden Field"])
    assert [g.members for g in groups] == [(0, 1, 2)]
    found = judge(groups, [{"a"}, {"a", "b"}, {"c"}, {"c"}])
    assert (found.true_pairs, found.proposed_pairs, found.hits) == (2, 3, 1)
    assert (found.precision, found.recall, found.f1) == pytest.approx((1 / 3, 1 / 2, 0.4))
    strict = judge_records(groups, [{"a"}, {"a", "b"}, {"c"}, {"c"}])
    assert (strict.names, strict.true_pairs, strict.proposed_pairs, strict.hits) == (5, 2, 6, 1)
