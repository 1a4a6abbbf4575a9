"""Reads the microdata of an HTML page, parsed as a browser would. Pure.

Microdata are attributes of the elements whose text people read, so a page can't show people one
thing and tell machines another.
"""

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Item", "read_items", "text_of"]


@dataclass(slots=True)
class Item:
    """One itemscope: the last word of its type, its data-* attributes, its properties."""

    kind: str
    marks: dict[str, str]
    section: str  # id of the nearest enclosing element that has one; "" without
    values: dict[str, str] = field(default_factory=dict)
    items: dict[str, "Item"] = field(default_factory=dict)  # properties that are items themselves
    parts: list["Item"] = field(default_factory=list)  # all of those, in their order


def read_items(html: bytes) -> list[Item]:
    """The page's outermost items, in the order in which they stand."""
    root = LexborHTMLParser(html).root
    items: list[Item] = []
    if root is not None:
        _walk(root, None, "", items)
    return items


def _walk(node: LexborNode, owner: Item | None, section: str, outermost: list[Item]) -> None:
    for child in node.iter(include_text=False):
        attributes = child.attributes
        inner, within = owner, attributes.get("id") or section
        prop = attributes.get("itemprop")
        if "itemscope" in attributes:
            kind = (attributes.get("itemtype") or "").rsplit("/", 1)[-1]
            data = {k[5:]: v or "" for k, v in attributes.items() if k.startswith("data-")}
            inner = Item(kind, data, within)
            if owner is None or prop is None:
                outermost.append(inner)
            else:
                owner.items[prop] = inner
                owner.parts.append(inner)
        elif prop is not None and owner is not None:
            owner.values[prop] = _value(child)
        _walk(child, inner, within, outermost)


def _value(node: LexborNode) -> str:
    for name in ("value", "datetime", "content"):
        if (value := node.attributes.get(name)) is not None:
            return value
    return " ".join(node.text(deep=True).split())


def text_of(html: bytes, selector: str) -> str | None:
    """The text of the first element that a CSS selector finds, white space folded; None without."""
    node = LexborHTMLParser(html).css_first(selector)
    return None if node is None else " ".join(node.text(deep=True).split())
