"""Rows: `./run dojo …` on the command line."""

import os
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
