"""Which process listens on a port of this machine, as far as this user may see."""

import re
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

from dojo.errors import BadSetting

__all__ = ["free_after", "holder", "require_free"]

LISTENING = "0A"  # in /proc/net/tcp
TOOL_S = 3.0
LONGEST_NAME = 60


def require_free(host: str, port: int, option: str) -> None:
    """BadSetting if the port is taken: by which process, and which option names another port."""
    if port and not _free(host, port):
        who = holder(port) or "a process that can't be seen from here"
        raise BadSetting(
            f"Port {port} is taken by {who}. End that, or take another port:"
            f" {option} {free_after(host, port)}"
        )


def free_after(host: str, port: int) -> int:
    """The next port that is free; 0, which means any, if there is none above."""
    return next((other for other in range(port + 1, 65536) if _free(host, other)), 0)


def holder(port: int) -> str | None:
    """`name (process pid)` of the process that listens on a TCP port; None if it can't be seen."""
    pid = _by_proc(port) or _by_lsof(port)
    return None if pid is None else f"{_name(pid)} (process {pid})"


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    with socket.socket() as probe:  # macOS lets one bind an address beside somebody's wildcard
        probe.settimeout(0.5)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:  # where localhost leads first
        probe.settimeout(0.5)
        return probe.connect_ex(("::1", port)) != 0
    return True


def _by_proc(port: int) -> int | None:
    """Linux: the process that has the listening socket open."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    if not sockets:
        return None
    for fds in Path("/proc").glob("[0-9]*/fd"):
        with suppress(OSError):  # another user's, or gone meanwhile
            if any(str(fd.readlink()) in sockets for fd in fds.iterdir()):
                return int(fds.parent.name)
    return None


def _by_lsof(port: int) -> int | None:
    with suppress(OSError, subprocess.SubprocessError):
        output = subprocess.run(
            ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fp"],
            capture_output=True,
            text=True,
            timeout=TOOL_S,
        ).stdout
        if match := re.search(r"^p(\d+)$", output, flags=re.MULTILINE):
            return int(match[1])
    return None


def _name(pid: int) -> str:
    with suppress(OSError, subprocess.SubprocessError):
        command = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)],
            capture_output=True,
            text=True,
            timeout=TOOL_S,
        ).stdout.strip()
        if command:
            return command if len(command) <= LONGEST_NAME else f"{command[: LONGEST_NAME - 1]}…"
    return "somebody"
