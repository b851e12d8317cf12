"""The blocks that close a report: findings, signatures, identity and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from riskmodels.reporting.block import Block


@dataclass(frozen=True)
class Finding:
    """One finding: what raised it, who owns it, until when, and where it stands."""

    id: str
    severity: Literal["high", "medium", "low"]
    finding: str
    raised_by: str = ""
    owner: str = ""
    due: str = ""
    state: str = ""


@dataclass(frozen=True)
class Findings(Block):
    """The findings, carried over ones included."""

    kind = "findings"
    items: tuple[Finding, ...]
    title: str = ""
    subtitle: str = ""


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
