"""Docker engines and registries as they are elsewhere: behind TCP, asleep, dripping, mute."""

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["ENGINE_SOCKET", "asleep", "behind_tcp", "dripping_registry", "mute_registry"]

ENGINE_SOCKET = "/var/run/docker.sock"
LAYER_BYTES = 50_000_000
DRIP_BYTES, DRIP_S = 20_000, 0.05
TYPES = "application/vnd.docker"


@contextmanager
def asleep() -> Iterator[str]:
    """The address of an engine that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        yield f"tcp://127.0.0.1:{mute.getsockname()[1]}"


@contextmanager
def behind_tcp(path: str = ENGINE_SOCKET) -> Iterator[str]:
    """The TCP address, on loopback, of the engine that listens on a Unix socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_relay, args=(listener, path), daemon=True).start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)  # else it goes on listening as long as it accepts


def _relay(listener: socket.socket, path: str) -> None:
    with suppress(OSError):  # it is closed
        while True:
            client, _ = listener.accept()
            engine = socket.socket(socket.AF_UNIX)
            engine.connect(path)
            for here, there in ((client, engine), (engine, client)):
                threading.Thread(target=_pump, args=(here, there), daemon=True).start()


def _pump(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while data := here.recv(1 << 16):
            there.sendall(data)
    with suppress(OSError):  # the other direction ends by itself
        there.shutdown(socket.SHUT_WR)
    if here.family == socket.AF_UNIX:  # the engine has said all
        for each in (here, there):
            each.close()


@contextmanager
def mute_registry() -> Iterator[str]:
    """The name of an image whose registry says that it is one, and nothing more."""
    over = threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.path == "/v2/":
            _send(request, b"{}", "application/json")
        else:
            over.wait()

    with _registry(answer) as name:
        try:
            yield name
        finally:
            over.set()


@contextmanager
def dripping_registry() -> Iterator[str]:
    """The name of an image of 50 MB whose registry sends 400 kB a second."""
    over = threading.Event()
    layer = "sha256:" + "a" * 64
    rootfs = {"type": "layers", "diff_ids": [layer]}
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": rootfs}).encode()
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": f"{TYPES}.distribution.manifest.v2+json",
            "config": _part(f"{TYPES}.container.image.v1+json", _digest(config), len(config)),
            "layers": [_part(f"{TYPES}.image.rootfs.diff.tar.gzip", layer, LAYER_BYTES)],
        }
    ).encode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        if "/manifests/" in request.path:
            _send(request, manifest, f"{TYPES}.distribution.manifest.v2+json")
        elif request.path.endswith(layer):
            _head(request, LAYER_BYTES, "application/octet-stream")
            for _ in range(LAYER_BYTES // DRIP_BYTES):
                request.wfile.write(b"x" * DRIP_BYTES)
                if over.wait(DRIP_S):
                    return
        else:
            _send(request, config if "/blobs/" in request.path else b"{}", "application/json")

    with _registry(answer) as name:
        try:
            yield name
        finally:
            over.set()


@contextmanager
def _registry(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            with suppress(OSError):  # the engine has given up
                answer(self)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """An engine tries TLS first, which is no request."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}/slo-dojo/postgres:1"
        server.shutdown()


def _send(request: BaseHTTPRequestHandler, body: bytes, kind: str) -> None:
    _head(request, len(body), kind, _digest(body))
    if request.command == "GET":
        request.wfile.write(body)


def _head(request: BaseHTTPRequestHandler, length: int, kind: str, digest: str = "") -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(length))
    request.send_header("Content-Type", kind)
    if digest:
        request.send_header("Docker-Content-Digest", digest)
    request.end_headers()


def _part(kind: str, digest: str, size: int) -> dict[str, object]:
    return {"mediaType": kind, "digest": digest, "size": size}


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
