"""How many statements an answer cost, as the app's Server-Timing header says. Pure."""

import re
from dataclasses import replace

from dojo.load.sample import Sample

__all__ = ["statements_sent", "without_content"]

HEADER = "server-timing"
STATEMENTS = re.compile(r'\bdb;desc="(\d{1,9}) statements?"')


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
