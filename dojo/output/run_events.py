"""What a run that is watched tells its watcher: a line of JSON for each event. Pure.

An event's line begins with the record separator, as in JSON text sequences (RFC 7464); every other
line of the output is for people.
"""

import json
from dataclasses import dataclass, field
from typing import Any

__all__ = ["VARIABLE", "Event", "event_line", "read_line"]

VARIABLE = "DOJO_WATCHED"  # set for a run that is watched: the file whose appearance starts it
MARK = "\x1e"


@dataclass(frozen=True, slots=True)
class Event:
    """`kind`: ready, opened, message, alone, progress or problem; `facts` are the kind's own."""

    kind: str
    facts: dict[str, Any] = field(default_factory=dict)


def event_line(kind: str, **facts: Any) -> str:
    """The event as a line."""
    return f"{MARK}{json.dumps({'kind': kind, **facts})}\n"


def read_line(line: str) -> Event:
    """The event of a line; a line for people is a `message`, with its text."""
    if line.startswith(MARK):
        try:
            facts = json.loads(line[len(MARK) :])
            return Event(facts.pop("kind"), facts)
        except (ValueError, KeyError, AttributeError, TypeError):
            pass
    return Event("message", {"text": line.rstrip("\n")})
