"""How a kata's run asks `./run dojo up` to pause: who runs for long listens, a run connects.

A run is connected from before it waits for the lock, or from when the other one begins, until it
has ended; the kernel closes the connection however it ends, and whoever paused goes on. So the
connection never decides who may measure: that is the lock's (dojo.site.lock). Over it the run says
how far it is.

On Linux the address is an abstract Unix socket, one for the machine as the lock is; elsewhere a
socket in /tmp. Where none can be had nobody pauses, and a run waits until the other is ended.
"""

import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from dojo.errors import GraderFault
from dojo.site.lock import MACHINE, machine_holder
from dojo.site.run_state import MOST_LINE_BYTES, RunState

__all__ = ["NOBODY_PAUSES", "PauseRequest", "PauseRequests", "pause_address"]

MOST_RUNS = 16  # that wait at once; more are not heard
MOST_ENDED = 32  # states of ended runs that are kept until somebody takes them
CONNECT_S = 0.5


def pause_address(machine: str = MACHINE) -> str:
    """Where who runs for long listens."""
    return f"\0{machine} pauses" if sys.platform == "linux" else f"/tmp/{machine}-pauses.sock"


class PauseRequest:
    """A run's own end: asks whoever runs for long to pause, and says how far it is.

    It never blocks the run. Without an address nobody is asked.
    """

    def __init__(self, address: str | None) -> None:
        self._address = address
        self._state = RunState()
        self._connection: socket.socket | None = None

    @classmethod
    @contextmanager
    def sent(cls, address: str | None = None) -> Iterator["PauseRequest"]:
        """Ask, for the length of the block, whoever runs for long to pause."""
        request = cls(pause_address() if address is None else address)
        request.ask()
        try:
            yield request
        finally:
            request._close()

    def ask(self) -> bool:
        """Whether somebody who runs for long listens, who may have begun after this run did."""
        if self._connection is not None and _is_closed(self._connection):
            self._close()
        if self._connection is None and self._address is not None:
            self._connection = _connected(self._address)
            self.tell(self._state)
        return self._connection is not None

    def tell(self, state: RunState) -> None:
        """Say how far the run is; what can't be sent at once is lost."""
        self._state = state
        if self._connection is not None:
            with suppress(OSError):
                self._connection.send(state.to_line())

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


NOBODY_PAUSES = PauseRequest(None)


def _is_closed(connection: socket.socket) -> bool:
    """Whether the other end is gone; it never sends anything."""
    try:
        return not connection.recv(1)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _connected(address: str) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(CONNECT_S)
        connection.connect(address)
        connection.setblocking(False)
    except OSError:
        connection.close()
        return None
    return connection


@dataclass(slots=True)
class _Run:
    """A run that is connected."""

    connection: socket.socket
    state: RunState = field(default_factory=lambda: RunState(pid=0))
    unread: bytes = b""
    heard_at_s: float = field(default_factory=time.monotonic)


class PauseRequests:
    """The end of who runs for long: which runs want it to pause, and how far they are.

    Read by one thread, `poll`; the others see what it has read.
    """

    def __init__(self, listener: socket.socket | None) -> None:
        self._listener = listener
        self._runs: list[_Run] = []
        self._ended: deque[RunState] = deque(maxlen=MOST_ENDED)

    @classmethod
    @contextmanager
    def heard(cls, command: str, address: str | None = None) -> Iterator["PauseRequests"]:
        """Listen until the block ends. GraderFault if another one listens already."""
        place = pause_address() if address is None else address
        listener = _listener(place, command)
        requests = cls(listener)
        try:
            yield requests
        finally:
            for run in requests._runs:
                run.connection.close()
            if listener is not None:
                listener.close()
                if not place.startswith("\0"):
                    Path(place).unlink(missing_ok=True)

    def poll(self) -> tuple[RunState, ...]:
        """Take in what runs have said since the last call; the states of those that are there."""
        self._accept()
        for run in list(self._runs):
            if not self._read(run):
                run.connection.close()
                self._runs.remove(run)
                if run.state.kata and run.state.phase != "ended":
                    self._ended.append(replace(run.state, phase="broken_off"))
        return self.states

    @property
    def states(self) -> tuple[RunState, ...]:
        """How far the runs are that are connected, the one that measures first.

        Who has said nothing yet is no run: a second `up` connects to see whether there is a first.
        """
        states = [run.state for run in list(self._runs) if run.state.pid]
        return tuple(sorted(states, key=lambda state: state.phase == "waits"))

    @property
    def silent_s(self) -> float:
        """How long no run has said anything."""
        return time.monotonic() - max((run.heard_at_s for run in list(self._runs)), default=0.0)

    def take_ended(self) -> tuple[RunState, ...]:
        """The last states of the katas' runs that have ended since the last call."""
        ended = []
        while self._ended:
            ended.append(self._ended.popleft())
        return tuple(ended)

    def _accept(self) -> None:
        with suppress(OSError):  # nobody more wants to connect
            while self._listener is not None and len(self._runs) < MOST_RUNS:
                connection, _ = self._listener.accept()
                connection.setblocking(False)
                self._runs.append(_Run(connection))

    def _read(self, run: _Run) -> bool:
        """Whether the run is still there."""
        try:
            while data := run.connection.recv(MOST_LINE_BYTES):
                run.heard_at_s = time.monotonic()
                *lines, run.unread = (run.unread + data).split(b"\n")
                if len(run.unread) > MOST_LINE_BYTES:
                    return False
                for state in map(RunState.from_line, lines):
                    if state is not None:
                        run.state = state
                        if state.phase == "ended":
                            self._ended.append(state)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


def _listener(address: str, command: str) -> socket.socket | None:
    """None where no such socket can be had."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        if (other := _connected(address)) is not None:
            other.close()
            pid, holder = machine_holder()
            place = f" (process {pid})" if holder == command else ""
            raise GraderFault(f"{command}{place} runs already. One is enough: use it, or end it.")
        if not address.startswith("\0"):
            Path(address).unlink(missing_ok=True)  # of one that was killed
        listener.bind(address)
        if not address.startswith("\0"):
            Path(address).chmod(0o666)  # whatever the umask: for the katas of other users, too
        listener.listen(MOST_RUNS)
        listener.setblocking(False)
    except OSError:
        listener.close()
        return None
    except GraderFault:
        listener.close()
        raise
    return listener
