"""Rows: `./run dojo …` on the command line."""

import os
import shlex
import socket
import sys

from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table
from tests.support.project import ROOT

__all__ = ["TABLE"]

TABLE = Table("live")
row = TABLE.row


def dojo(bench: Bench, *words: str, **variables: str) -> Ended:
    command = [sys.executable, "-m", "dojo", *words]
    return bench.command(command, ROOT, dict(os.environ) | variables)


def taken(bench: Bench, family: int, host: str, option: str = "--port") -> Ended:
    with socket.create_server((host, 0), family=family) as other:
        return dojo(bench, "up", option, str(other.getsockname()[1]))


@row("dojo up --port that is taken", Expect.ERROR, "BadSetting: Port * is taken by * --port")
def port_taken(bench: Bench) -> Ended:
    return taken(bench, socket.AF_INET, "127.0.0.1")


@row("dojo up --port that is taken on ::1 only", Expect.ERROR, "BadSetting: Port * is taken by")
def port_taken_on_ipv6(bench: Bench) -> Ended:
    return taken(bench, socket.AF_INET6, "::1")


@row(
    "dojo up --board-port that is taken",
    Expect.ERROR,
    "BadSetting: Port * is taken by * --board-port",
)
def board_port_taken(bench: Bench) -> Ended:
    return taken(bench, socket.AF_INET, "127.0.0.1", "--board-port")


@row("dojo up --host of another machine", Expect.ERROR, "BadSetting: --host can be")
def other_host(bench: Bench) -> Ended:
    return dojo(bench, "up", "--host", "192.0.2.1")


@row("dojo up --for forever", Expect.REFUSED, "no length of time; write it like 60, 90s")
def no_length(bench: Bench) -> Ended:
    return dojo(bench, "up", "--for", "forever")


@row("dojo room of a pipe that nobody writes to", Expect.GOES_ON, "pipe: it is no file")
def room_of_a_pipe(bench: Bench) -> Ended:
    os.mkfifo(bench.folder / "pipe")
    return dojo(bench, "room", str(bench.folder / "pipe"))


@row(
    "dojo archive of a commit whose name is an option of git's",
    Expect.ERROR,
    "BadSetting: An archive is made of a git clone",
)
def commit_with_a_dash(bench: Bench) -> Ended:
    ended = dojo(bench, "archive", f"--commit=--output={bench.folder}/overwritten")
    assert not list(bench.folder.glob("overwritten*"))
    return ended


@row(
    "dojo status, and DOJO_STATE is a link that leads to itself",
    Expect.ERROR,
    "BadSetting: * leads to itself. Remove it, or set DOJO_STATE",
)
def state_in_a_circle(bench: Bench) -> Ended:
    circle = bench.folder / "circle"
    circle.symlink_to(circle)
    return dojo(bench, "status", DOJO_STATE=str(circle))


@row("dojo status into a disk that is full", Expect.ERROR, "No space left on device * Make room")
def full_output(bench: Bench) -> Ended:
    command = f"{shlex.quote(sys.executable)} -m dojo status >/dev/full"
    return bench.command(["/bin/sh", "-c", command], ROOT, os.environ)


@row("dojo status, and COLUMNS=1", Expect.GOES_ON, "The site is slow to load")
def one_column(bench: Bench) -> Ended:
    return dojo(bench, "status", COLUMNS="1")


@row("dojo hint --help, and TERMINAL_WIDTH=wide", Expect.GOES_ON, "never the solution first")
def no_width(bench: Bench) -> Ended:
    return dojo(bench, "hint", "--help", TERMINAL_WIDTH="wide")


@row(
    "dojo status, and the files of .dojo are nested too deep to be read",
    Expect.GOES_ON,
    "not started",
)
def deep_state(bench: Bench) -> Ended:
    reports = bench.folder / "state" / "reports" / "01-latency"
    reports.mkdir(parents=True)
    for file in (reports / "attempt-0001.json", bench.folder / "state" / "words.json"):
        file.write_text("[" * 200_000)
    return dojo(bench, "status")
