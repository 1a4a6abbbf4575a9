"""What the paths of the page's plots say, for their tests."""

import re

__all__ = ["corners", "height_at"]


def corners(path: str) -> list[tuple[float, float]]:
    """The corners of a path "Mx y x y …", which carry the marks."""
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]


def height_at(curve: str, x: float) -> float:
    """The height of a staircase "Mx yHxVyHx…" at a place."""
    height = float(re.findall(r"^M[\d.]+ ([\d.]+)", curve)[0])
    for step, after in re.findall(r"H([\d.]+)V([\d.]+)", curve):
        if float(step) <= x:
            height = float(after)
    return height
