"""The blocks that close a report: findings, signatures, identity and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from riskmodels.reporting.block import Block
from riskmodels.validation.findings import Finding, State


@dataclass(frozen=True)
class Findings(Block):
    """The findings, carried over ones included; those closed at earlier dates are kept and not shown.

    `as_of` is the close a register is carried at, None for a list that no later run carries. `cells` are the titles of
    the checks that raised them, by name.
    """

    kind = "findings"
    items: tuple[Finding, ...]
    title: str = ""
    subtitle: str = ""
    as_of: date | None = None
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that stand, worst first, then those closed in this run."""
        standing = sorted((f for f in self.items if f.state is not State.CLOSED), key=lambda f: (f.severity, f.id))
        return (*standing, *(f for f in self.items if f.state is State.CLOSED and f.closed_on == self.as_of))


@dataclass(frozen=True)
class Signature:
    """A role, who holds it, and the state of the signature; `signed` is False while it is awaited."""

    role: str
    name: str
    state: str
    signed: bool = False


@dataclass(frozen=True)
class SignOff(Block):
    """The four signature lines."""

    kind = "signoff"
    items: tuple[Signature, ...]
    subtitle: str = ""


@dataclass(frozen=True)
class Identity(Block):
    """What the run was made of: hashes of model, data, code and environment, and the run before it."""

    kind = "identity"
    half = True
    data: str
    code: str
    environment: str = ""
    model: str = ""
    previous_run: str = ""


@dataclass(frozen=True)
class Glossary(Block):
    """Terms or facts and what they mean, as pairs."""

    kind = "glossary"
    title: str
    entries: tuple[tuple[str, str], ...]
    subtitle: str = ""
