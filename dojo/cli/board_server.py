"""The board's page, served on loopback: drawn when a browser asks, and once for all of them.

Each browser gets the page, and what changes of it as server-sent events. Whoever comes back gets
all that is still kept, since its first event holds the whole of it. While a kata is run only what
the board says of that run is drawn and sent. A browser that gets no event, as behind a proxy that
keeps them back, asks for the newest ones, which are a whole answer then.

Other sites' pages in the same browser get nothing: neither by a name of theirs that leads to
loopback, nor by a request that the browser says another site has made.
"""

import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from dojo.errors import BadSetting
from dojo.output.html.board import draw_rest, draw_run, page, with_run
from dojo.output.html.board_state import Board

__all__ = ["LOOPBACK", "BoardServer"]

LOOPBACK = "127.0.0.1"
USUAL_PORT = 3001
DRAW_EVERY_S = 2.0
MOST_BROWSERS = 64
MOST_CONNECTIONS = 128  # each is a thread; more are closed at once
SEND_TIMEOUT_S = 10.0  # a browser that takes nothing for so long is gone
SHUTDOWN_POLL_S = 0.1
REPORT = re.compile(r"/reports/([0-9a-z-]{1,80})/(attempt-[0-9]{4,9}\.html)")
SEEN_FOR_S = 10.0  # a browser that comes back within so long has never been away


class BoardServer:
    """The board at `url` until the end of a `with` block; `look` gives what it shows now."""

    def __init__(self, server: "_Server") -> None:
        self._server = server
        self.url = f"http://{LOOPBACK}:{server.server_address[1]}"
        self._thread = threading.Thread(
            target=server.serve_forever, args=(SHUTDOWN_POLL_S,), name="board", daemon=True
        )

    @classmethod
    def start(
        cls, port: int | None, look: Callable[[], Board], reports: Path | None = None
    ) -> "BoardServer":
        """Serve from threads of its own; BadSetting if the port is taken.

        `port` 0: any free one; None: `USUAL_PORT`, or any free one if that is taken. Pages of
        attempts in the folder `reports` are served, too.
        """
        try:
            server = _listen(port, look)
            server.reports = reports
        except (OSError, OverflowError) as error:
            raise BadSetting(
                f"The board can't be at {LOOPBACK}:{port}: {error}. Free that port, choose another"
                " one with --board-port (0: any), or leave the board out with --no-board."
            ) from error
        board = cls(server)
        board._thread.start()
        return board

    @property
    def watched(self) -> bool:
        """Whether a browser has the board open."""
        return self._server.watched

    def check(self) -> None:
        """Raises what went wrong while the board was drawn, which its own threads can't tell."""
        if self._server.failure is not None:
            raise self._server.failure

    def __enter__(self) -> "BoardServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _listen(port: int | None, look: Callable[[], Board]) -> "_Server":
    if port is None:
        with suppress(OSError):
            return _Server((LOOPBACK, USUAL_PORT), look)
    return _Server((LOOPBACK, port or 0), look)


def _event(name: str, content: str) -> bytes:
    """A server-sent event: WHATWG HTML, 9.2.5."""
    lines = "".join(f"data: {line}\n" for line in content.splitlines())
    return f"event: {name}\n{lines}\n".encode()


_Request = socket.socket | tuple[bytes, socket.socket]  # as socketserver has it


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = MOST_CONNECTIONS  # with 5 a browser's connection waits for a second

    def __init__(self, address: tuple[str, int], look: Callable[[], Board]) -> None:
        super().__init__(address, _Handler)
        self.ending = threading.Event()
        self.failure: BaseException | None = None
        self._look = look
        self._drawing = threading.Lock()
        self._rest, self._run, self._drawn_at_s = "", "", float("-inf")
        self._number = 0  # of drawings
        self._paused_for: str | None = None  # the kata of the last drawing, if that was in a pause
        self.reports: Path | None = None
        self._counting = threading.Lock()
        self._connections, self._browsers, self._left_at_s = 0, 0, float("-inf")
        port = self.server_address[1]
        self.names = {f"localhost:{port}", f"{LOOPBACK}:{port}"}

    @property
    def watched(self) -> bool:
        return self._browsers > 0 or time.monotonic() - self._left_at_s < SEEN_FOR_S

    def page(self) -> bytes:
        """The whole page, with the drawing of now."""
        with self._drawing:
            self._draw()
            return page(with_run(self._rest, self._run)).encode()

    def event(self, seen: int) -> tuple[bytes, int]:
        """What a browser needs that has seen the drawing with that number, and the number of now.

        Drawn at most once in `DRAW_EVERY_S`, for all browsers together.
        """
        with self._drawing:
            self._draw()
            if seen == self._number:
                return _event("run", self._run), self._number
            return _event("board", with_run(self._rest, self._run)), self._number

    def newest(self) -> bytes:
        """The event that a browser needs that has seen nothing; who asks is there."""
        with self._counting:
            self._left_at_s = time.monotonic()
        return self.event(0)[0]

    def _draw(self) -> None:
        """Draw, if the last drawing is old: in a pause the whole once, and then only its run."""
        now_s = time.monotonic()
        if now_s - self._drawn_at_s < DRAW_EVERY_S - SHUTDOWN_POLL_S:
            return
        try:
            board = self._look()
            paused_for = None if board.run is None else board.run.kata
            if paused_for is None or paused_for != self._paused_for:
                self._rest = draw_rest(board)
                self._number += 1
            self._run = draw_run(board)
        except Exception as error:
            self.failure = error
            raise
        self._paused_for, self._drawn_at_s = paused_for, now_s

    def come(self) -> bool:
        """One browser more; False if there are too many."""
        with self._counting:
            if self._browsers >= MOST_BROWSERS:
                return False
            self._browsers += 1
            return True

    def leave(self) -> None:
        with self._counting:
            self._browsers -= 1
            self._left_at_s = time.monotonic()

    def process_request(self, request: _Request, client_address: object) -> None:
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread can be had
            self._uncount()
            raise

    def process_request_thread(self, request: _Request, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._uncount()

    def _uncount(self) -> None:
        with self._counting:
            self._connections -= 1

    def verify_request(self, request: _Request, client_address: object) -> bool:
        """Whether there is a thread left for it: it counts from here to its end."""
        with self._counting:
            if self._connections >= MOST_CONNECTIONS:
                return False
            self._connections += 1
            return True

    def handle_error(self, request: object, client_address: object) -> None:
        """What went wrong while it was drawn is kept; else a browser closed its connection."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout: ClassVar[float] = SEND_TIMEOUT_S

    def do_GET(self) -> None:
        if self.headers.get("Host") not in self.server.names:  # another site's page asks
            self.send_error(421, f"The board answers to {LOOPBACK} and localhost only")
        elif self._is_another_sites():
            self.send_error(403, "The board answers no other site's page")
        elif self.path == "/":
            self._answer(self.server.page(), "text/html; charset=utf-8")
        elif self.path == "/events":
            self._stream()
        elif self.path == "/now":
            self._answer(self.server.newest(), "text/plain; charset=utf-8")
        elif (report := self._report()) is not None:
            self._answer(report, "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def _is_another_sites(self) -> bool:
        """Whether another site's page asks, and not a person who follows its link.

        Fetch Metadata Request Headers, 2: a browser says so, and no script can change it.
        """
        site = self.headers.get("Sec-Fetch-Site", "none")
        is_followed = self.headers.get("Sec-Fetch-Mode") == "navigate"
        return site not in ("none", "same-origin") and not is_followed

    def _report(self) -> bytes | None:
        """The page of an attempt, if the path is that of one."""
        match, folder = REPORT.fullmatch(self.path), self.server.reports
        if match is None or folder is None:
            return None
        with suppress(OSError):
            return (folder / match[1] / match[2]).read_bytes()
        return None

    def _answer(self, body: bytes, kind: str) -> None:
        self._head(kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        if not self.server.come():
            self.send_error(503, "Too many browsers have the board open")
            return
        try:
            self._head("text/event-stream")
            self.send_header("X-Accel-Buffering", "no")  # asks a proxy to pass it on at once
            self.end_headers()
            seen = 0
            while not self.server.ending.wait(DRAW_EVERY_S):
                event, seen = self.server.event(seen)
                self.wfile.write(event)
                self.wfile.flush()
        finally:
            self.close_connection = True
            self.server.leave()

    def _head(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the terminal is the learner's."""

    def log_error(self, *args: object) -> None:
        """The same."""
