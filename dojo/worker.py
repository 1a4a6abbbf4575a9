"""A module of this project as a child process, and the one protocol that parent and child speak.

1. The parent runs `python -m MODULE ARGUMENTS…` with the project's root as working directory.
2. The child's first message, its greeting, says that it is ready and what the parent must know.
3. Orders come by the child's standard input, messages go by its standard output. Both are
   pickles, each with its length before it. What an order means is for the two modules to say.
4. The end of its input ends the child, so that it never outlives its parent.

The child's standard error is stored, to be quoted in an error message. Knows no wing of `dojo`.
"""

import asyncio
import os
import pickle
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from dojo.child import allow_open_files
from dojo.environment import OURS, child_environment

__all__ = ["STOP", "Worker", "WorkerEnded", "send_message", "serve_orders"]

STOP = "stop"  # the order to begin nothing more, for workers that finish what is under way
INPUT_ENDED = 3  # exit status of a child whose parent is gone
ROOT = Path(__file__).resolve().parents[1]
LENGTH = struct.Struct(">Q")
STOP_S = 3.0
QUOTED_STDERR = 800  # characters


class WorkerEnded(Exception):
    """The child ended by itself: its exit status, negative for a signal, and its standard error."""

    def __init__(self, status: int | None, stderr: str) -> None:
        super().__init__(f"exit status {status}. {stderr}".strip())
        self.status, self.stderr = status, stderr


class Worker:
    """The parent's side of a running child; `greeting` is the child's first message."""

    def __init__(self, process: "subprocess.Popen[bytes]", errors: IO[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._errors = process, errors
        self._orders, self._messages = process.stdin, process.stdout
        self.pid = process.pid
        self.greeting: Any = None

    @classmethod
    def start(cls, module: str, *arguments: str) -> "Worker":
        """Start the module and wait until it is ready; WorkerEnded if it never is."""
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=ROOT,
            env=child_environment(os.environ, PYTHONPATH=str(ROOT), **{OURS: str(os.getpid())}),
            start_new_session=True,
        )
        worker = cls(process, errors)
        try:
            worker.greeting = worker.receive()
        except BaseException:
            worker.stop()
            raise
        return worker

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def send(self, order: Any) -> None:
        """Give an order; WorkerEnded if nobody is there to take it."""
        try:
            _write(self._orders, order)
        except OSError:
            raise self.ended() from None

    def receive(self) -> Any:
        """Wait for the next message; WorkerEnded if the child ended before it, or in its middle."""
        head = self._messages.read(LENGTH.size)
        if len(head) == LENGTH.size:
            (length,) = LENGTH.unpack(head)
            message = self._messages.read(length)
            if len(message) == length:
                return pickle.loads(message)
        raise self.ended()

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while the child runs."""
        return self._process.poll()

    def wait(self, timeout_s: float) -> int | None:
        """The exit status, or None if the child still runs after that time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout_s)
        return self.poll()

    def kill(self) -> None:
        """End the child at once."""
        self._process.kill()

    def stop(self) -> None:
        """End the child by the end of its input, and by SIGKILL if that does not help."""
        for pipe in (self._orders, self._messages):
            with suppress(OSError):
                pipe.close()
        if self.wait(STOP_S) is None:
            self.kill()
            self._process.wait()
        self._errors.close()

    def ended(self) -> WorkerEnded:
        """What to raise about a child that has ended, or is about to."""
        status = self.wait(1)
        size = os.fstat(self._errors.fileno()).st_size
        stderr = os.pread(self._errors.fileno(), size, 0).decode(errors="replace").strip()
        return WorkerEnded(status, stderr[-QUOTED_STDERR:])


def send_message(message: Any) -> None:
    """The child's side: send a message to the parent."""
    _write(sys.stdout.buffer, message)


async def serve_orders(handle_order: Callable[[Any], None], greeting: Any = None) -> None:
    """The child's side: say that it is ready, and from now on call `handle_order` with each order.

    The process ends at once when its input does.
    """
    allow_open_files()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: _Orders(handle_order), sys.stdin)
    send_message(greeting)


class _Orders(asyncio.Protocol):
    def __init__(self, handle_order: Callable[[Any], None]) -> None:
        self._handle_order, self._received = handle_order, bytearray()

    def data_received(self, data: bytes) -> None:
        self._received += data
        for order in self._complete():
            self._handle_order(order)

    def connection_lost(self, exc: Exception | None) -> None:
        os._exit(INPUT_ENDED)

    def _complete(self) -> Iterator[Any]:
        """Take each order that is there as a whole."""
        while len(self._received) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._received)
            end = LENGTH.size + length
            if len(self._received) < end:
                return
            order = pickle.loads(self._received[LENGTH.size : end])
            del self._received[:end]
            yield order


def _write(stream: IO[bytes], message: Any) -> None:
    pickled = pickle.dumps(message, protocol=5)
    stream.write(LENGTH.pack(len(pickled)))
    stream.write(pickled)
    stream.flush()
