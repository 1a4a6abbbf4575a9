"""How far a kata's run is, for whoever pauses for it: a value, and the line that carries it.

A line comes from another process of this machine, so nothing in it is trusted.
"""

import json
import os
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

__all__ = ["MOST_LINE_BYTES", "Phase", "RunState"]

Phase = Literal["waits", "starts", "burst", "ended", "broken_off"]
MOST_LINE_BYTES = 16384
MOST_TEXT = 400  # characters


@dataclass(frozen=True, slots=True)
class RunState:
    """One moment of a run. Without a kata's name it is a run that has not begun yet."""

    kata: str = ""
    phase: Phase = "waits"
    look: int = 1
    t_s: float = 0.0  # since the burst began
    burst_s: float = 0.0  # how long it may go on
    sent: int = 0
    done: int = 0
    pending: int = 0
    bad: int = 0
    verdict: str = ""  # of a run that has ended
    summary: str = ""
    page: str = ""  # path of its report
    pid: int = field(default_factory=os.getpid)

    def to_line(self) -> bytes:
        """As one line of JSON."""
        facts = {
            name: value[:MOST_TEXT] if isinstance(value, str) else value
            for name, value in asdict(self).items()
        }
        return json.dumps(facts).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "RunState | None":
        """Read back; None of a line that is none of ours."""
        try:
            facts = json.loads(line)
        except (ValueError, RecursionError):
            return None
        if not isinstance(facts, dict) or {each.name for each in fields(cls)} != set(facts):
            return None
        if not all(_fits(facts[each.name], each.name) for each in fields(cls)):
            return None
        return cls(**facts)


TEXTS = {"kata", "phase", "verdict", "summary", "page"}
TIMES = {"t_s", "burst_s"}


def _fits(value: Any, name: str) -> bool:
    """Whether a value can be what that field holds."""
    if name in TEXTS:
        is_text = isinstance(value, str) and len(value) <= MOST_TEXT
        return is_text and (name != "phase" or value in get_args(Phase))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < 1e9 and (name in TIMES or isinstance(value, int))
