"""What a desk would propose for a receipt, case by case."""

import pytest

from riskmodels.models.matching.ledger import Item, Ledger, numbers_in
from riskmodels.models.matching.payers import Payers
from riskmodels.models.matching.propose import (
    AUTOMATIC,
    CLIENT,
    DEBTOR,
    EXACT,
    MORE,
    NAMED,
    OLDEST,
    PART,
    SUM,
    UNKNOWN,
    USUAL,
    Receipt,
    propose,
)

PARTIES = [("d1", "Harbour Foods Co., Ltd."), ("d2", "甲子食品有限公司"), ("c1", "Mill Textiles Ltd.")]


@pytest.fixture
def ledger():
    found = Ledger()
    for k, (debtor, left) in enumerate([("d1", 10_000), ("d1", 25_050), ("d1", 40_000), ("d2", 7_777)], 1):
        found.add(Item(f"i{k}", f"N{k:04d}", "c1", debtor, "CNY", k, left))
    return found


@pytest.fixture
def payers():
    return Payers(PARTIES)


def asked(ledger, payers, amount, name="Harbour Foods Co., Ltd.", reference="", currency="CNY"):
    return propose(Receipt("r", name, currency, amount, reference), ledger, payers)


def test_a_named_invoice_paid_to_the_cent_is_all_but_certain(ledger, payers):
    found = asked(ledger, payers, 25_050, name="Nobody", reference="货款 N0002")
    assert found.links == (("i2", 25_050),)
    assert (found.residual, found.evidence) == (0, (NAMED, EXACT))
    assert found.score > 0.98


def test_one_receipt_pays_several_invoices_and_several_receipts_one(ledger, payers):
    assert asked(ledger, payers, 50_000, reference="N0001 N0003").links == (("i1", 10_000), ("i3", 40_000))
    part = asked(ledger, payers, 15_000, reference="N0003")
    assert (part.links, part.evidence) == ((("i3", 15_000),), (NAMED, PART))
    ledger.reduce("i3", 15_000)
    assert asked(ledger, payers, 25_000, reference="N0003").evidence == (NAMED, EXACT)


def test_what_the_reference_leaves_out_is_sought_among_the_debtors_invoices(ledger, payers):
    found = asked(ledger, payers, 35_050, reference="N0001")
    assert (found.links, found.evidence) == ((("i1", 10_000), ("i2", 25_050)), (NAMED, SUM))


def test_more_than_is_owed_leaves_a_residual_unallocated(ledger, payers):
    found = asked(ledger, payers, 10_500, reference="N0001")
    assert (found.links, found.residual, found.evidence) == ((("i1", 10_000),), 500, (NAMED, MORE))
    far = asked(ledger, payers, 12_000, reference="N0001")
    assert far.score < AUTOMATIC


def test_amounts_alone_tell_single_invoices_and_sums_of_the_payers(ledger, payers):
    assert asked(ledger, payers, 40_000).evidence == (EXACT, DEBTOR)
    found = asked(ledger, payers, 65_050)
    assert (found.links, found.evidence) == ((("i2", 25_050), ("i3", 40_000)), (SUM, DEBTOR))


def test_amounts_are_net_of_credit_notes(ledger, payers):
    ledger.reduce("i3", 1_000)
    assert asked(ledger, payers, 39_000).links == (("i3", 39_000),)


def test_of_equal_invoices_the_one_due_first_is_paid_and_the_score_says_that_there_are_two(ledger, payers):
    sure = asked(ledger, payers, 40_000).score
    ledger.add(Item("i5", "N0005", "c1", "d1", "CNY", 0, 40_000))
    found = asked(ledger, payers, 40_000)
    assert found.links == (("i5", 40_000),)
    assert found.score < AUTOMATIC < sure


def test_a_part_of_the_only_invoice_is_proposed_and_of_several_the_oldest_with_little_trust(ledger, payers):
    assert asked(ledger, payers, 5_000, name="甲子食品有限公司").evidence == (PART, DEBTOR)
    found = asked(ledger, payers, 12_345)
    assert (found.links, found.evidence) == ((("i1", 10_000), ("i2", 2_345)), (OLDEST, DEBTOR))
    assert found.score < 0.5


@pytest.mark.parametrize("name", ["HARBOUR FOODS LIMITED", "Harbuor Foods Co., Ltd.", "Harbour Foods Co.， Ltd."])
def test_a_payer_written_otherwise_is_known_with_less_trust(ledger, payers, name):
    found = asked(ledger, payers, 40_000, name=name)
    assert found.links == (("i3", 40_000),)
    assert 0.7 < found.score <= asked(ledger, payers, 40_000).score


def test_a_client_that_buys_back_pays_its_own_invoices(ledger, payers):
    found = asked(ledger, payers, 7_777, name="Mill Textiles Ltd.")
    assert (found.links, found.evidence) == ((("i4", 7_777),), (EXACT, CLIENT))


def test_who_has_paid_for_a_debtor_before_is_believed_to_again(ledger, payers):
    assert asked(ledger, payers, 7_777, name="Somebody Else").evidence == (UNKNOWN,)
    for _ in range(9):
        payers.learn("Somebody Else", "d2")
    found = asked(ledger, payers, 7_777, name="Somebody Else")
    assert (found.links, found.evidence) == ((("i4", 7_777),), (EXACT, USUAL))
    assert found.score >= AUTOMATIC


def test_nothing_known_leaves_everything_unallocated(ledger, payers):
    found = asked(ledger, payers, 123, name="Nobody")
    assert (found.links, found.residual, found.score) == ((), 123, 0.0)


def test_other_currencies_and_settled_invoices_are_not_paid(ledger, payers):
    assert asked(ledger, payers, 40_000, currency="USD").links == ()
    ledger.reduce("i3", 40_000)
    assert asked(ledger, payers, 40_000, name="Nobody", reference="N0003").links == ()


def test_of_two_invoices_with_one_number_the_payers_is_meant(ledger, payers):
    ledger.add(Item("x9", "N0001", "c1", "d2", "CNY", 9, 10_000))
    assert asked(ledger, payers, 10_000, reference="N0001").links == (("i1", 10_000),)
    assert asked(ledger, payers, 10_000, name="甲子食品有限公司", reference="N0001").links == (("x9", 10_000),)


def test_numbers_are_read_in_any_width_and_case_and_words_are_not_numbers():
    assert numbers_in("货款ｎ０００１，inv-77/2 payment") == ["N0001", "INV-77/2"]
    assert numbers_in("settlement of account") == []
