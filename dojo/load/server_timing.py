"""What an answer cost the app, as its Server-Timing header says. Pure.

The app says so itself: good enough to look for a cause, never for a verdict. It says nothing of
statements that it sends past its own cursors.
"""

import re
from dataclasses import replace

from dojo.load.sample import Sample

__all__ = ["connection_wait_s", "statements_sent", "without_content"]

HEADER = "server-timing"
STATEMENTS = re.compile(r'\bdb;desc="(\d{1,9}) statements?"')
POOL = re.compile(r"(?:^|,)\s*pool;dur=(\d{1,9}(?:\.\d{1,6})?)")


def connection_wait_s(sample: Sample) -> float | None:
    """How long this answer waited for a pooled connection; None if the app does not say."""
    match = POOL.search(sample.headers.get("server-timing", ""))
    return float(match[1]) / 1000 if match else None


def statements_sent(sample: Sample) -> int | None:
    """The statements that the app sent for this answer; None if it does not say.

    It is the app's own count: BEGIN and COMMIT, which the driver sends by itself, are not in it.
    """
    match = STATEMENTS.search(sample.headers.get(HEADER, ""))
    return int(match[1]) if match else None


def without_content(sample: Sample) -> Sample:
    """The sample without its body, and of its headers only what `statements_sent` reads."""
    headers = {HEADER: sample.headers[HEADER]} if HEADER in sample.headers else {}
    return replace(sample, headers=headers, body=b"")
