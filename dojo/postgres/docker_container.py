"""The container that Postgres runs in: started, and reached where the engine publishes its port."""

import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from dojo.errors import PostgresUnavailable
from dojo.postgres.engine import Engine
from dojo.postgres.image_pull import ENGINE_WORKS_S
from dojo.postgres.server import Server
from dojo.postgres.settings import SETTINGS

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

__all__ = ["cpus_for", "no_server", "run_container"]

CPUS = 2
NANO_CPUS = 1_000_000_000  # one CPU, as the engine counts it
START_S = 60.0
REACHED_WITHIN_S = 5.0  # once Postgres listens in its container
ASKED_EVERY_S = 1.0
IS_READY = ("pg_isready", "-q", "-h", "127.0.0.1")  # by TCP: an image's first start listens without
PASSWORD = "dojo"  # of a server on loopback whose data anybody can generate
LOOPBACK = "127.0.0.1"
# beside the places that the images declare as volumes, which differ between versions
DATA = "/var/lib/postgresql/dojo"


def run_container(
    engine: Engine, image: str, labels: Mapping[str, str], volume: str, why: str
) -> Server:
    """Start it with its data on the volume. PostgresUnavailable if no connection can be had."""
    from testcontainers.core.container import DockerContainer

    client = {"environment": dict(engine.environment), "timeout": ENGINE_WORKS_S}
    container = (
        DockerContainer(image, docker_client_kw=client)
        .with_env("POSTGRES_USER", "postgres")
        .with_env("POSTGRES_PASSWORD", PASSWORD)
        .with_env("PGDATA", f"{DATA}/pgdata")
        .with_command([word for k, v in SETTINGS.items() for word in ("-c", f"{k}={v}")])
        .with_volume_mapping(volume, DATA, "rw")
    )
    container.ports["5432/tcp"] = (LOOPBACK, None)  # loopback only
    try:
        nano_cpus = NANO_CPUS * cpus_for(container.get_docker_client().client.info())
        container.with_kwargs(labels=dict(labels), nano_cpus=nano_cpus, shm_size="256m")
        container.start()
        return _ready(container, engine, image, why)
    finally:
        container.get_docker_client().client.close()


def cpus_for(info: Mapping[str, Any]) -> int:
    """Two CPUs, as a kata gives Postgres; an engine with one refuses to give more than that."""
    return min(CPUS, int(info.get("NCPU") or CPUS))


def _ready(container: "DockerContainer", engine: Engine, image: str, why: str) -> Server:
    until = time.monotonic() + START_S
    asked_at, reached_until = time.monotonic(), math.inf  # known once it listens
    wrapped = container.get_wrapped_container()
    while True:
        wrapped.reload()
        if (server := _connected(wrapped, why)) is not None:
            return server
        now = time.monotonic()
        if now > reached_until:
            raise PostgresUnavailable(no_server(_unreachable(engine)))
        if wrapped.status in ("exited", "dead") or now > until:
            log = wrapped.logs(tail=8).decode(errors="replace").strip()
            raise PostgresUnavailable(no_server(f"{image} did not start: {log}"))
        if reached_until == math.inf and now > asked_at + ASKED_EVERY_S:
            asked_at = now
            if wrapped.exec_run(IS_READY).exit_code == 0:
                reached_until = now + REACHED_WITHIN_S
        time.sleep(0.05)


def _connected(wrapped: Any, why: str) -> Server | None:
    """The server if it answers where the engine says that it has published its port."""
    bindings = (wrapped.ports or {}).get("5432/tcp")
    if not bindings:
        return None
    port = int(bindings[0]["HostPort"])
    server = Server("docker", why, "", LOOPBACK, port, "postgres", PASSWORD)
    try:
        with psycopg.connect(server.dsn(), autocommit=True) as db:
            version = db.info.parameter_status("server_version") or "?"
    except psycopg.OperationalError:
        return None
    return replace(server, version=version, pid=_host_pid(wrapped))


def _host_pid(wrapped: Any) -> int | None:
    """The pid of the container's first process, if that process is of this machine."""
    pid = int(wrapped.attrs.get("State", {}).get("Pid") or 0)
    # an engine in a virtual machine tells a pid of that one
    with suppress(OSError):
        if "postgres" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"):
            return pid
    return None


def _unreachable(engine: Engine) -> str:
    """Postgres runs, and nobody answers on its port: a part of a sentence."""
    return (
        f"it runs, but its port can't be reached on {LOOPBACK} here: the engine at {engine.words}"
        " publishes it elsewhere, as one on another machine does, or one whose socket is mounted"
        " into a container"
    )


def no_server(reason: str) -> str:
    """The message of PostgresUnavailable, with what to do."""
    return (
        f"No Postgres from Docker: {reason}. Start the engine, name an image that is there in"
        " DOJO_POSTGRES_IMAGE, or set DOJO_POSTGRES=embedded, which needs no Docker."
    )
