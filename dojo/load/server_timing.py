"""What an answer cost the app, as its Server-Timing header says. Pure.

The app says so itself: good enough to look for a cause, never for a verdict.
"""

import re
from dataclasses import dataclass

from dojo.load.sample import Sample

__all__ = ["ServerTime", "server_time", "statements_sent"]

STATEMENTS = re.compile(r'\bdb;desc="(\d{1,9}) statements?"')
DURATION = re.compile(r"(?:^|,)\s*(app|db|pool)\b[^,]*?;dur=(\d{1,9}(?:\.\d{1,6})?)")


@dataclass(frozen=True, slots=True)
class ServerTime:
    """Where the time of one answer went, in seconds."""

    app_s: float  # from the request's arrival to the head of the answer
    database_s: float  # waiting for statements
    pool_s: float  # waiting for a pooled connection

    @property
    def python_s(self) -> float:
        """The rest."""
        return max(0.0, self.app_s - self.database_s - self.pool_s)


def server_time(sample: Sample) -> ServerTime | None:
    """What the app says of this answer; None unless it says all three."""
    durations = dict(DURATION.findall(sample.headers.get("server-timing", "")))
    if durations.keys() != {"app", "db", "pool"}:
        return None
    app_s, database_s, pool_s = (float(durations[k]) / 1000 for k in ("app", "db", "pool"))
    return ServerTime(app_s, database_s, pool_s)


def statements_sent(sample: Sample) -> int | None:
    """The statements that the app sent for this answer; None if it does not say.

    It is the app's own count: BEGIN and COMMIT, which the driver sends by itself, are not in it.
    """
    match = STATEMENTS.search(sample.headers.get("server-timing", ""))
    return int(match[1]) if match else None
