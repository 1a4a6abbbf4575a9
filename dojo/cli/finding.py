"""What `dojo doctor` says of one thing: fine, worth knowing, or in the way. Pure."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "bad", "fine", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` is what was looked at, `text` what was seen, `advice` what to do about it."""

    name: str
    state: Literal["fine", "note", "bad"]
    text: str
    advice: str = ""


def fine(name: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(name, "fine", text)


def note(name: str, text: str, advice: str = "") -> Finding:
    """Katas run; it is worth knowing all the same."""
    return Finding(name, "note", text, advice)


def bad(name: str, text: str, advice: str) -> Finding:
    """Katas don't run, or their runs will be invalid, until something is done."""
    return Finding(name, "bad", text, advice)
