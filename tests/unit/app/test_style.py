"""The shop's colors: everybody can read what is written, by day and by night."""

import re

import pytest

from tests.support.project import ROOT

STYLE = (ROOT / "app" / "static" / "style.css").read_text()
TEXT, EDGE = 4.5, 3.0  # WCAG 2.2, level AA: 1.4.3 for text, 1.4.11 for the edges of fields
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "dim", "accent") for ground in ("paper", "card")),
    ("star", "card", EDGE),  # large, or beside the same in figures
    ("edge", "card", EDGE),
    ("edge", "paper", EDGE),
    ("alarm", "sunk", TEXT),
    ("good", "card", TEXT),
    ("on-accent", "accent", TEXT),
]


def colors(scheme: str) -> dict[str, str]:
    """The colors by name, as six hexadecimal digits; the dark ones stand behind the light ones."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)[:2]
    values = {}
    for block in (light, dark) if scheme == "dark" else (light,):
        for name, value in re.findall(r"--([a-z-]+): #([0-9a-f]{3,6})\b", block):
            values[name] = value if len(value) == 6 else "".join(digit * 2 for digit in value)
    return values


def luminance(color: str) -> float:
    """Relative luminance, as WCAG defines it."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_contrast(scheme: str, ink: str, ground: str, least: float) -> None:
    """Text and the edges of fields stand out from what they are on."""
    values = colors(scheme)
    lighter, darker = sorted((luminance(values[ink]), luminance(values[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_nothing_comes_from_elsewhere() -> None:
    """The style asks no other host for fonts or pictures."""
    assert "url(" not in STYLE
    assert "@import" not in STYLE
