"""The files that `./run dojo status --json` wrote on many machines, read as one row each. Pure.

The files come from other people: whatever is in one, it becomes a row, with a reason where it is no
status. Texts are cut and cleaned before anybody prints them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = ["KataStatus", "PersonStatus", "read_status"]

MOST_BYTES = 1_000_000  # a status has some thousand
MOST_LETTERS = 60
STATES = ("solved", "started", "not started")
NEVER = datetime.min.replace(tzinfo=UTC)
NO_STATUS = "no output of ./run dojo status --json"


@dataclass(frozen=True, slots=True)
class KataStatus:
    """How far somebody is with one kata."""

    kata: str
    state: str
    verdict: str | None  # of the last attempt
    attempts: int
    hints: int
    one_fault: bool  # reset --to-fault was used
    best: tuple[float, float] | None  # SLI and target, of the objective that is furthest away
    begun_at: datetime | None
    solved_at: datetime | None
    progress_at: datetime | None
    last_at: datetime | None

    @property
    def solved_in(self) -> timedelta | None:
        """From the first attempt to the green one."""
        if self.begun_at is None or self.solved_at is None:
            return None
        return self.solved_at - self.begun_at


@dataclass(frozen=True, slots=True)
class PersonStatus:
    """A file: somebody's status, or why it can't be read."""

    name: str
    problem: str = ""
    version: str = ""
    written_at: datetime | None = None
    katas: tuple[KataStatus, ...] = ()

    @property
    def solved(self) -> int:
        """How many katas are solved."""
        return sum(kata.state == "solved" for kata in self.katas)

    @property
    def current(self) -> KataStatus | None:
        """The kata that was attempted last and is not solved, else the first one not begun."""
        started = [kata for kata in self.katas if kata.state == "started"]
        if started:
            return max(started, key=lambda kata: kata.last_at or NEVER)
        return next((kata for kata in self.katas if kata.state == "not started"), None)

    @property
    def stuck_for(self) -> timedelta | None:
        """How long nothing has got better in the current kata; None if it is not begun."""
        current = self.current
        if current is None or current.progress_at is None or self.written_at is None:
            return None
        return max(self.written_at - current.progress_at, timedelta())


def read_status(name: str, content: bytes) -> PersonStatus:
    """The status that a file holds; one with a `problem` if it holds none."""
    name = _clean(name)
    if not content.strip():
        return PersonStatus(name, "the file is empty")
    if len(content) > MOST_BYTES:
        return PersonStatus(name, f"larger than {MOST_BYTES // 1_000_000} MB; {NO_STATUS}")
    try:
        facts = json.loads(content)
    except (ValueError, RecursionError):
        return PersonStatus(name, f"no JSON; {NO_STATUS}")
    if not isinstance(facts, dict) or not isinstance(facts.get("katas"), list):
        return PersonStatus(name, NO_STATUS)
    try:
        katas = tuple(_kata(each) for each in facts["katas"])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        return PersonStatus(name, f"a kata in it can't be read: {_clean(str(error))}")
    if not katas:
        return PersonStatus(name, "it names no kata")
    return PersonStatus(
        name,
        version=_clean(str(facts.get("version") or "")),
        written_at=_time(facts, "written_at"),
        katas=katas,
    )


def _kata(facts: Mapping[str, Any]) -> KataStatus:
    if facts["state"] not in STATES:
        raise ValueError(f"there is no state {facts['state']!r}")
    best = [(float(each["sli"]), float(each["target"])) for each in facts.get("best") or ()]
    verdict = facts.get("last_verdict")
    return KataStatus(
        kata=_clean(str(facts["kata"])),
        state=facts["state"],
        verdict=None if verdict is None else _clean(str(verdict)),
        attempts=int(facts["attempts"]),
        hints=int(facts["hints"]),
        one_fault=facts.get("one_fault_since") is not None,
        best=min(best, key=lambda each: each[0] - each[1], default=None),
        begun_at=_time(facts, "begun_at"),
        solved_at=_time(facts, "solved_at"),
        progress_at=_time(facts, "progress_at"),
        last_at=_time(facts, "last_at"),
    )


def _time(facts: Mapping[str, Any], key: str) -> datetime | None:
    """A time with its zone; None if there is none. ValueError for one without a zone."""
    if (text := facts.get(key)) is None:
        return None
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError(f"{key} has no time zone")
    return moment


def _clean(text: str) -> str:
    """Without what would move a terminal's cursor, in one line, and not too long."""
    text = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * MOST_LETTERS])
    return " ".join(text.split())[:MOST_LETTERS]
