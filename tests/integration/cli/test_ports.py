"""dojo.cli.ports: who holds a port, and where else one could go."""

import os
import socket
from collections.abc import Iterator

import pytest

from dojo.cli import ports
from dojo.errors import BadSetting

HOST = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which this very process listens."""
    with socket.create_server((HOST, 0)) as listener:
        yield int(listener.getsockname()[1])


def test_the_holder_is_named(taken: int) -> None:
    """By its command and its process."""
    found = ports.holder(taken)
    assert found is not None
    assert f"process {os.getpid()})" in found


def test_a_taken_port_is_refused_with_a_way_out(taken: int) -> None:
    """The message has the port, its holder, the option and a port that is free."""
    with pytest.raises(BadSetting) as refused:
        ports.require_free(HOST, taken, "--port")
    told = str(refused.value)
    assert f"Port {taken} is taken by" in told
    assert str(os.getpid()) in told
    other = int(told.rpartition("--port ")[2])
    assert other > taken
    with socket.create_server((HOST, other)):
        pass


def test_a_taken_port_is_refused_on_every_address(taken: int) -> None:
    """A port that is taken on loopback is of no use on all addresses either."""
    with pytest.raises(BadSetting):
        ports.require_free("0.0.0.0", taken, "--port")


def test_a_holder_that_cannot_be_seen_is_said_to_be_so(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another user's process has no name for us; the way out is told all the same."""
    monkeypatch.setattr(ports, "holder", lambda _: None)
    with pytest.raises(BadSetting, match=r"can't be seen.*--port \d+"):
        ports.require_free(HOST, taken, "--port")


def test_free_ports_and_any_port_are_fine(taken: int) -> None:
    """Nothing is said of a port that nobody holds; 0 stands for any."""
    assert ports.holder(ports.free_after(HOST, taken)) is None
    ports.require_free(HOST, ports.free_after(HOST, taken), "--port")
    ports.require_free(HOST, 0, "--port")


@pytest.mark.parametrize("way", ["_by_proc", "_by_lsof"])
def test_both_ways_of_knowing_agree(way: str, taken: int) -> None:
    """Linux' own tables and lsof name the same process, where they are there at all."""
    found = getattr(ports, way)(taken)
    assert found in (os.getpid(), None)
    assert ports._by_proc(taken) or ports._by_lsof(taken)
