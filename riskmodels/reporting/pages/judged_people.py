"""What people bring to a validation: their opinion, the register as they left it, and their names."""

from __future__ import annotations

from dataclasses import dataclass

from riskmodels.validation.override import override


@dataclass(frozen=True)
class People:
    """The register they edited (a findings.csv), the opinion they give in place of the computed one, who signs.

    An opinion without a reason is refused at once. `opinion` is 1 to 4, 0 for the computed one; developer, validator
    and approver are empty where nobody is named.
    """

    findings: str = ""
    opinion: int = 0
    opinion_reason: str = ""
    developer: str = ""
    validator: str = ""
    approver: str = ""

    def __post_init__(self) -> None:
        override(None, "", self.opinion, self.opinion_reason)
