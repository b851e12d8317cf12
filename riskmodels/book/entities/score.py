"""How sure one can be, from their names alone, that two companies are one: 0 to 1, never sure when numbers differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from rapidfuzz.distance import OSA, LCSseq

from riskmodels.book.entities.name import Key, Name

OMITTED, CONFLICTING = 0.5, 1.5
"""Share of its weight that a word costs which only one name has, and one that stands against another word."""
WITHIN = 1.2
"""The same for Chinese characters that one name has before its end: there stands what a company calls itself."""
FACTORS = {
    "number": 0.8,  # one name has a number, the other none
    "places": 0.8,  # two places: as a rule two legal persons of one owner
    "place": 0.97,  # one name says a place, the other none
    "soft words": 0.96,  # foundation against systems
    "soft word": 0.98,
    "form": 0.99,  # limited against shares; a form that is missing says nothing
    "branch": 0.93,  # the same legal person, another unit
}
MEAGRE = ((2.0, 0.75), (3.0, 0.9))
"""Below so many letters (a Chinese character counts as 2.5) a name says little: factor."""
OPEN_ENDED, OPEN_FLOOR = 0.06, 0.8
"""What each further way in which other names go on costs a name (SYSCO beside SYSCO F.., SYSCO I..), and the least."""
SWAPPED_HAN = 0.85
"""Share of a Chinese name that stays when two neighbouring characters changed places."""


@dataclass(frozen=True)
class Corpus:
    """How rare each word and character is among the names, and in how many ways each beginning goes on."""

    weight: dict[str, float]
    unseen: float
    goes_on: dict[tuple[str, ...], int]

    def of(self, units: Iterable[str]) -> float:
        """The total weight of words or characters."""
        return sum(self.weight.get(u, self.unseen) for u in units)


def corpus_of(names: Iterable[Name]) -> Corpus:
    """What a list of names tells about rarity; variants of one core count once."""
    seen: Counter[str] = Counter()
    next_units: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    cores = {n.core for n in names}
    for words, han, numbers in cores:
        units = (*words, *han)
        seen.update(set(units))
        for at, unit in enumerate((*units, *numbers)):
            if at:
                next_units[units[:at]].add(unit)
    total = len(cores)
    weight = {u: 1 + log((1 + total) / (1 + n)) for u, n in seen.items()}
    return Corpus(weight, 1 + log(1 + total), {k: len(v) for k, v in next_units.items() if len(v) > 1})


def score(a: Name, b: Name, corpus: Corpus) -> tuple[float, tuple[str, ...]]:
    """The score of two names, and what was held against them."""
    same = core_score(a.core, b.core, corpus)
    if not same:
        return 0.0, ()
    against = tuple(_against(a, b))
    for what in against:
        same *= FACTORS[what]
    if a != b and not (a.soft and a.soft == b.soft):  # Harbour Group is whole: not what Harbour Foods is cut to
        same *= min(_open(a, corpus), _open(b, corpus))
    return same * min(_says(a), _says(b)), against


def _against(a: Name, b: Name) -> Iterable[str]:
    if bool(a.numbers) != bool(b.numbers):
        yield "number"
    if a.places != b.places and not set(a.places) & set(b.places):
        yield "places" if a.places and b.places else "place"
    if a.soft != b.soft:
        yield "soft words" if a.soft and b.soft else "soft word"
    if a.form and b.form and a.form != b.form:
        yield "form"
    if a.unit != b.unit:
        yield "branch"


def _says(name: Name) -> float:
    """1 for a name with enough letters to tell it from others, less for a meagre one."""
    said = len("".join(name.words)) + 2.5 * len(name.han) + len("".join(name.numbers))
    return next((factor for below, factor in MEAGRE if said < below), 1.0)


def _open(name: Name, corpus: Corpus) -> float:
    """1 for a name that no others go on from, less for one that several may be short for."""
    ways = corpus.goes_on.get((*name.words, *name.han), 1) if not name.numbers else 1
    return max(OPEN_FLOOR, 1 - OPEN_ENDED * (ways - 1))


def core_score(a: Key, b: Key, corpus: Corpus) -> float:
    """How alike two cores are: the weight they share, against what is omitted and what is in conflict."""
    a, b = min(a, b), max(a, b)  # alignments have ties: one order, one score
    if a[2] and b[2] and a[2] != b[2]:
        return 0.0
    if a[:2] == b[:2] or "".join(a[0]) + a[1] == "".join(b[0]) + b[1]:
        return 1.0
    shared, left, right, slips = _words(a[0], b[0], corpus)
    more = _characters(a[1], b[1], corpus)
    shared, left, right = shared + more[0], left + more[1], right + more[2]
    if not shared:
        return 0.0
    return shared / (shared + OMITTED * (max(left, right) + slips) + CONFLICTING * min(left, right))


def _words(a: tuple[str, ...], b: tuple[str, ...], corpus: Corpus) -> tuple[float, float, float, float]:
    """Weights of words: (shared, only in a, only in b, lost to slips of the pen)."""
    common = Counter(a) & Counter(b)
    left, right = list((Counter(a) - common).elements()), list((Counter(b) - common).elements())
    shared, slips = corpus.of(common.elements()), 0.0
    for word in list(left):
        other = max(right, key=lambda o: likeness(word, o), default="")
        if credit := likeness(word, other) if other else 0.0:
            weight = min(corpus.of((word,)), corpus.of((other,)))
            shared, slips = shared + credit * weight, slips + (1 - credit) * weight
            left.remove(word)
            right.remove(other)
    return shared, corpus.of(left), corpus.of(right), slips


def likeness(a: str, b: str) -> float:
    """1 - 2 slips / letters for words that one or two slips tell apart, less than 1 for a cut word, else 0."""
    short, long = sorted((a, b), key=len)
    allowed = 2 if len(long) >= 9 else 1 if len(short) >= 4 and len(long) >= 5 else 0
    slips = OSA.distance(a, b, score_cutoff=allowed)
    if slips <= allowed:
        return 1 - 2 * slips / len(long)
    return 0.7 if len(short) >= 4 and len(long) >= 7 and long.startswith(short) else 0.0


def _characters(a: str, b: str, corpus: Corpus) -> tuple[float, float, float]:
    """Weights of Chinese characters: (shared in order, only in a, only in b).

    Two neighbours that changed places are a slip, but not at the beginning: 昌锦 and 锦昌 are two companies.
    """
    if not a or not b:
        return 0.0, corpus.of(a), corpus.of(b)
    if len(a) == len(b) and a[0] == b[0] and sorted(a) == sorted(b) and OSA.distance(a, b) == 1:
        return corpus.of(a) * SWAPPED_HAN, corpus.of(a) * (1 - SWAPPED_HAN), 0.0
    shared, only = 0.0, {"delete": 0.0, "insert": 0.0}
    for step in LCSseq.opcodes(a, b):
        one, other = a[step.src_start : step.src_end], b[step.dest_start : step.dest_end]
        if step.tag == "equal":
            shared += corpus.of(one)
        else:
            dear = 1.0 if max(step.src_end - len(a), step.dest_end - len(b)) == 0 else WITHIN / OMITTED
            only[step.tag] += dear * corpus.of(one or other)
    return shared, only["delete"], only["insert"]
