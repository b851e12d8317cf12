"""Our own SVG made safe and at home in a page: no scripts, ids of its own, colours that follow the theme."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from markupsafe import Markup

from riskmodels.core.errors import DataRefused

LIGHT = {
    "#ffffff": "paper",
    "#16202c": "ink",
    "#465262": "ink2",
    "#5f6b7a": "ink3",
    "#d5dbe3": "hair",
    "#1f4e8c": "blue",
    "#8fb0d8": "blue2",
    "#dfe9f5": "blue3",
    "#7a4a78": "plum",
    "#b4bdc8": "grey",
    "#b3261e": "red",
    "#8f5600": "amber",
    "#17704a": "green",
}
_TAGS = {
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "defs",
    "use",
    "clipPath",
}
_ATTRIBUTES = {
    *("viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "d", "points"),
    *("transform", "style", "fill", "stroke", "clip-path", "text-anchor", "id", "href"),
}
_HEX = re.compile("|".join(LIGHT), re.IGNORECASE)
_FONT = re.compile(r"font:\s*((?:[\w]+\s+)*[\d.]+px)[^;]*")
_LOCAL = re.compile(r"url\(#([\w-]+)\)")
_UNSAFE = re.compile(r"url\(\s*(?!#)|expression|@import|javascript:|\\", re.IGNORECASE)


def inline(svg: str, prefix: str, alt: str = "") -> Markup:
    """The drawing as one element to put into HTML; `prefix` keeps its ids apart from other figures'."""
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise DataRefused(f"figure {prefix}: found text that is not SVG ({error}), expected a drawing") from None
    _clean(root, prefix)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.set("role", "img")
    root.set("aria-label", alt)
    # Every element and attribute left was chosen above; ElementTree escapes the texts.
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _clean(element: ElementTree.Element, prefix: str) -> None:
    element.tag = _bare(element.tag)
    element.attrib = {_bare(k): v for k, v in element.attrib.items()}
    element.attrib = {k: _safe(k, v, prefix) for k, v in element.attrib.items() if k in _ATTRIBUTES}
    for child in list(element):
        if _bare(child.tag) in _TAGS:
            _clean(child, prefix)
        else:
            element.remove(child)


def _bare(name: object) -> str:
    return str(name).rpartition("}")[2]


def _safe(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return f"{prefix}-{value}"
    if name == "href":
        return f"#{prefix}-{value[1:]}" if value.startswith("#") else ""
    if _UNSAFE.search(value):
        return ""
    local = _LOCAL.sub(rf"url(#{prefix}-\1)", value)
    return _themed(local) if name == "style" else local


def _themed(style: str) -> str:
    coloured = _HEX.sub(lambda found: f"var(--{LIGHT[found[0].lower()]})", style)
    return _FONT.sub(r"font: \1 var(--sans)", coloured)
