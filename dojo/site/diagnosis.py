"""Where in app/ an error happened, read from what the app printed. Pure but for paths.

It knows tracebacks, the stacks that Python's faulthandler writes, and which files are the app's.
It knows no process.
"""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dojo.report import Failure
from dojo.site.tracebacks import Frame, by_request, frames, read, shortened

__all__ = ["Diagnosis", "exit_reason"]

MOST_SOURCE_LINES = 30
LINES_AFTER = 7  # of the log, after a traceback's last line
TAIL_LINES = 15
MOST_CALLS = 8


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Reads the log of the app in `app_dir`, an absolute path; places are app/file.py:line."""

    app_dir: Path

    def failures(
        self, lines: Sequence[str], failed: Sequence[str], *, by_id_alone: bool = False
    ) -> Mapping[str, Failure]:
        """The exception behind each failed request, by request id.

        `failed` has the ids of the requests that failed, in the order in which they ended. A
        request about which the log has no traceback is left out. `by_id_alone`:
        only what has the id in it or on the line before.
        """
        failures = {}
        for request_id, trace in by_request(lines, failed, by_id_alone=by_id_alone).items():
            frame = trace.innermost(self._is_own)
            place = self._call(frame) if frame else ""
            failures[request_id] = Failure(shortened(trace.exception), place)
        return failures

    def last_error(self, lines: Sequence[str]) -> str:
        """The last traceback, or the last fatal error, without the frames of others' files.

        Without any of them, the last lines.
        """
        fatal = [at for at, line in enumerate(lines) if "Fatal Python error" in line]
        traces = read(lines)
        if fatal and (not traces or fatal[-1] > traces[-1].start):
            return f"{lines[fatal[-1]]}: {self.current_call(lines[fatal[-1] :])}"
        if not traces:
            return _tail(lines)
        last, source, is_own = traces[-1], list[str](), False
        for line in last.lines[1:-1]:
            if of_line := frames([line]):
                is_own = self._is_own(of_line[0].file)
            if is_own:
                source.append(line)
        frame = last.innermost(self._is_own)
        text = "\n".join(
            [*source[-MOST_SOURCE_LINES:], *lines[last.end - 1 : last.end + LINES_AFTER]]
        )
        return f"{f'See {self._place(frame)}.' if frame else ''}\n{text}".replace(
            f"{self.app_dir.parent}/", ""
        )

    def current_call(self, stacks: Sequence[str]) -> str:
        """What the app is doing, from the stacks of its threads as faulthandler writes them.

        The innermost frame in a file of the app; in the current thread if there is one.
        """
        current = [at for at, line in enumerate(stacks) if line.startswith("Current thread")]
        for part in (stacks[current[0] :] if current else (), stacks):
            own = [frame for frame in frames(part) if self._is_own(frame.file)]
            if own:
                calls = "\n".join(f"  {self._call(frame)}" for frame in own[:MOST_CALLS])
                return f"it is at {self._call(own[0])}\nThe innermost call first:\n{calls}"
        return (
            "none of its threads is in a file of app/, so it awaits something that does not come:"
            " perhaps a statement that Postgres is still busy with, a lock, or a connection. Look"
            " for what it awaits."
        )

    def _is_own(self, file: str) -> bool:
        return Path(file).is_relative_to(self.app_dir)

    def _place(self, frame: Frame) -> str:
        return f"app/{Path(frame.file).relative_to(self.app_dir)}:{frame.line}"

    def _call(self, frame: Frame) -> str:
        return f"{self._place(frame)} in {frame.function}"


def _tail(lines: Sequence[str]) -> str:
    if not any(line.strip() for line in lines):
        return "It printed nothing. Look in app/ for what ends it, such as sys.exit or os._exit."
    return "The last lines of its log:\n" + "\n".join(lines[-TAIL_LINES:])


def exit_reason(status: int) -> str:
    """`status 1`, or `signal SIGKILL` for a negative status."""
    try:
        return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
    except ValueError:
        return f"status {128 - status}"  # ChildProcess can't tell a status over 128 from a signal
