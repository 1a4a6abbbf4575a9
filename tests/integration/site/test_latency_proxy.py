"""dojo.site.latency_proxy: a fixed round trip between the app and Postgres."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from random import Random

import pytest

from dojo.errors import GraderFault
from dojo.site.latency_proxy import LatencyProxy, ProxyStats
from dojo.site.latency_proxy_process import MOST_WAITING
from dojo.site.login_relay import Passwords
from tests.support.processes import gone_within
from tests.support.project import ROOT

ROUND_TRIP_S = 0.02
NAMES = b"user\0shop\0database\0shop_1\0\0"


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that sends back whatever it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(peer: socket.socket) -> None:
        with peer:
            while data := peer.recv(1 << 16):
                peer.sendall(data)

    def accept() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(peer,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture
def proxy(echo: int) -> Iterator[LatencyProxy]:
    """A proxy before the echo."""
    with LatencyProxy.start("127.0.0.1", echo, ROUND_TRIP_S) as proxy:
        yield proxy


def connect(port: int) -> socket.socket:
    """A client's connection."""
    peer = socket.create_connection(("127.0.0.1", port), timeout=20)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return peer


def receive(peer: socket.socket, count: int) -> bytes:
    """Exactly so many bytes."""
    parts = []
    while count:
        data = peer.recv(min(count, 1 << 16))
        assert data, f"ended {count} bytes early"
        parts.append(data)
        count -= len(data)
    return b"".join(parts)


def echo_time_s(peer: socket.socket, text: bytes) -> float:
    """Seconds until the echo of a text has come."""
    began = time.perf_counter()
    peer.sendall(text)
    assert receive(peer, len(text)) == text
    return time.perf_counter() - began


def test_no_round_trip_is_shorter_than_asked(proxy: LatencyProxy) -> None:
    """Every message takes the round trip at least, and the first one that of connecting too."""
    began = time.perf_counter()
    with connect(proxy.port) as peer:
        echo_time_s(peer, b"hello")
        assert time.perf_counter() - began >= 2 * ROUND_TRIP_S
        assert min(echo_time_s(peer, b"again") for _ in range(20)) >= ROUND_TRIP_S


def test_two_milliseconds_are_never_less(echo: int) -> None:
    """The delay that is usual here is held to as well, finer than a loop's milliseconds."""
    with LatencyProxy.start("127.0.0.1", echo, 0.002) as near, connect(near.port) as peer:
        echo_time_s(peer, b"connected")
        assert min(echo_time_s(peer, b"again") for _ in range(100)) >= 0.002


def test_ten_megabytes_arrive_in_order(proxy: LatencyProxy) -> None:
    """What is sent at once comes back unchanged."""
    sent = Random(1).randbytes(10 << 20)
    with connect(proxy.port) as peer:
        sender = threading.Thread(target=peer.sendall, args=(sent,))
        sender.start()
        assert receive(peer, len(sent)) == sent
        sender.join()


def test_pipelined_messages_do_not_wait_for_each_other(proxy: LatencyProxy) -> None:
    """Fifty messages sent without waiting cost far less than fifty round trips."""
    with connect(proxy.port) as peer:
        echo_time_s(peer, b"connected")
        began = time.perf_counter()
        for number in range(50):
            peer.sendall(b"%04d" % number)
            time.sleep(0.0005)
        assert receive(peer, 200) == b"".join(b"%04d" % number for number in range(50))
        assert time.perf_counter() - began < 25 * ROUND_TRIP_S


def test_a_server_that_does_not_read_holds_its_client_back() -> None:
    """The proxy keeps little, however much is sent to a server that takes nothing."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        with (
            LatencyProxy.start("127.0.0.1", port, 0.001) as proxy,
            connect(proxy.port) as peer,
        ):
            peer.settimeout(0.5)
            sent, block = 0, bytes(1 << 20)
            with contextlib.suppress(TimeoutError):
                while sent < 200 << 20:
                    sent += peer.send(block)
            assert sent <= 4 * MOST_WAITING + (16 << 20)  # the kernel's buffers among it


def test_connections_are_counted(proxy: LatencyProxy) -> None:
    """Opened in all, and open now."""
    with connect(proxy.port) as first:
        echo_time_s(first, b"a")
        with connect(proxy.port) as second:
            echo_time_s(second, b"b")
            assert proxy.stats() == ProxyStats(connections_opened=2, open=2)
    until = time.monotonic() + 5
    while proxy.stats().open and time.monotonic() < until:
        time.sleep(0.01)
    assert proxy.stats() == ProxyStats(connections_opened=2, open=0)


def test_a_server_that_is_not_there_ends_the_connection() -> None:
    """A client is not left waiting when nothing listens behind the proxy."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with (
        LatencyProxy.start("127.0.0.1", port, 0.001) as proxy,
        connect(proxy.port) as peer,
        contextlib.suppress(ConnectionResetError),
    ):
        assert peer.recv(1) == b""


def test_the_end_of_a_client_reaches_the_server(proxy: LatencyProxy) -> None:
    """When the server's side ends, so does the client's."""
    with connect(proxy.port) as peer:
        echo_time_s(peer, b"hello")
        peer.shutdown(socket.SHUT_WR)
        assert peer.recv(1) == b""


def test_who_is_killed_while_he_logs_in_is_counted_if_he_is_let_in() -> None:
    """Postgres counts him, so the proxy does: the answer that nobody waits for is read, too."""
    startup = struct.pack(">II", 4 + 4 + len(NAMES), 196608) + NAMES
    let_in = b"R" + struct.pack(">II", 8, 0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        port, passwords = listener.getsockname()[1], Passwords("given", "wanted")
        with LatencyProxy.start("127.0.0.1", port, 0.001, passwords) as proxy:
            with connect(proxy.port) as client:
                client.sendall(startup)
                server, _ = listener.accept()
                server.settimeout(20)
                assert receive(server, len(startup)) == startup
            with server:
                assert server.recv(1) == b""  # the client's end has come through
                server.sendall(let_in)
            until = time.monotonic() + 20
            while not proxy.stats().log_ins and time.monotonic() < until:
                time.sleep(0.01)
            assert proxy.stats().log_ins == {"shop_1": 1}
            assert proxy.stats().open == 0


def test_a_proxy_that_was_killed_is_our_fault(proxy: LatencyProxy) -> None:
    """Its figures after its end are a GraderFault, and stopping it is no error."""
    os.kill(proxy.pid, signal.SIGKILL)
    with pytest.raises(GraderFault, match=r"has ended.*exit status -9"):
        proxy.stats()


def test_the_proxy_ends_with_its_parent() -> None:
    """After kill -9 of the parent, the proxy is gone within a second."""
    text = """
import time
from dojo.site.latency_proxy import LatencyProxy
proxy = LatencyProxy.start("127.0.0.1", 1, 0.001)
print(proxy.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        os.kill(pid, 0)
        parent.kill()
        assert gone_within(pid, 1)
