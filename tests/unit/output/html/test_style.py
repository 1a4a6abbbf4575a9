"""The page's style sheet."""

import re

import pytest

from dojo.output.html.page import source


def luminance(color: str) -> float:
    """Relative luminance by WCAG 2.2, of a color as #rrggbb."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(color: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2."""
    high, low = sorted((luminance(color), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_defined() -> None:
    """Black on white is 21; the grey that is known to just pass does so."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_text_color_is_readable_in_every_scheme() -> None:
    """At least 4.5:1 on each ground that it stands on: light, dark, and on paper."""
    schemes = re.findall(r":root \{([^}]+)\}", source("style.css"))
    assert len(schemes) == 3
    for scheme in schemes:
        colors = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", scheme))
        for ink in ("ink", "soft", "good", "bad", "doubt"):
            for ground in ("paper", "card"):
                assert contrast(colors[ink], colors[ground]) >= 4.5, (ink, ground, scheme)
        for fill in ("good", "bad", "doubt"):
            assert contrast(colors["on-fill"], colors[fill]) >= 4.5, (fill, scheme)
