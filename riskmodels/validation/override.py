"""The validator's last word: an opinion given in place of the computed one, never without its reason."""

from __future__ import annotations

from dataclasses import dataclass

from riskmodels.core.errors import Misuse

GRADES = (1, 2, 3, 4)


@dataclass(frozen=True)
class Given:
    """The opinion that counts (`grade`, 1 to 4), beside the computed one and the sentence that explains it.

    Both are None where the cases show too little for one. `reason` is the validator's, empty where nobody gave one.
    """

    computed: int | None
    sentence: str
    grade: int | None
    reason: str = ""

    @property
    def overridden(self) -> bool:
        """Whether the opinion that counts is another than the computed one."""
        return self.grade != self.computed


def override(grade: int | None, sentence: str, to: int = 0, reason: str = "") -> Given:
    """The opinion that counts: the computed `grade` where `to` is 0, else `to`, for the validator's `reason`.

    Refused: an opinion outside 1 to 4, one without a reason, and a reason without an opinion. One that equals the
    computed opinion confirms it.
    """
    told = " ".join(reason.split())
    if to not in (0, *GRADES):
        raise Misuse(f"opinion: found {to}, expected 1 (adequate) to 4 (severe), or 0 for the computed one")
    if to and not told:
        raise Misuse(f"opinion: found {to} without opinion_reason, expected why it replaces the computed one")
    if told and not to:
        raise Misuse("opinion_reason: found a reason without an opinion, expected opinion = 1 to 4 beside it")
    return Given(grade, sentence, to or grade, told)
