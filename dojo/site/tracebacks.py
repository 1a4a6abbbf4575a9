"""Tracebacks in the output of a program, wherever and however it logs them. Pure.

Whole ones, chained ones ("During handling of the above exception …"), groups of exceptions, syntax
errors, and ones with the logger's words on the line before.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Frame", "Traceback", "by_request", "frames", "read", "words"]

BEGIN = "Traceback (most recent call last)"
FRAME = re.compile(r'[\s|+]*File "(.+)", line (\d+)(?:,? in (.+))?')
MARGIN = re.compile(r"\s*[|+][-+|\s]*")  # of a group of exceptions
WORD = re.compile(r"[0-9A-Za-z_-]{8,}")
EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?:: .*)?")
CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
MOST_WORDS = 120
NEAR_LINES = 3  # so close to a traceback the line of its request can stand


@dataclass(frozen=True, slots=True)
class Frame:
    """One call: `file` as the traceback names it; `function` is "" in a syntax error."""

    file: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Traceback:
    """One error as it came out of the program. The last of a chain, with the frames of all.

    `start` and `end` are the places of its first line and of the line after its last.
    """

    start: int
    end: int
    frames: tuple[Frame, ...]  # the outermost call first, of the exception that came out last
    earlier: tuple[Frame, ...]  # likewise of those before it in a chain
    exception: str  # "ValueError: not enough values to unpack (expected 6, got 4)"
    lines: tuple[str, ...]

    def innermost(self, is_own: Callable[[str], bool]) -> Frame | None:
        """The innermost frame in a file of one's own; None if there is none."""
        for part in (self.frames, self.earlier):
            if found := next((one for one in reversed(part) if is_own(one.file)), None):
                return found
        return None


def frames(lines: Iterable[str]) -> list[Frame]:
    """The frames that stand in the lines, in their order."""
    found = (FRAME.match(line) for line in lines)
    return [Frame(m[1], int(m[2]), m[3] or "") for m in found if m]


def read(lines: Sequence[str]) -> list[Traceback]:
    """All tracebacks in a program's output, in their order."""
    found: list[Traceback] = []
    at = 0
    while at < len(lines):
        if BEGIN not in lines[at]:
            at += 1
            continue
        one = _one(lines, at)
        before = found[-1] if found else None
        if before is not None and _is_chained(lines, before.end, one.start):
            found[-1] = Traceback(
                before.start,
                one.end,
                one.frames,
                (*before.earlier, *before.frames),
                one.exception,
                tuple(lines[before.start : one.end]),
            )
        else:
            found.append(one)
        at = one.end
    return found


def _one(lines: Sequence[str], start: int) -> Traceback:
    """The traceback that begins there; it ends with its exception, at a line without an indent."""
    end, exception = start + 1, ""
    if MARGIN.match(lines[start]):
        while end < len(lines) and MARGIN.match(lines[end]):
            text = MARGIN.sub("", lines[end])
            exception = text if EXCEPTION.fullmatch(text) else exception
            end += 1
    else:
        while end < len(lines) and lines[end][:1] in ("", " ", "\t"):
            end += 1
        if end < len(lines):
            exception = lines[end].strip()
            end += 1
    block = tuple(lines[start:end])
    return Traceback(start, end, tuple(frames(block)), (), exception, block)


def _is_chained(lines: Sequence[str], end: int, start: int) -> bool:
    between = [line.strip() for line in lines[end:start] if line.strip()]
    return len(between) == 1 and between[0] in CHAINED


def words(exception: str) -> str:
    """An exception's type and first words."""
    text = exception
    return text if len(text) <= MOST_WORDS else f"{text[: MOST_WORDS - 1]}…"


def by_request(lines: Sequence[str], failed: Sequence[str]) -> dict[str, Traceback]:
    """Which traceback belongs to which request.

    `failed` are ids of requests that came to grief, in the order in which they ended. A traceback
    is a request's if the id stands in it or on the line before; else if the request's own line in
    the log is close to it. Where the log has no ids at all, and as many tracebacks as requests that
    failed, they belong together in their order.
    """
    wanted, found, left = set(failed), dict[str, Traceback](), list[Traceback]()
    traces = read(lines)
    for trace in traces:
        told = [lines[trace.start - 1]] if trace.start else []
        named = _named([*told, *trace.lines], wanted)
        if named and named not in found:
            found[named] = trace
        else:
            left.append(trace)
    unnamed = list[Traceback]()
    for trace in left:
        around = [
            *reversed(lines[max(0, trace.start - NEAR_LINES) : trace.start]),
            *lines[trace.end : trace.end + NEAR_LINES],
        ]
        named = _named(around, wanted - found.keys())
        if named:
            found[named] = trace
        else:
            unnamed.append(trace)
    if not found and len(unnamed) == len(failed):
        return dict(zip(failed, unnamed, strict=True))
    return found


def _named(lines: Iterable[str], ids: set[str]) -> str | None:
    for line in lines:
        for match in WORD.finditer(line):
            if match[0] in ids:
                return match[0]
    return None
