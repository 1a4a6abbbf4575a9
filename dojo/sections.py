"""What a kata shows of its judgement: sections of paragraphs, tables, code and pictures. Values.

The terminal and the page print the same sections. All text in them is plain: whoever prints it
escapes it. Knows neither of the two. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

__all__ = [
    *("Code", "Column", "Drawing", "Paragraph", "Part", "Picture", "Section", "Shape", "Table"),
    *("MARKS", "MOST_COLUMNS", "shape", "shapes_within"),
]

MARKS = ("good", "bad", "doubt", "")
MOST_COLUMNS = 56  # of a picture's lines in the terminal: it fits 60 with its indent
ELEMENTS = ("g", "path", "rect", "circle", "line", "polyline", "polygon", "text", "tspan")
ATTRIBUTES = {
    *("x", "y", "dx", "dy", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry"),
    *("width", "height", "d", "points", "transform", "class", "text-anchor"),
    *("stroke-width", "stroke-dasharray", "fill-opacity", "opacity", "tabindex"),
}
ANCHOR = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Shape:
    """An element of SVG. Made by `shape`, which lets through what a picture needs, and no more."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    title: str = ""  # what is read by who points at it
    children: tuple["Shape", ...] = ()


def shape(
    name: str, text: str = "", *children: Shape, title: str = "", **attributes: str | float
) -> Shape:
    """An element with its attributes: shape("rect", x=3, width=9, class_="fill-bad").

    In an attribute's name an underscore stands for a dash, and one at the end for nothing. Numbers
    are written to a tenth. ValueError on an element or an attribute that no picture needs.
    """
    if name not in ELEMENTS:
        raise ValueError(f"a picture has no element {name!r}: {', '.join(ELEMENTS)}")
    written = []
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if attribute not in ATTRIBUTES:
            raise ValueError(f"{name}: a shape has no attribute {attribute!r}")
        written.append((attribute, value if isinstance(value, str) else _number(value)))
    return Shape(name, tuple(written), text, title, children)


def _number(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a paper of this size."""

    width: float
    height: float
    shapes: Sequence[Shape]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text whose lines and indents mean something: PromQL, SQL."""

    text: str
    title: str = ""
    in_terminal: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    numeric: bool = False  # aligned to the right
    page_only: bool = False  # the terminal leaves it out


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts. `marks` colors whole rows: "good", "bad", "doubt" or "" for each."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    title: str = ""
    most_in_terminal: int = 12
    marks: Sequence[str] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.title!r}: each row needs {len(self.columns)} cells")
        if self.marks and len(self.marks) != len(self.rows):
            raise ValueError(f"table {self.title!r}: each row needs one mark")
        if unknown := set(self.marks) - set(MARKS):
            raise ValueError(f"table {self.title!r}: there is no mark {sorted(unknown)[0]!r}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for the page, and the same in lines of text for the terminal."""

    title: str
    alt: str  # what it shows, in words
    wide: Drawing  # about 680 units
    narrow: Drawing | None = None  # about 340 units, for telephones
    caption: str = ""
    lines: Sequence[str] = ()

    def __post_init__(self) -> None:
        if any(len(line) > MOST_COLUMNS for line in self.lines):
            raise ValueError(f"picture {self.title!r}: a line has over {MOST_COLUMNS} columns")


Part = Paragraph | Table | Picture | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report that a kata writes itself."""

    anchor: str  # its id on the page
    title: str
    parts: Sequence[Part]
    lead: str = ""
    aside: Sequence[str] = field(default=())  # notes in the margin of the page

    def __post_init__(self) -> None:
        if not ANCHOR.fullmatch(self.anchor):
            raise ValueError(f"section {self.title!r}: {self.anchor!r} is no anchor such as a-b")


def shapes_within(drawing: Drawing) -> Iterator[Shape]:
    """Every shape of a drawing, those within others among them."""
    waiting = list(drawing.shapes)
    while waiting:
        first = waiting.pop()
        waiting += first.children
        yield first
