"""A report as one HTML file that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from riskmodels.core import numbers
from riskmodels.core.checks import CheckResult, Verdict, counts
from riskmodels.core.text import gettext
from riskmodels.reporting import shapes, svg, tables, words
from riskmodels.reporting.block import Block
from riskmodels.reporting.front import Masthead, Verdicts
from riskmodels.reporting.header import RunHeader
from riskmodels.reporting.outline import chapters


def render_html(blocks: Sequence[Block], run: RunHeader) -> str:
    """The report as a self-contained page in the run's language."""
    return run.speak(lambda: _page(blocks, run))


def _page(blocks: Sequence[Block], run: RunHeader) -> str:
    title = next((b.title for b in blocks if isinstance(b, Masthead)), run.title)
    return page("report.html.j2", "report.js", run=run, title=title, chapters=chapters(blocks))


def page(template: str, script: str, **told: Any) -> str:
    """A page of one of our templates with its style, its one script and the policy that allows no other."""
    code = asset(script)
    return (
        environment()
        .get_template(template)
        .render(style=Markup(asset("report.css")), script=Markup(code), policy=policy(code), **told)
    )


def render_fragment(block: Block) -> str:
    """One block as HTML for a notebook's output, in the language in force."""
    style = Markup(asset("report.css"))
    return environment().get_template("fragment.html.j2").render(block=block, style=style)


def policy(script: str) -> str:
    """The content security policy under which only this script runs and nothing is fetched."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


@cache
def asset(name: str) -> str:
    """A file beside the templates, as text."""
    return (files("riskmodels.reporting") / "templates" / name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """The template engine: everything is escaped, nothing undefined passes silently."""
    env = Environment(
        loader=PackageLoader("riskmodels.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(_=gettext, Verdict=Verdict, words=words, shapes=shapes, numbers=numbers, tables=tables)
    env.globals.update(inline=svg.inline, grouped=grouped, counts=counts)
    env.filters.update(css_string=css_string)
    return env


def grouped(block: Verdicts) -> list[tuple[str, list[CheckResult]]]:
    """The checks under their group's heading, groups in the order they first appear."""
    found: dict[str, list[CheckResult]] = {}
    for check in block.checks:
        found.setdefault(check.group, []).append(check)
    return [(block.groups.get(group) or words.group_word(group), checks) for group, checks in found.items()]


def css_string(text: str) -> Markup:
    """The text as the inside of a CSS string; anything but letters, digits, space and dash is an escape."""
    safe = re.sub(r"[^A-Za-z0-9 -]", lambda found: f"\\{ord(found[0]):x} ", text)
    return Markup(safe)
