"""What people bring to a validation: their opinion, the register as they left it, and their names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class People:
    """The register they edited (a findings.csv), the opinion they give in place of the computed one, who signs.

    `opinion` is 1 to 4, 0 for the computed one; developer, validator and approver are empty where nobody is named.
    """

    findings: str = ""
    opinion: int = 0
    opinion_reason: str = ""
    developer: str = ""
    validator: str = ""
    approver: str = ""
