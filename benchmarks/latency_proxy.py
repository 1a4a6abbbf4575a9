"""How exact the latency proxy is: `python -m benchmarks.latency_proxy`.

Messages go to an echo server in a process of its own, directly and through the proxy in turn, one
at a time, so that whatever else the machine does falls on both alike.
"""

import argparse
import socket
import statistics
import subprocess
import sys
import time

import psutil

from dojo.site.latency_proxy import LatencyProxy

ECHO = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    while True:
        peer, _ = server.accept()
        import threading
        def echo(peer=peer):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while data := peer.recv(65536):
                peer.sendall(data)
        threading.Thread(target=echo, daemon=True).start()
"""
MESSAGE = b"x" * 200


def connect(port: int) -> socket.socket:
    """A connection that sends small messages at once."""
    peer = socket.create_connection(("127.0.0.1", port))
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return peer


def round_trip_s(peer: socket.socket) -> float:
    """Send one message and wait for all of its echo."""
    began = time.perf_counter()
    peer.sendall(MESSAGE)
    left = len(MESSAGE)
    while left:
        left -= len(peer.recv(left))
    return time.perf_counter() - began


def row(name: str, taken_s: list[float]) -> str:
    """One line of the table, in milliseconds."""
    ms = sorted(1000 * t for t in taken_s)
    p95 = ms[int(len(ms) * 0.95)]
    return f"{name:12}{ms[0]:8.3f}{statistics.median(ms):8.3f}{p95:8.3f}{ms[-1]:8.3f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--round-trip-ms", type=float, default=2.0)
    parser.add_argument("--messages", type=int, default=2000)
    options = parser.parse_args()
    with subprocess.Popen([sys.executable, "-c", ECHO], stdout=subprocess.PIPE) as echo:
        assert echo.stdout is not None
        port = int(echo.stdout.readline())
        with LatencyProxy.start("127.0.0.1", port, options.round_trip_ms / 1000) as proxy:
            process = psutil.Process(proxy.pid)
            direct, through = connect(port), connect(proxy.port)
            direct_s: list[float] = []
            through_s: list[float] = []
            round_trip_s(through)
            before = sum(process.cpu_times()[:2])
            for _ in range(options.messages):
                direct_s.append(round_trip_s(direct))
                through_s.append(round_trip_s(through))
            spent_s = sum(process.cpu_times()[:2]) - before
            direct.close()
            through.close()
        echo.kill()
    print(f"asked for {options.round_trip_ms} ms; {options.messages} messages each, in turn")
    print(f"{'ms':12}{'min':>8}{'median':>8}{'p95':>8}{'max':>8}")
    print(row("directly", direct_s))
    print(row("the proxy", through_s))
    print(f"CPU of the proxy: {1e6 * spent_s / options.messages:.0f} µs a message")


if __name__ == "__main__":
    main()
