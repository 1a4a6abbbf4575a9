"""How what a row of the failure matrix did has ended. Values."""

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Ended", "Expect", "outcome"]


MET = re.compile(r"^ *MET +\S+, attempt", re.MULTILINE)


class Expect(StrEnum):
    """What comes of it, in the words of docs/failures.md."""

    UNCHANGED = "the verdict is the same: met"
    APP = "a failure of the app, by name"
    ERROR = "an error, never a failure"
    INVALID = "an invalid run, never a failure"
    REFUSED = "refused at once"
    GOES_ON = "goes on"


@dataclass(frozen=True)
class Ended:
    """What came of it, what was printed, the longest silence, and what is left."""

    outcome: Expect
    output: str
    silence_s: float = 0.0
    left: tuple[str, ...] = ()
    status: int = 0


def outcome(status: int, output: str) -> Expect:
    """What came of a command, by its exit status and by what pytest counted last."""
    counts = re.findall(r"^=.* in [\d.]+s.*$", output, re.MULTILINE)
    last = counts[-1] if counts else ""
    if status == 0:
        is_met = "passed" in last and MET.search(output) is not None
        return Expect.UNCHANGED if is_met else Expect.GOES_ON
    if "INVALID RUN" in output or "InvalidRun:" in output:
        return Expect.INVALID
    if "failed" in last and "error" not in last:
        return Expect.APP
    if "error" in last or (status == 1 and not last):
        return Expect.ERROR
    return Expect.REFUSED
