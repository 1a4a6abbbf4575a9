"""A run that the app broke off, so that it has no report, as a value. Pure."""

from dataclasses import dataclass

__all__ = ["BrokenRun"]

MOST_LETTERS = 220  # of a line


@dataclass(frozen=True, slots=True)
class BrokenRun:
    """What became of it."""

    number: int  # among the attempts, from 1
    at: str  # ISO 8601, UTC
    fault: str  # AppHung, AppDied, …
    message: str  # its first line says what; the app's own words may follow

    @property
    def summary(self) -> str:
        """What happened, in a line that can be printed."""
        line = f"{self.fault}: {self.message.partition(chr(10))[0]}"
        text = "".join(char if char.isprintable() else " " for char in line)
        return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
