"""dojo.site.pause: a kata's run asks whoever runs for long to pause."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from dojo.errors import GraderFault
from dojo.site.pause import NOBODY_PAUSES, PauseRequest, PauseRequests
from dojo.site.run_state import RunState
from tests.support.awaiting import await_that
from tests.support.project import ROOT

ABSTRACT = f"\0slo-dojo-test-{os.getpid()} pauses"  # nobody else's
RUN = """
import sys, time
from dojo.site.pause import PauseRequest
from dojo.site.run_state import RunState
with PauseRequest.sent(sys.argv[1].replace("@", chr(0))) as request:
    request.tell(RunState("01-latency", "burst", sent=7))
    print("sent", flush=True)
    time.sleep(60)
"""


@pytest.fixture(params=["abstract", "file"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As on Linux, and as elsewhere."""
    return ABSTRACT if request.param == "abstract" else str(tmp_path / "p.sock")


def test_a_run_is_there_as_long_as_it_goes_on(address: str) -> None:
    """From its first word to its end; what came of it can be taken once."""
    with PauseRequests.heard("up", address) as requests:
        assert requests.poll() == ()
        with PauseRequest.sent(address) as request:
            assert request.ask()
            assert requests.poll() == (RunState(),)
            request.tell(RunState("01-latency", "burst", t_s=1.5, burst_s=12.0, bad=3))
            request.tell(RunState("01-latency", "ended", verdict="met"))
            request.tell(RunState("02-login-errors", "starts"))
            assert requests.poll() == (RunState("02-login-errors", "starts"),)
        assert requests.poll() == ()
        assert requests.take_ended() == (
            RunState("01-latency", "ended", verdict="met"),
            RunState("02-login-errors", "broken_off"),
        )
        assert requests.take_ended() == ()


def test_a_killed_run_is_gone(address: str) -> None:
    """The kernel closes its connection, so nobody pauses for ever."""
    with PauseRequests.heard("up", address) as requests:
        run = subprocess.Popen(
            [sys.executable, "-c", RUN, address.replace("\0", "@")],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        with run:
            assert run.stdout is not None
            assert run.stdout.readline() == b"sent\n"
            await_that(lambda: [state.sent for state in requests.poll()] == [7])
            run.send_signal(signal.SIGKILL)
            await_that(lambda: not requests.poll())
        (ended,) = requests.take_ended()
        assert (ended.kata, ended.phase, ended.pid) == ("01-latency", "broken_off", run.pid)


def test_a_second_run_waits_behind_the_one_that_measures(address: str) -> None:
    """Both want the pause, and the one that measures is named first."""
    with PauseRequests.heard("up", address) as requests:
        with PauseRequest.sent(address), PauseRequest.sent(address) as second:
            second.tell(RunState("03-search", "starts"))
            assert [state.phase for state in requests.poll()] == ["starts", "waits"]
        assert requests.poll() == ()


def test_without_a_listener_a_run_says_nothing_to_nobody(address: str) -> None:
    """It is not heard, and goes on; so it does when the listener ends meanwhile."""
    with PauseRequest.sent(address) as request:
        assert not request.ask()
        request.tell(RunState("01-latency", "burst"))
    NOBODY_PAUSES.tell(RunState())
    with PauseRequests.heard("up", address):
        opening = PauseRequest.sent(address)
        request = opening.__enter__()
    for _ in range(3):
        request.tell(RunState("01-latency", "burst"))
    opening.__exit__(None, None, None)


def test_who_begins_to_listen_while_a_run_waits_hears_it(address: str) -> None:
    """Asked again it is heard, by the next listener as well, and by each only once."""
    with PauseRequest.sent(address) as request:
        assert not request.ask()
        request.tell(RunState("01-latency", "waits"))
        for _ in range(2):
            with PauseRequests.heard("up", address) as requests:
                assert request.ask()
                assert request.ask()
                assert requests.poll() == (RunState("01-latency", "waits"),)
            assert not request.ask()


def test_a_listener_that_does_not_read_holds_up_no_run(address: str) -> None:
    """What can't be sent at once is lost; a megabyte is more than any socket takes."""
    with PauseRequests.heard("up", address) as requests, PauseRequest.sent(address) as request:
        state = RunState("01-latency", "burst", summary="x" * 400)
        for _ in range(5000):
            request.tell(state)
        await_that(requests.poll)


def test_a_second_listener_is_refused(address: str) -> None:
    """One shop of `up` a machine; the address is free after it, also if it was killed."""
    with (
        PauseRequests.heard("./run dojo up", address),
        pytest.raises(GraderFault, match=r"up.* runs already\. One is enough"),
        PauseRequests.heard("./run dojo up", address),
    ):
        pytest.fail("two at once")
    if not address.startswith("\0"):
        with socket.socket(socket.AF_UNIX) as killed:
            killed.bind(address)  # and never unlinked
    with PauseRequests.heard("up", address) as requests, PauseRequest.sent(address):
        assert len(requests.poll()) == 1


def test_who_says_nothing_is_no_run(address: str) -> None:
    """Nobody pauses for one that only connects, as a second listener does before it is refused."""
    with PauseRequests.heard("up", address) as requests, socket.socket(socket.AF_UNIX) as silent:
        silent.connect(address)
        assert requests.poll() == ()
        silent.sendall(RunState().to_line())
        await_that(lambda: requests.poll() == (RunState(),))


def test_noise_is_not_heard(address: str) -> None:
    """Lines that are none of ours change nothing, and one without an end is cut off."""
    with PauseRequests.heard("up", address) as requests:
        with socket.socket(socket.AF_UNIX) as noise:
            noise.connect(address)
            noise.sendall(b'{"kata": 7}\nGET / HTTP/1.1\r\n\r\n' + RunState("k").to_line())
            await_that(lambda: [state.kata for state in requests.poll()] == ["k"])
        with socket.socket(socket.AF_UNIX) as noise:
            noise.connect(address)
            noise.setblocking(False)
            requests.poll()
            with suppress(BrokenPipeError):  # it is cut off by then
                for _ in range(3):
                    noise.send(b"x" * 16_000)
                    requests.poll()
            assert requests.poll() == ()


def test_where_no_socket_can_be_had_nobody_pauses(tmp_path: Path) -> None:
    """A run waits then until the other is ended, as it does for another machine's."""
    address = str(tmp_path / "missing" / "p.sock")
    with PauseRequests.heard("up", address) as requests, PauseRequest.sent(address) as request:
        assert not request.ask()
        assert requests.poll() == ()
