"""The report of a simulated kata as a page, in the look of the others. Pure.

The kata's own sections stand between its measures and its checks. All text in them is escaped, and
the policy in the head forbids scripts.
"""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from dojo.earlier_attempt import EarlierAttempt
from dojo.output import outcome, simulated_outcome, wording
from dojo.output.app_text import printable
from dojo.output.html.page import (
    ICONS,
    MOST_ATTEMPTS,
    SIGNS,
    checks_with_signs,
    environment,
    policy_hash,
    source,
)
from dojo.sections import Code, Drawing, Paragraph, Part, Picture, Shape, Table
from dojo.simulated_report import SimulatedReport

__all__ = ["render"]

KINDS = {Paragraph: "paragraph", Table: "table", Picture: "picture", Code: "code"}
MARK_SIGNS = {"good": "✓", "bad": "✗", "doubt": "≈", "": ""}


def render(report: SimulatedReport, earlier: Sequence[EarlierAttempt] = ()) -> str:
    """The whole page as text; `earlier` are the attempts to compare with, the oldest first."""
    return environment().get_template("simulated.html.jinja").render(_context(report, earlier))


def _context(report: SimulatedReport, earlier: Sequence[EarlierAttempt]) -> dict[str, Any]:
    sheet = source("style.css")
    return {
        "r": report,
        "wording": wording,
        "outcome": outcome,
        "words": simulated_outcome,
        "style": sheet,
        "style_hash": policy_hash(sheet),
        "ICONS": ICONS,
        "SIGNS": SIGNS,
        "MARK_SIGNS": MARK_SIGNS,
        "parts": _parts(report),
        "kind_of": _kind,
        "drawing": _drawing,
        "checks": checks_with_signs(report.checks),
        "attempts": earlier[-(MOST_ATTEMPTS - 1) :],
    }


def _kind(part: Part) -> str:
    return KINDS[type(part)]


def _parts(report: SimulatedReport) -> list[tuple[str, str]]:
    """(anchor, name) of each part that is there."""
    sections = [(section.anchor, section.title) for section in report.sections]
    return [
        *([("measures", "Measures")] if report.measures else []),
        *sections,
        *([("checks", "Checks")] if report.checks else []),
        *([("attempts", "Attempts")] if report.measures else []),
        ("run", "What next"),
    ]


def _drawing(drawing: Drawing, kind: str, title: str, text: str) -> Markup:
    """The SVG of a drawing; `kind` says on which screens it is shown."""
    label = printable(f"{title}. {text}" if title else text)
    size = f"0 0 {drawing.width:g} {drawing.height:g}"
    head = Markup('<svg class="{}" viewBox="{}" role="img" aria-label="{}">')
    head = head.format(kind, size, label)
    return head + Markup("").join(map(_shape, drawing.shapes)) + Markup("</svg>")


def _shape(shape: Shape) -> Markup:
    attributes = Markup("").join(
        Markup(' {}="{}"').format(name, printable(value)) for name, value in shape.attributes
    )
    title = Markup("<title>{}</title>").format(printable(shape.title)) if shape.title else ""
    inside = Markup("").join(map(_shape, shape.children))
    content = Markup("").join((title, escape(printable(shape.text)), inside))
    # names come from the fixed list of dojo.sections
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(shape.name), attributes, content)
