"""Postgres in a container, by testcontainers. The data lives on a named volume."""

import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docker
import psycopg
from docker.errors import DockerException, ImageNotFound
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from dojo.errors import PostgresUnavailable
from dojo.postgres.server import SETTINGS, Server

__all__ = ["DEFAULT_IMAGE", "engine_problem", "serve_docker"]

DEFAULT_IMAGE = "postgres:17-bookworm"
LABEL = "slo-dojo"
ENGINE_ANSWERS_S = 5
PULL_S = 180
START_S = 60.0
PASSWORD = "dojo"  # for a port on loopback, on data that anybody can make anew
DATA = "/var/lib/postgresql/data"


def engine_problem(image: str) -> str | None:
    """Why no container of this image can be had here; None if one can. Pulls a missing image."""
    try:
        client = docker.from_env(timeout=ENGINE_ANSWERS_S)
        try:
            client.ping()
            client.images.get(image)
        except ImageNotFound:
            return _pull_problem(image)
        finally:
            client.close()
    except (DockerException, OSError) as error:
        return f"no Docker engine answers ({_first_line(error)})"
    return None


def _pull_problem(image: str) -> str | None:
    try:
        client = docker.from_env(timeout=PULL_S)
        try:
            client.images.pull(image)
        finally:
            client.close()
    except (DockerException, OSError) as error:
        return f"the image {image} can't be pulled ({_first_line(error)})"
    return None


@contextmanager
def serve_docker(cache: Path, image: str, why: str) -> Iterator[Server]:
    """Run a container until the block ends; leftovers of killed runs are removed first."""
    testcontainers_config.ryuk_disabled = True  # leftovers are swept here, by their label
    logging.getLogger("testcontainers").setLevel(logging.WARNING)
    mark = hashlib.sha256(f"{cache}\0{image}".encode()).hexdigest()[:12]
    try:
        client = docker.from_env(timeout=60)
    except (DockerException, OSError) as error:
        raise PostgresUnavailable(_advice(_first_line(error))) from error
    try:
        for left in client.containers.list(all=True, filters={"label": f"{LABEL}={mark}"}):
            left.remove(force=True)
        container = (
            DockerContainer(image)
            .with_env("POSTGRES_USER", "postgres")
            .with_env("POSTGRES_PASSWORD", PASSWORD)
            .with_env("PGDATA", f"{DATA}/pgdata")
            .with_command([word for k, v in SETTINGS.items() for word in ("-c", f"{k}={v}")])
            .with_volume_mapping(f"slo-dojo-{mark}", DATA, "rw")
            .with_kwargs(
                labels={LABEL: mark},
                nano_cpus=2_000_000_000,
                shm_size="256m",
            )
        )
        container.ports["5432/tcp"] = ("127.0.0.1", None)  # loopback only
        try:
            container.start()
            yield _ready(container, image, why)
        finally:
            for wrapped in client.containers.list(all=True, filters={"label": f"{LABEL}={mark}"}):
                with suppress(DockerException):
                    wrapped.kill(signal="SIGINT")  # fast shutdown, so that the volume is clean
                    wrapped.wait(timeout=10)
                with suppress(DockerException):
                    wrapped.remove(force=True)
    except (DockerException, OSError) as error:
        raise PostgresUnavailable(_advice(_first_line(error))) from error
    finally:
        client.close()


def _ready(container: DockerContainer, image: str, why: str) -> Server:
    until = time.monotonic() + START_S
    wrapped = container.get_wrapped_container()
    server: Server | None = None
    while True:
        wrapped.reload()
        bindings = (wrapped.ports or {}).get("5432/tcp")
        try:
            if bindings:
                port = int(bindings[0]["HostPort"])
                server = Server("docker", why, "", "127.0.0.1", port, "postgres", PASSWORD)
                with psycopg.connect(server.dsn(), autocommit=True) as db:
                    version = db.info.parameter_status("server_version") or "?"
                return Server("docker", why, version, "127.0.0.1", port, "postgres", PASSWORD)
        except psycopg.OperationalError:
            pass
        if wrapped.status in ("exited", "dead") or time.monotonic() > until:
            told = wrapped.logs(tail=8).decode(errors="replace").strip()
            raise PostgresUnavailable(_advice(f"{image} did not start: {told}"))
        time.sleep(0.05)


def _advice(reason: str) -> str:
    return (
        f"No Postgres from Docker: {reason}. Start the engine, name an image that is there in"
        " DOJO_POSTGRES_IMAGE, or set DOJO_POSTGRES=embedded, which needs no Docker."
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
