"""Small things that every part of the report in the terminal needs."""

import re

from rich.console import Console
from rich.text import Text

__all__ = ["head", "safe"]

MOST_TEXT = 220
CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f]")


def head(console: Console, text: str) -> None:
    """The heading of a part."""
    console.print()
    console.print(Text(text, style="bold"))


def safe(text: str) -> str:
    """Text of the app's as text: nothing in it moves the cursor or colors the screen."""
    flat = CONTROL.sub(" ", text)
    return flat if len(flat) <= MOST_TEXT else f"{flat[: MOST_TEXT - 1]}…"
