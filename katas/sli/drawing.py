"""What the pictures of kata 05 have in common: their widths, and a text at a place. Pure."""

from dojo import Shape, shape

__all__ = ["NARROW", "WIDE", "label"]

WIDE, NARROW = 680.0, 340.0


def label(x: float, y: float, text: str, anchor: str, class_: str = "") -> Shape:
    """A text at a place; `anchor` is start, middle or end."""
    attributes: dict[str, str | float] = {"x": x, "y": y, "text_anchor": anchor}
    if class_:
        attributes["class_"] = class_
    return shape("text", text, **attributes)  # type: ignore[arg-type]
