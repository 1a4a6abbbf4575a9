"""The newest report of a kata, served on loopback while `dojo watch` runs.

`/` is a page that shows it and loads each new one, `/attempt` says which is the newest, and
`/report` is the report as it was stored.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from dojo.output.html.watch_page import watch_page

__all__ = ["ReportServer"]

LOOPBACK = "127.0.0.1"
SHUTDOWN_POLL_S = 0.1
NOTHING_YET = b"<!doctype html><title>dojo watch</title><p>The first run is under way."


class ReportServer:
    """Serves `latest.html` at `url`, any free port, until the end of a `with` block."""

    def __init__(self, kata: str, latest: Path) -> None:
        self._server = _Server(kata, latest)
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(SHUTDOWN_POLL_S,), daemon=True
        )
        self._thread.start()

    def reported(self) -> None:
        """There is a new report."""
        self._server.attempt += 1

    def __enter__(self) -> "ReportServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, kata: str, latest: Path) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.kata, self.latest, self.attempt = kata, latest, 0
        port = self.server_address[1]
        self.names = {f"localhost:{port}", f"{LOOPBACK}:{port}"}

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closed its connection is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout: ClassVar[float] = 10.0

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if self.headers.get("Host") not in self.server.names:  # another site's page asks
            self.send_error(421, f"This answers to {LOOPBACK} and localhost only")
        elif path == "/":
            self._answer(watch_page(self.server.kata).encode(), "text/html; charset=utf-8")
        elif path == "/attempt":
            self._answer(str(self.server.attempt).encode(), "text/plain")
        elif path == "/report":
            self._answer(self._report(), "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def _report(self) -> bytes:
        try:
            return self.server.latest.read_bytes()
        except OSError:
            return NOTHING_YET

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the terminal is the learner's."""

    def log_error(self, *args: object) -> None:
        """The same."""
