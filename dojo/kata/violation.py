"""A rule that a kata breaks: the file, what is wrong, what to do. A value."""

from dataclasses import dataclass

__all__ = ["Violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a kata breaks a rule."""

    file: str  # from the project's root; a folder ends with /
    problem: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}. {self.advice}"
