"""A bar on the terminal while a notebook's cells run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from riskmodels.runs.kernel import Progress


@contextmanager
def bar(label: str) -> Iterator[Progress | None]:
    """What to hand to a run as `progress`: a bar on stderr if that is a terminal, otherwise None."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Bar(console=console, transient=True) as shown:
        task = shown.add_task(escape(label), total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
