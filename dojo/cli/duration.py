"""Lengths of time as people write them: 60, 90s, 10m, 1h. Pure."""

import re

__all__ = ["clock", "duration_s", "spoken"]

UNITS_S = {"": 1, "s": 1, "m": 60, "h": 3600}


def duration_s(text: str) -> float:
    """Seconds; ValueError if it is no length of time, or zero."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smh]?)\s*", text, flags=re.ASCII)
    if match is None or not (seconds := float(match[1]) * UNITS_S[match[2]]):
        raise ValueError(f"{text!r} is no length of time; write it like 60, 90s, 10m or 1h")
    return seconds


def spoken(seconds: float) -> str:
    """The shortest form that `duration_s` reads: 1 h, 90 s."""
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def clock(seconds: float) -> str:
    """As a clock shows it: 0:07, 12:30, 1:00:00."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
