"""The processes of a machine without /proc (macOS), as ps(1) lists them.

It tells CPU time and ancestry, so that a busy program is named, and nothing of who waited for a
CPU. The columns are those that macOS and Linux have in common.
"""

import subprocess
from contextlib import suppress
from datetime import datetime
from pathlib import PurePath

from dojo.site.machine.processes import Process

__all__ = ["listed_processes", "parse_line"]

COMMAND = ["ps", "-A", "-o", "pid=,ppid=,nice=,time=,lstart=,comm="]
STARTED = "%a %b %d %H:%M:%S %Y"
STARTED_WORDS = 5
AT_MOST_S = 2.0


def listed_processes() -> dict[int, Process]:
    """All processes that can be seen, by pid; empty where there is no ps either."""
    with suppress(OSError, subprocess.SubprocessError):
        text = subprocess.run(
            COMMAND,
            env={"LC_ALL": "C", "PATH": "/bin:/usr/bin"},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=AT_MOST_S,
            check=True,
        ).stdout
        lines = map(parse_line, text.splitlines())
        return {process.pid: process for process in lines if process is not None}
    return {}


def parse_line(line: str) -> Process | None:
    """A line of ps; None if it is none. What children used is not known."""
    words = line.split(None, 4 + STARTED_WORDS)
    try:
        started = datetime.strptime(" ".join(words[4 : 4 + STARTED_WORDS]), STARTED)  # noqa: DTZ007
        return Process(
            pid=int(words[0]),
            parent=int(words[1]),
            started=int(started.timestamp()),
            name=PurePath(words[4 + STARTED_WORDS]).name,
            cpu_s=_seconds(words[3]),
            reaped_s=0.0,
            nice=int(words[2]),
            policy=0,
            kernel=int(words[0]) == 0,
        )
    except (ValueError, IndexError):
        return None


def _seconds(text: str) -> float:
    """[[days-]hours:]minutes:seconds[.hundredths]."""
    days, _, time = text.rpartition("-")
    total = 0.0
    for part in time.split(":"):
        total = 60 * total + float(part)
    return 86_400 * int(days or 0) + total
