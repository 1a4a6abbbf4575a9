"""dojo.cli.board_server: the board on loopback, drawn once for all who look."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from dojo.cli import board_server
from dojo.cli.board_server import LOOPBACK, MOST_BROWSERS, MOST_CONNECTIONS, BoardServer
from dojo.errors import BadSetting
from dojo.output.html.board_state import Board, BoardRun
from tests.support.awaiting import await_that


class Looks:
    """A board that counts how often it was asked for; a kata is run from some look on."""

    def __init__(self) -> None:
        self.count, self.paused_from, self.paused_until = 0, sys.maxsize, sys.maxsize
        self.padding, self.kata = "", "01-latency"

    def __call__(self) -> Board:
        self.count += 1
        run = BoardRun(self.kata, "burst", 1.0, 12.0, self.count, 0, 0, 0)
        is_paused = self.paused_from <= self.count < self.paused_until
        return Board(
            *("http://localhost:3000", 1.0, 5.0, 300.0, (), ()),
            remark=f"look {self.count}{self.padding}",
            run=run if is_paused else None,
        )


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def served(looks: Looks) -> Iterator[BoardServer]:
    with BoardServer.start(0, looks) as served:
        yield served


def events(url: str, count: int) -> list[str]:
    """The first so many events of the board."""
    received: list[str] = []
    text = ""
    with httpx.stream("GET", f"{url}/events", timeout=30, trust_env=False) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        for piece in answer.iter_text():
            text += piece
            *whole, text = text.split("\n\n")
            received += whole
            if len(received) >= count:
                break
    return received


def test_it_is_a_page_that_nobody_may_keep(served: BoardServer) -> None:
    """HTML, of now, and not to be stored."""
    answer = httpx.get(served.url, trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "look 1" in answer.text
    assert httpx.get(f"{served.url}/other", trust_env=False).status_code == 404


@pytest.mark.parametrize("path", ["/", "/events"])
def test_another_sites_name_is_refused(served: BoardServer, path: str) -> None:
    """A name that was made to lead to loopback is not the board's."""
    answer = httpx.get(
        f"{served.url}{path}", headers={"Host": "evil.example"}, trust_env=False, timeout=5
    )
    assert answer.status_code == 421


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no 127.0.0.2 unless it is added")
def test_it_listens_on_loopback_only(served: BoardServer) -> None:
    """Nobody else of the network can open it."""
    port = int(served.url.rpartition(":")[2])
    assert served.url == f"http://127.0.0.1:{port}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.2", port))  # free, so the board has not taken all addresses


def test_nothing_is_drawn_without_a_browser(served: BoardServer, looks: Looks) -> None:
    """Nobody looks, so nothing is asked for; then it is watched until a while after the last."""
    time.sleep(0.3)
    assert looks.count == 0
    assert not served.watched
    assert len(events(served.url, 1)) == 1
    assert served.watched


def test_one_drawing_is_for_all(served: BoardServer, looks: Looks) -> None:
    """Twenty browsers get the same boards, and cost as many drawings as one."""
    received: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: received.append(events(served.url, 2))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(received) == 20
    different = {event for each in received for event in each}
    assert len(different) == looks.count
    assert looks.count <= 10  # 40 events; a busy machine may spread them


def test_an_event_holds_the_whole(served: BoardServer) -> None:
    """Who comes back has lost nothing that is still kept."""
    (event,) = events(served.url, 1)
    lines = event.splitlines()
    assert lines[0] == "event: board"
    assert all(line.startswith("data: ") for line in lines[1:])
    assert "Not run yet" in event


def test_while_a_kata_is_run_only_its_run_is_drawn(served: BoardServer, looks: Looks) -> None:
    """First the whole once more, then how far the run is; afterwards the whole again."""
    looks.paused_from, looks.paused_until = 2, 4
    received = events(served.url, 4)
    assert [event.partition("\n")[0] for event in received] == [
        *("event: board", "event: board", "event: run", "event: board")
    ]
    assert "Paused for the run of 01-latency" in received[1]
    assert "<b>3</b> requests sent" in received[2]
    assert "Not run yet" not in received[2]
    assert "Paused" not in received[3]


def test_who_comes_during_a_run_gets_the_whole(served: BoardServer, looks: Looks) -> None:
    """Its first event is the board, whatever the others get."""
    looks.paused_from = 1
    events(served.url, 2)
    (event,) = events(served.url, 1)
    assert event.startswith("event: board")
    assert "Paused for the run of 01-latency" in event


def test_the_newest_event_can_be_asked_for(served: BoardServer, looks: Looks) -> None:
    """As one whole answer, drawn as seldom as the others; who asks counts as a browser."""
    texts = [httpx.get(f"{served.url}/now", trust_env=False).text for _ in range(3)]
    assert texts[0].startswith("event: board\ndata: ")
    assert texts[0].endswith("\n\n")
    assert looks.count < len(texts)
    assert served.watched


def test_a_page_is_drawn_as_seldom_as_events(
    served: BoardServer, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who loads it again and again gets the drawing that there is, with the run of now."""
    monkeypatch.setattr(board_server, "DRAW_EVERY_S", 3600.0)
    texts = {httpx.get(served.url, trust_env=False).text for _ in range(20)}
    assert len(texts) == looks.count == 1


def test_a_page_during_a_run_has_the_run_of_now(
    served: BoardServer, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that of the pause's begin; and when another kata's run follows, the headline is its."""
    monkeypatch.setattr(board_server, "DRAW_EVERY_S", 0.0)
    looks.paused_from = 1
    for look in (1, 2):
        page = httpx.get(served.url, trust_env=False).text
        assert f"<b>{look}</b> requests sent" in page
        assert "look 1" in page
    looks.kata = "03-search"
    page = httpx.get(served.url, trust_env=False).text
    assert "Paused for the run of 03-search" in page


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("cross-site", "cors", 403),
        ("same-site", "no-cors", 403),  # another port of localhost
        ("cross-site", "navigate", 200),  # a link that a person follows
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
    ],
)
def test_another_sites_page_gets_nothing(
    served: BoardServer, site: str, mode: str, status: int
) -> None:
    """Not even that the board counts it as a browser, for which the load is higher."""
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
    answer = httpx.get(f"{served.url}/now", headers=headers, trust_env=False)
    assert answer.status_code == status
    assert served.watched == (status == 200)


GARBAGE = (
    *(b"", b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\xff\x00 / HTTP/1.1\r\n\r\n"),
    b"A" * 70_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: " + b"\xff" * 100 + b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\n",
    b"PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
)


def test_garbage_and_idle_connections_hold_nobody_up(
    looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 connections that ask nothing cost a bounded number of threads, and are ended."""
    monkeypatch.setattr(board_server._Handler, "timeout", 0.5)
    with BoardServer.start(0, looks) as served, ExitStack() as stack:
        port = int(served.url.rpartition(":")[2])
        for garbage in GARBAGE:
            with socket.create_connection((LOOPBACK, port), 5) as connection, suppress(OSError):
                connection.sendall(garbage)
                connection.shutdown(socket.SHUT_WR)
                assert b" 200 " not in connection.recv(64)
        threads = threading.active_count()
        for _ in range(200):
            stack.enter_context(socket.create_connection((LOOPBACK, port), 30))
            assert threading.active_count() <= threads + MOST_CONNECTIONS
        await_that(lambda: served._server._connections == 0)
        assert httpx.get(served.url, trust_env=False, timeout=30).status_code == 200
        served.check()


def test_a_browser_that_takes_nothing_holds_nobody_up(
    looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection is ended, and the others get their events."""
    monkeypatch.setattr(board_server._Handler, "timeout", 0.5)
    looks.padding = "x" * 8_000_000  # more than the system keeps for a connection
    with BoardServer.start(0, looks) as served, socket.socket() as hung:
        hung.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        port = int(served.url.rpartition(":")[2])
        hung.connect((LOOPBACK, port))
        hung.sendall(f"GET /events HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\n\r\n".encode())
        await_that(lambda: served._server._browsers == 1)
        await_that(lambda: served._server._browsers == 0)
        looks.padding = ""
        assert len(events(served.url, 2)) == 2
        served.check()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/01-latency/attempt-0001.html", 200),
        ("/reports/01-latency/attempt-0002.html", 404),
        ("/reports/01-latency/latest.json", 404),
        ("/reports/../attempt-0001.html", 404),
        ("/reports/%2e%2e/attempt-0001.html", 404),
    ],
)
def test_reports_are_served_and_nothing_else(
    path: str, status: int, looks: Looks, tmp_path: Path
) -> None:
    """The pages of attempts, by their names; no other file of the folder or around it."""
    page = tmp_path / "reports" / "01-latency" / "attempt-0001.html"
    page.parent.mkdir(parents=True)
    page.write_text("the report")
    (tmp_path / "attempt-0001.html").write_text("outside")
    with BoardServer.start(0, looks, tmp_path / "reports") as served:
        host = served.url.removeprefix("http://")
        raw = socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), 5)
        with raw:
            raw.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert answer.startswith(f"HTTP/1.0 {status} ".encode())
    assert (b"the report" in answer) == (status == 200)


def test_a_taken_port_is_a_bad_setting(served: BoardServer, looks: Looks) -> None:
    """If it was asked for; else the board takes another."""
    port = int(served.url.rpartition(":")[2])
    with pytest.raises(BadSetting, match=rf"{port}.*--board-port.*--no-board"):
        BoardServer.start(port, looks)
    with BoardServer.start(None, looks) as usual, BoardServer.start(None, looks) as other:
        assert usual.url != other.url
        assert httpx.get(other.url, trust_env=False).status_code == 200


def test_too_many_browsers_are_told_so(served: BoardServer) -> None:
    """They cost a thread each, so there is a limit; who leaves makes room."""
    port = int(served.url.rpartition(":")[2])
    request = f"GET /events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(MOST_BROWSERS):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            connection.sendall(request)
            assert b" 200 " in connection.recv(64)
        answer = httpx.get(f"{served.url}/events", trust_env=False)
        assert answer.status_code == 503


def test_what_goes_wrong_is_told() -> None:
    """An error while the board is drawn is raised where somebody can see it."""

    def broken() -> Board:
        raise ZeroDivisionError("no kata")

    with BoardServer.start(0, broken) as served:
        served.check()
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(served.url, trust_env=False)
        with pytest.raises(ZeroDivisionError, match="no kata"):
            served.check()


def test_it_ends_while_browsers_look(looks: Looks) -> None:
    """Nothing waits for them, and the port is free."""
    with BoardServer.start(0, looks) as served:
        port = int(served.url.rpartition(":")[2])
        connection = socket.create_connection(("127.0.0.1", port), 5)
        connection.sendall(f"GET /events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        assert connection.recv(16)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)
    connection.close()
