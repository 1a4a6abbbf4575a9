"""Reads what a page says about its things: HTML microdata, as a browser would parse it. Pure.

The marks stand on the text that people see, so a page can't say one thing to people and another
to machines.
"""

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Item", "read_items", "text_of"]


@dataclass(slots=True)
class Item:
    """One itemscope: its type's last word, its data-* marks, its properties."""

    kind: str
    marks: dict[str, str]
    section: str  # id of the nearest enclosing element that has one; "" without
    values: dict[str, str] = field(default_factory=dict)
    items: dict[str, "Item"] = field(default_factory=dict)  # properties that are items themselves
    parts: list["Item"] = field(default_factory=list)  # all of those, in their order


def read_items(html: bytes) -> list[Item]:
    """The page's outermost items, in the order in which they stand."""
    root = LexborHTMLParser(html).root
    found: list[Item] = []
    if root is not None:
        _walk(root, None, "", found)
    return found


def _walk(node: LexborNode, owner: Item | None, section: str, found: list[Item]) -> None:
    for child in node.iter(include_text=False):
        marks = child.attributes
        inner, within = owner, marks.get("id") or section
        prop = marks.get("itemprop")
        if "itemscope" in marks:
            kind = (marks.get("itemtype") or "").rsplit("/", 1)[-1]
            data = {k[5:]: v or "" for k, v in marks.items() if k.startswith("data-")}
            inner = Item(kind, data, within)
            if owner is None or prop is None:
                found.append(inner)
            else:
                owner.items[prop] = inner
                owner.parts.append(inner)
        elif prop is not None and owner is not None:
            owner.values[prop] = _value(child)
        _walk(child, inner, within, found)


def _value(node: LexborNode) -> str:
    marks = node.attributes
    for name in ("value", "datetime", "content"):
        if (value := marks.get(name)) is not None:
            return value
    return " ".join(node.text(deep=True).split())


def text_of(html: bytes, selector: str) -> str | None:
    """The text of the first element that a CSS selector finds, white space folded; None without."""
    node = LexborHTMLParser(html).css_first(selector)
    return None if node is None else " ".join(node.text(deep=True).split())
