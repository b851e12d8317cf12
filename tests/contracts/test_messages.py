"""Every sentence of the package has its Chinese words, and the catalogue holds nothing else."""

import re

import pytest
from babel.messages.catalog import Message

from tests.messages import Sentence, chinese, said, words

PLACE = re.compile(r"\{\w*(?::[^}]*)?\}")
HAN, FULL = "\u3400-\u9fff", "，。；：？！（）、"
HALF_WIDTH = re.compile(rf"[{HAN}{FULL}}}][,;:!?](?!\w)|[{HAN}]\.|[{HAN}][()]|[()][{HAN}]|[,;:!?][{HAN}]")
TYPED_SPACE = re.compile(rf"[{HAN}{FULL}] | [{HAN}{FULL}]")
OPERATOR = re.compile(r" [−+/=×] ")
FIGURE = "图 {n}\u3000"
"""The look asks for a space in the number of a figure."""


@pytest.fixture(scope="module")
def spoken() -> set[Sentence]:
    return said()


@pytest.fixture(scope="module")
def entries() -> list[Message]:
    return [message for message in chinese() if message.id]


def test_every_message_has_its_chinese_words(spoken, entries):
    assert len(spoken) > 400
    assert spoken - {message.id for message in entries if words(message)} == set()


def test_the_catalogue_holds_no_message_the_package_no_longer_says(spoken, entries):
    assert {message.id for message in entries} - spoken == set()
    assert not chinese().obsolete


def test_no_words_are_a_guess(entries):
    assert [message.id for message in entries if message.fuzzy] == []


def test_messages_stand_in_their_order(entries):
    order = [message.id if isinstance(message.id, str) else message.id[0] for message in entries]
    assert order == sorted(order)


def test_the_chinese_words_keep_every_place_of_the_sentence(entries):
    for message in entries:
        sentence = message.id if isinstance(message.id, str) else message.id[-1]
        assert sorted(PLACE.findall(sentence)) == sorted(PLACE.findall(words(message))), message.id


def test_chinese_punctuation_is_full_width_and_no_space_is_typed(entries):
    for text in map(words, entries):
        assert not HALF_WIDTH.search(text), text
        assert text == FIGURE or not TYPED_SPACE.search(OPERATOR.sub("", text)), text


def test_the_colour_of_figures_has_one_word(entries):
    told = [words(m) for m in entries if isinstance(m.id, str) and re.search(r"\bplum\b", m.id)]
    assert len(told) > 5
    assert [text for text in told if "紫" not in text or "紫红" in text] == []
