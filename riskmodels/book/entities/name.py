"""A company's name taken apart: what tells it from others, and what it is dressed in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from riskmodels.book.entities.words import (
    CHINESE_DIGITS,
    CHINESE_FORMS,
    CHINESE_NUMERAL,
    CHINESE_SOFT,
    CUT,
    LATIN_FORMS,
    LATIN_NUMERALS,
    LATIN_PLACES,
    LATIN_UNITS,
    ONE_PLACE,
    ORDINAL,
    PLACE_IN_BRACKETS,
    PLACES_FIRST,
    SOFT,
    SPELT_OUT,
    UNIT_AFTER_FORM,
    UNIT_AT_END,
)

HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_TOKEN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+|&")
_GAP = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_DIGITS = re.compile(r"\d+")
Key = tuple[tuple[str, ...], str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """The parts of a name; two names with equal parts are written alike.

    `words` (other scripts) and `han` (Chinese characters) tell the company from others, `numbers` too; the rest is
    dress: `places`, `soft` endings such as group or 集团, the kind of legal `form`, and the `unit` (a branch, a store).
    """

    words: tuple[str, ...]
    han: str
    numbers: tuple[str, ...]
    places: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    form: str = ""
    unit: str = ""

    @property
    def core(self) -> Key:
        """What tells the company from others: words, Chinese characters, numbers."""
        return self.words, self.han, self.numbers


def normalise(name: str) -> Name:
    """The parts of a name as people write it: full width, capitals and punctuation make no difference."""
    text = unicodedata.normalize("NFKC", name).casefold()
    places = [_plain(p) for p in PLACE_IN_BRACKETS.findall(text)]
    text = PLACE_IN_BRACKETS.sub(" ", text)
    text = _INITIALS.sub(lambda m: m[0].replace(".", ""), text).replace("'", "").replace("’", "")
    text = _GAP.sub("", " ".join(_TOKEN.findall(text)))
    text, unit, form, soft, first = _chinese(text)
    tokens = [SPELT_OUT.get(t, t) for t in _TOKEN.findall(ORDINAL.sub(lambda m: f" {_number(m[1])} ", text))]
    tokens, latin_unit = _without_unit(tokens)
    tokens, latin_form, ends, around = _undressed(tokens)
    words, numbers = _split(tokens)
    han = "".join(w for w in words if _is_han(w))
    numbers += [_number(n) for n in CHINESE_NUMERAL.findall(han)]
    return Name(
        tuple(w for w in words if not _is_han(w)),
        han,
        tuple(sorted(numbers)),
        tuple(sorted({*places, *first, *around})),
        tuple(sorted({*soft, *ends})),
        form or latin_form,
        unit or latin_unit,
    )


def _chinese(text: str) -> tuple[str, str, str, list[str], list[str]]:
    """The text without its Chinese dress: (text, unit, form, soft endings, places)."""
    unit = ""
    if found := UNIT_AFTER_FORM.match(text) or UNIT_AT_END.match(text):
        text, unit = found[1], found[2]
    text, form = _without_form(text)
    soft = []
    while ending := next((s for s in CHINESE_SOFT if text.endswith(s) and len(text) > len(s) + 1), ""):
        soft.append(ending)
        text = text.removesuffix(ending)
    first = PLACES_FIRST.match(text)
    places = [_plain(p) for p in ONE_PLACE.findall(first[0])] if first else []
    return text[first.end() :] if first else text, unit, form, soft, places


def _without_form(text: str) -> tuple[str, str]:
    for ending, kind in CHINESE_FORMS:
        if text.endswith(ending) and len(text) > len(ending):
            return text.removesuffix(ending).strip(), kind
    return text, ""


def _without_unit(tokens: list[str]) -> tuple[list[str], str]:
    """The tokens before the unit, and the unit: from the legal form on, or from the word itself to the end."""
    at = next((i for i, t in enumerate(tokens) if i and t in LATIN_UNITS and len(tokens) - i <= 3), None)
    if at is None:
        return tokens, ""
    form = next((i for i in range(at - 1, 0, -1) if tokens[i] in LATIN_FORMS), at - 1)
    return tokens[: form + 1], " ".join(tokens[form + 1 :])


def _undressed(tokens: list[str]) -> tuple[list[str], str, list[str], list[str]]:
    """The tokens without their Latin dress: (tokens, form, soft endings, places); one token always stays."""
    form, soft, places, kept = "", [], [], list(tokens)
    if len(kept) > 1 and kept[-1] == CUT:
        kept.pop()
        form = "corporation"
    while len(kept) > 1 and (kept[-1] in LATIN_FORMS or kept[-1] in SOFT or kept[-1] in LATIN_PLACES):
        last = kept.pop()
        form = LATIN_FORMS.get(last, form)
        soft += [last] if last in SOFT else []
        places += [last] if last in LATIN_PLACES else []
    while len(kept) > 1 and (kept[0] == "the" or kept[0] in LATIN_PLACES):
        first = kept.pop(0)
        places += [first] if first != "the" else []
    return kept, form, soft, places


def _split(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Words, and what counts: tokens with digits and numerals; the word "no" before a number is its sign."""
    words, numbers = [], []
    for at, token in enumerate(tokens):
        if _DIGITS.search(token):
            numbers.append(_number(token))
        elif token in LATIN_NUMERALS and len(tokens) > 1:
            numbers.append(LATIN_NUMERALS[token])
        elif not (token in ("no", "nr") and _DIGITS.search("".join(tokens[at + 1 : at + 2]))):
            words.append(token)
    return words, numbers


def _number(text: str) -> str:
    """A number as digits without leading zeros; letters around it stay."""
    text = text.translate(CHINESE_DIGITS)
    if re.search("[十拾]", text):
        tens, _, ones = text.replace("拾", "十").partition("十")
        text = f"{tens or 1}{ones or 0}" if len(ones) < 2 else text
    return _DIGITS.sub(lambda m: m[0].lstrip("0") or "0", text)


def _plain(place: str) -> str:
    return re.sub("(?:省|市|自治区)$", "", place) if _is_han(place) else place


def _is_han(token: str) -> bool:
    return bool(re.match(f"[{HAN}]", token))
