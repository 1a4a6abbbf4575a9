"""Rows: Docker engines and registries. What can't be seen on Linux is not among them."""

from tests.support.docker_contexts import write_context
from tests.support.docker_engines import ENGINE_SOCKET, asleep, behind_tcp, mute_registry
from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table

__all__ = ["TABLE"]

TABLE = Table("docker")
row = TABLE.row
VOLUME = "the volume with the data, until `./run dojo clean`"
ELSEWHERE = "can't be reached on 127.0.0.1 here: * publishes it elsewhere"


def with_context(bench: Bench, address: str, *, current: bool) -> dict[str, str]:
    """The variable for a configuration of Docker's with a context `colima`."""
    config = bench.folder / "docker-config"
    write_context(config, "colima", address, current=current)
    return {"DOCKER_CONFIG": str(config)}


@row(
    "the context in use leads to an engine (colima, OrbStack, rootless, Desktop)",
    Expect.UNCHANGED,
    "docker: the engine at * (Docker's context 'colima') answers.",
    left=VOLUME,
    long=True,
)
def current_context(bench: Bench) -> Ended:
    bench.folder.joinpath("colima.sock").symlink_to(ENGINE_SOCKET)
    address = f"unix://{bench.folder}/colima.sock"
    return bench.docker_session(DOJO_POSTGRES="auto", **with_context(bench, address, current=True))


@row(
    "DOCKER_CONTEXT names one that leads to an engine behind TCP",
    Expect.UNCHANGED,
    "Postgres * docker: as DOJO_POSTGRES asks.",
    left=VOLUME,
)
def named_context(bench: Bench) -> Ended:
    with behind_tcp() as address:
        variables = with_context(bench, address, current=False)
        return bench.docker_session(DOCKER_CONTEXT="colima", **variables)


@row(
    "the context in use leads to a socket where nobody listens",
    Expect.UNCHANGED,
    "embedded: no Docker engine answers at * (Docker's context 'colima')",
)
def dead_context(bench: Bench) -> Ended:
    variables = with_context(bench, f"unix://{bench.folder}/no.sock", current=True)
    return bench.session(ours=False, also={"DOJO_POSTGRES": "auto", **variables})


TABLE.session(
    "DOCKER_CONTEXT names one that is gone",
    Expect.ERROR,
    "PostgresUnavailable: * Docker's context 'gone' leads to no engine * DOJO_POSTGRES=embedded",
    ours=False,
    long=True,
    DOJO_POSTGRES="docker",
    DOCKER_CONTEXT="gone",
)


@row(
    "DOCKER_HOST=tcp://127.0.0.1:… (a forwarded port)",
    Expect.UNCHANGED,
    "docker: the engine at tcp://* (DOCKER_HOST) answers.",
    left=VOLUME,
    long=True,
)
def behind_a_port(bench: Bench) -> Ended:
    with behind_tcp() as address:
        return bench.docker_session(DOJO_POSTGRES="auto", DOCKER_HOST=address)


TABLE.session(
    "DOCKER_HOST=tcp://… of another machine",
    Expect.ERROR,
    "PostgresUnavailable: * on another machine, which a run can't use. * DOJO_POSTGRES=embedded",
    ours=False,
    DOJO_POSTGRES="docker",
    DOCKER_HOST="tcp://192.0.2.1:2375",
)


TABLE.session(
    "DOCKER_HOST=ssh://… of another machine, and DOJO_POSTGRES is not set",
    Expect.UNCHANGED,
    "embedded: the engine at ssh://* is on another machine",
    ours=False,
    long=True,
    DOJO_POSTGRES="",
    DOCKER_HOST="ssh://me@192.0.2.1",
)


@row(
    "the engine's ports are published elsewhere, as if its socket is mounted into a container",
    Expect.ERROR,
    f"PostgresUnavailable: * {ELSEWHERE}",
    left=VOLUME,
    long=True,
)
def published_elsewhere(bench: Bench) -> Ended:
    return bench.docker_session(prefix=loopback_of_its_own(bench))


@row(
    "the engine's ports are published elsewhere, and DOJO_POSTGRES is not set",
    Expect.UNCHANGED,
    f"embedded: * {ELSEWHERE}",
    left=VOLUME,
    long=True,
)
def published_elsewhere_auto(bench: Bench) -> Ended:
    return bench.docker_session(prefix=loopback_of_its_own(bench), DOJO_POSTGRES="auto")


def loopback_of_its_own(bench: Bench) -> tuple[str, ...]:
    """A prefix with which 127.0.0.1 is not the one where an engine publishes its ports."""
    up = 'ip link set lo up; exec "$@"'
    return (*bench.apart("-n"), "/bin/sh", "-c", up, "sh")


@row(
    "an engine is asleep: it accepts and says nothing",
    Expect.UNCHANGED,
    "embedded: no Docker engine answers at * (DOCKER_HOST)",
)
def sleeps(bench: Bench) -> Ended:
    with asleep() as address:
        return bench.session(ours=False, DOJO_POSTGRES="auto", DOCKER_HOST=address)


@row(
    "an engine is asleep, and DOJO_POSTGRES=docker",
    Expect.ERROR,
    "PostgresUnavailable: * no Docker engine answers at * DOJO_POSTGRES=embedded",
    long=True,
)
def sleeps_and_is_wanted(bench: Bench) -> Ended:
    with asleep() as address:
        return bench.session(ours=False, DOJO_POSTGRES="docker", DOCKER_HOST=address)


@row(
    "the registry of the image can't be reached",
    Expect.ERROR,
    "PostgresUnavailable: * the registry of the image * can't be reached",
    long=True,
)
def no_registry(bench: Bench) -> Ended:
    bench.image()
    return bench.docker_session(DOJO_POSTGRES_IMAGE="127.0.0.1:9/postgres:18")


@row(
    "the pull of the image stalls, and DOJO_POSTGRES is not set",
    Expect.UNCHANGED,
    "Pulling the image * nothing so far * embedded: * can't be pulled (the engine said nothing",
    long=True,
)
def stalled_pull(bench: Bench) -> Ended:
    with mute_registry() as image:
        return bench.docker_session(DOJO_POSTGRES="auto", DOJO_POSTGRES_IMAGE=image)
