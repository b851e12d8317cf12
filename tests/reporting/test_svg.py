"""A drawing on a page brings nothing but its drawing."""

import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.reporting.svg import inline

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onclick="alert(1)"/>',
        '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
        '<image href="https://evil.example/x.png"/>',
        "<foreignObject><body/></foreignObject>",
        "<style>* { display: none }</style>",
        '<use href="https://evil.example/#x"/>',
        '<path style="fill: url(https://evil.example)"/>',
        "<metadata>http://purl.org</metadata>",
    ],
)
def test_nothing_that_acts_or_fetches_is_left(inside):
    shown = inline(SVG.format(inside), "f1")
    for word in ("script", "onclick", "evil", "foreignObject", "display", "purl", "http"):
        assert word not in shown


def test_colours_follow_the_theme():
    shown = inline(SVG.format('<path style="fill: #1F4E8C; stroke: #b3261e"/>'), "f1")
    assert "fill: var(--blue); stroke: var(--red)" in shown


def test_ids_of_two_figures_stay_apart():
    drawing = SVG.format('<defs><path id="m1"/></defs><use xlink:href="#m1"/><g clip-path="url(#p1)"/>')
    assert 'id="f1-m1"' in inline(drawing, "f1")
    assert 'href="#f2-m1"' in inline(drawing, "f2")
    assert "url(#f2-p1)" in inline(drawing, "f2")


def test_text_is_escaped_and_named():
    shown = inline(SVG.format("<text>&lt;b&gt;</text>"), "f1", 'a "name" <x>')
    assert "<text>&lt;b&gt;</text>" in shown
    assert 'aria-label="a &quot;name&quot; &lt;x&gt;"' in shown


def test_what_is_not_svg_is_refused():
    with pytest.raises(DataRefused, match="expected a drawing"):
        inline("<svg", "f1")
