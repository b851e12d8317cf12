"""What every block of a report can do: travel as JSON and show itself in a notebook."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from functools import cache
from typing import Any, ClassVar

import numpy as np
from pydantic import TypeAdapter, ValidationError

from riskmodels.core.errors import Misuse

MIME = "application/vnd.riskmodels.block+json"
_KINDS: dict[str, type[Block]] = {}


class Block:
    """One piece of a report; subclasses are frozen dataclasses with a `kind` of their own."""

    kind: ClassVar[str]
    half = False
    """Whether it may share its line with a neighbour that also may."""

    def __init_subclass__(cls) -> None:
        _KINDS[cls.kind] = cls

    def to_json(self) -> dict[str, Any]:
        """The block as plain JSON values with its kind."""
        return {"kind": self.kind, **plain(asdict(self))}  # type: ignore[call-overload]

    def __str__(self) -> str:
        texts = (getattr(self, f.name) for f in fields(self))  # type: ignore[arg-type]
        return f"[{self.kind}] {next((t for t in texts if isinstance(t, str) and t), '')}".rstrip()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        # The renderer knows the blocks, so a block may know its renderer only when it is shown.
        from riskmodels.reporting.html import render_fragment

        return {MIME: self.to_json(), "text/html": render_fragment(self), "text/plain": str(self)}


def from_json(data: Mapping[str, Any]) -> Block:
    """The block that `to_json` described."""
    kind = data.get("kind")
    if kind not in _KINDS:
        raise Misuse(f"block: found kind {kind!r}, expected one of {', '.join(sorted(_KINDS))}")
    try:
        return _reader(kind).validate_python({k: v for k, v in data.items() if k != "kind"})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise Misuse(f"block {kind}: found {first['input']!r} at {where}, {first['msg']}") from None


@cache
def _reader(kind: str) -> TypeAdapter[Block]:
    return TypeAdapter(_KINDS[kind])


def plain(value: Any) -> Any:
    """A value as JSON knows it: ISO dates, lists, text keys, and null for what isn't finite or known."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, bool | int):
        return value
    return None if value is None else str(value)
