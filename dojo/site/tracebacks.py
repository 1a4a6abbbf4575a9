"""Tracebacks in the output of a program, however it logs them. Pure.

It reads single and chained ones ("During handling of the above exception …"), exception groups,
syntax errors, and tracebacks whose first line begins with the logger's words. Any text may come in:
no line of a log is an error here.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Frame", "Traceback", "by_request", "frames", "read", "shortened"]

BEGIN = "Traceback (most recent call last)"
FRAME = re.compile(r'[\s|+]*File "(.+)", line ([0-9]{1,9})(?:,? in (.+))?')
MARGIN = re.compile(r"\s*[|+][-+|\s]*")  # of a group of exceptions
REQUEST_ID = re.compile(r"[0-9A-Za-z_-]{8,}")
EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?:: .*)?")
CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
MOST_CHARACTERS = 120
NEAR_LINES = 3  # at most so far from a traceback stands the line of its request


@dataclass(frozen=True, slots=True)
class Frame:
    """One call: `file` as the traceback names it; `function` is "" in a syntax error."""

    file: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Traceback:
    """One error as the program printed it; of a chain the last exception, with all frames.

    `start` is the index of its first line in the output, `end` that of the line after its last.
    """

    start: int
    end: int
    frames: tuple[Frame, ...]  # of the last exception; the outermost call first
    earlier: tuple[Frame, ...]  # of the exceptions before it in the chain; likewise
    exception: str  # "ValueError: not enough values to unpack (expected 6, got 4)"
    lines: tuple[str, ...]

    def innermost(self, is_own: Callable[[str], bool]) -> Frame | None:
        """The innermost frame in a file for which `is_own` is true; None if there is none."""
        for part in (self.frames, self.earlier):
            if frame := next((frame for frame in reversed(part) if is_own(frame.file)), None):
                return frame
        return None


def frames(lines: Iterable[str]) -> list[Frame]:
    """The frames that stand in the lines, in their order."""
    matches = (FRAME.match(line) for line in lines)
    return [Frame(match[1], int(match[2]), match[3] or "") for match in matches if match]


def read(lines: Sequence[str]) -> list[Traceback]:
    """All tracebacks in a program's output, in their order."""
    traces: list[Traceback] = []
    at = 0
    while at < len(lines):
        if BEGIN not in lines[at]:
            at += 1
            continue
        trace = _read_single(lines, at)
        before = traces[-1] if traces else None
        if before is not None and _is_chained(lines, before.end, trace.start):
            traces[-1] = Traceback(
                before.start,
                trace.end,
                trace.frames,
                (*before.earlier, *before.frames),
                trace.exception,
                tuple(lines[before.start : trace.end]),
            )
        else:
            traces.append(trace)
        at = trace.end
    return traces


def _read_single(lines: Sequence[str], start: int) -> Traceback:
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


def shortened(exception: str) -> str:
    """An exception's type and first words."""
    if len(exception) <= MOST_CHARACTERS:
        return exception
    return f"{exception[: MOST_CHARACTERS - 1]}…"


def by_request(
    lines: Sequence[str], failed: Sequence[str], *, by_id_alone: bool = False
) -> dict[str, Traceback]:
    """Which traceback belongs to which request.

    `failed` has the ids of the requests that failed, in the order in which they ended. A traceback
    belongs to a request if the id stands in it or on the line before; else if the request's own
    line in the log is near. If the log has no ids at all, and as many tracebacks as requests that
    failed, they are matched in their order. `by_id_alone`: only the first of these.
    """
    wanted, matched, rest = set(failed), dict[str, Traceback](), list[Traceback]()
    for trace in read(lines):
        line_before = [lines[trace.start - 1]] if trace.start else []
        request_id = _first_id([*line_before, *trace.lines], wanted)
        if request_id and request_id not in matched:
            matched[request_id] = trace
        else:
            rest.append(trace)
    if by_id_alone:
        return matched
    unmatched = list[Traceback]()
    for trace in rest:
        near = [
            *reversed(lines[max(0, trace.start - NEAR_LINES) : trace.start]),
            *lines[trace.end : trace.end + NEAR_LINES],
        ]
        request_id = _first_id(near, wanted - matched.keys())
        if request_id:
            matched[request_id] = trace
        else:
            unmatched.append(trace)
    if not matched and len(unmatched) == len(failed):
        return dict(zip(failed, unmatched, strict=True))
    return matched


def _first_id(lines: Iterable[str], ids: set[str]) -> str | None:
    for line in lines:
        for match in REQUEST_ID.finditer(line):
            if match[0] in ids:
                return match[0]
    return None
