"""What was handed in, by whom, and why it can't be used. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["ARCHIVES", "PATCHES", "Kind", "Submission", "Unreadable", "kind_of", "named"]

Kind = Literal["folder", "patch", "archive", "reference", "other"]
ARCHIVES = (".tar.gz", ".tgz", ".tar", ".zip")
PATCHES = (".patch", ".diff")


class Unreadable(Exception):
    """Why a submission can't be judged, as a sentence without its end. It is a row, not a fault."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One argument of the command line, and what it is called in the tables."""

    name: str
    argument: str
    kind: Kind


def kind_of(argument: str, *, is_folder: bool, exists: bool) -> Kind:
    """What an argument is; one that is no path may be a reference of git."""
    if is_folder:
        return "folder"
    if not exists:
        return "reference"
    lower = argument.lower()
    if lower.endswith(ARCHIVES):
        return "archive"
    return "patch" if lower.endswith(PATCHES) else "other"


def named(arguments: Sequence[tuple[str, Kind]]) -> list[Submission]:
    """Submissions with names that are all different.

    The name is the file's without its ending; of a folder called app that of the folder above it.
    Where two are the same, the folder above is put before them, and then a number behind.
    """
    names = [_name(argument, kind) for argument, kind in arguments]
    often = Counter(names)
    longer = [
        f"{_above(argument, kind)}/{name}" if often[name] > 1 and _above(argument, kind) else name
        for name, (argument, kind) in zip(names, arguments, strict=True)
    ]
    taken: set[str] = set()
    submissions = []
    for name, (argument, kind) in zip(longer, arguments, strict=True):
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = f"{name} ({number})"
        taken.add(unique)
        submissions.append(Submission(unique, argument, kind))
    return submissions


def _name(argument: str, kind: Kind) -> str:
    if kind == "reference":
        return argument
    parts = _parts(argument)
    if kind == "folder" and parts[-1] == "app" and parts[-2:-1] not in ([], [".."]):
        return parts[-2]
    for ending in (*ARCHIVES, *PATCHES):
        if kind != "folder" and parts[-1].lower().endswith(ending):
            return parts[-1][: -len(ending)] or parts[-1]
    return parts[-1]


def _above(argument: str, kind: Kind) -> str:
    """The name of the folder that a submission is in; "" if it has none."""
    if kind == "reference":
        return ""
    parts = _parts(argument)
    if kind == "folder" and parts[-1] == "app":
        parts = parts[:-1]
    return parts[-2] if len(parts) > 1 else ""


def _parts(argument: str) -> list[str]:
    """The parts of a path; at least one."""
    return [part for part in argument.split("/") if part not in ("", ".")] or [argument]
