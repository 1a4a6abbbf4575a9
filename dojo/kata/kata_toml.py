"""A kata's .meta/kata.toml: which files of app/ are its own, and whether it is complete. Pure."""

import tomllib
from dataclasses import dataclass
from typing import Any

__all__ = ["KataToml", "parse_kata_toml"]

STATUSES = ("draft", "active")


@dataclass(frozen=True, slots=True)
class KataToml:
    """What a kata declares of itself. `problems` says what is missing or has the wrong type."""

    owns: tuple[str, ...] = ()  # such as app/home.py
    migrations: tuple[int, ...] = ()  # numbers that its new migrations may have
    status: str = ""
    problems: tuple[str, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether the kata is not complete, and so no part of `pytest katas`."""
        return self.status == "draft"


def parse_kata_toml(text: str) -> KataToml:
    """Read the text; what can't be used is left out, and named in `problems`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return KataToml(problems=(f"is no TOML: {error}",))
    unknown = sorted(set(table) - {"owns", "migrations", "status"})
    problems = [f"has an unknown key {key!r}" for key in unknown]
    owns = _list_of(table, "owns", str, problems)
    migrations = _list_of(table, "migrations", int, problems)
    status = table.get("status")
    if status not in STATUSES:
        problems.append(f"status must be one of {', '.join(STATUSES)}, not {status!r}")
        status = ""
    return KataToml(tuple(owns), tuple(migrations), status, tuple(problems))


def _list_of(table: dict[str, Any], key: str, kind: type, problems: list[str]) -> list[Any]:
    values = table.get(key)
    if isinstance(values, list) and all(type(value) is kind for value in values):
        return values
    names = {str: "file names", int: "whole numbers"}
    problems.append(f"{key} must be a list of {names[kind]}, not {values!r}")
    return []
