"""Postgres in a container, by testcontainers. The data lives on a named volume."""

import hashlib
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docker
import psycopg
from docker.constants import DEFAULT_DOCKER_API_VERSION
from docker.errors import DockerException, ImageNotFound

from dojo.errors import PostgresUnavailable
from dojo.postgres.embedded import is_damaged
from dojo.postgres.image_pull import ENGINE_WORKS_S, pull_problem
from dojo.postgres.server import Server
from dojo.postgres.settings import SETTINGS

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

__all__ = ["DEFAULT_IMAGE", "engine_problem", "image_mb", "remove_all", "serve_docker"]

DEFAULT_IMAGE = "postgres:18-bookworm"
LABEL = "slo-dojo"
PLACE = "slo-dojo.cache"  # label: whose container or volume it is
ENGINE_ANSWERS_S = 2  # an engine that is up answers within that
START_S = 60.0
PASSWORD = "dojo"  # of a server on loopback whose data anybody can generate
# beside the places that the images declare as volumes, which differ between versions
DATA = "/var/lib/postgresql/dojo"


def engine_problem(image: str) -> str | None:
    """Why no container of this image can run here; None if one can. Pulls a missing image."""
    try:
        _require_socket()
        client = docker.from_env(version=DEFAULT_DOCKER_API_VERSION, timeout=ENGINE_ANSWERS_S)
        try:
            client.api.version(api_version=False)
        finally:
            client.close()
        client = docker.from_env(timeout=ENGINE_ANSWERS_S)
        try:
            client.images.get(image)
        except ImageNotFound:
            return pull_problem(image)
        finally:
            client.close()
    except (DockerException, OSError) as error:
        return f"no Docker engine answers ({_first_line(error)})"
    return None


def image_mb(image: str) -> float:
    """What an image weighs in the engine, in MB; PostgresUnavailable if it is not there."""
    try:
        _require_socket()
        with closing(docker.from_env(timeout=ENGINE_WORKS_S)) as client:
            return float(client.images.get(image).attrs["Size"]) / 1e6
    except (DockerException, OSError) as error:
        raise PostgresUnavailable(f"Docker: {_first_line(error)}") from error


def _require_socket() -> None:
    """OSError if nothing listens on the engine's Unix socket; the docker client would leave its
    own end open then.
    """
    address = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    if address.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(ENGINE_ANSWERS_S)
            probe.connect(address.removeprefix("unix://"))


@contextmanager
def serve_docker(cache: Path, image: str, why: str) -> Iterator[Server]:
    """Run a container until the block ends; leftovers of killed runs are removed first.

    The volume stays for the next run. It is replaced if the image changes or can't read it.
    """
    # imported here: it looks for a home folder, which a run without Docker need not have
    from testcontainers.core.config import testcontainers_config

    testcontainers_config.ryuk_disabled = True  # leftovers are removed below, by their label
    logging.getLogger("testcontainers").setLevel(logging.WARNING)
    owner = _owner(cache)
    with ExitStack() as stack:
        try:
            client = docker.from_env(timeout=ENGINE_WORKS_S)
            stack.callback(client.close)
            _remove_containers(client, owner, graceful=False)
            stack.callback(_remove_containers, client, owner, graceful=True)
            volume = _volume(client, cache, client.images.get(image).id)
            try:
                server = _run(image, cache, volume, why)
            except PostgresUnavailable as error:
                if not is_damaged(str(error)):
                    raise
                _remove_containers(client, owner, graceful=False)
                client.volumes.get(volume).remove(force=True)
                server = _run(
                    image, cache, _volume(client, cache, client.images.get(image).id), why
                )
        except (DockerException, OSError) as error:
            raise PostgresUnavailable(_advice(_first_line(error))) from error
        yield server


def remove_all(cache: Path) -> list[str]:
    """Remove containers and volumes of this cache and of caches that are gone; what was removed.

    Nothing without an engine that answers.
    """
    try:
        _require_socket()
        client = docker.from_env(timeout=ENGINE_WORKS_S)
    except (DockerException, OSError):
        return []
    removed = []
    try:
        for container in client.containers.list(all=True, filters={"label": LABEL}):
            if _is_ours(container.labels, cache):
                container.remove(force=True, v=True)
                removed.append(f"container {container.name}")
        for volume in client.volumes.list(filters={"label": LABEL}):
            if _is_ours(volume.attrs.get("Labels") or {}, cache):
                volume.remove(force=True)
                removed.append(f"volume {volume.name}")
    except DockerException as error:
        raise PostgresUnavailable(f"Docker: {_first_line(error)}") from error
    finally:
        client.close()
    return removed


def _is_ours(labels: dict[str, str], cache: Path) -> bool:
    """Of this cache, or of one of this machine whose folder is gone."""
    machine, _, folder = labels.get(PLACE, "").partition(":")
    left_over = machine == socket.gethostname() and _is_gone(folder)
    return labels.get(LABEL) == _owner(cache) or left_over


def _is_gone(folder: str) -> bool:
    """Whether there is certainly no such folder; another user's may be hidden from us."""
    try:
        Path(folder).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _place(cache: Path) -> str:
    """Where a cache is; an engine may serve several machines."""
    return f"{socket.gethostname()}:{cache}"


def _owner(cache: Path) -> str:
    return hashlib.sha256(str(cache).encode()).hexdigest()[:12]


def _remove_containers(client: docker.DockerClient, owner: str, graceful: bool) -> None:
    for container in client.containers.list(all=True, filters={"label": f"{LABEL}={owner}"}):
        if graceful:
            with suppress(DockerException, OSError):
                container.kill(signal="SIGINT")  # fast shutdown, so that the volume is clean
                container.wait(timeout=10)
        with suppress(DockerException, OSError):
            container.remove(force=True, v=True)  # with the volumes that its image declares


def _volume(client: docker.DockerClient, cache: Path, image_id: str | None) -> str:
    """The name of this image's volume, created if missing; those of earlier images are removed."""
    owner = _owner(cache)
    name = "slo-dojo-" + hashlib.sha256(f"{owner}{image_id}".encode()).hexdigest()[:12]
    for volume in client.volumes.list(filters={"label": f"{LABEL}={owner}"}):
        if volume.name != name:
            volume.remove(force=True)
    client.volumes.create(name, labels={LABEL: owner, PLACE: _place(cache)})
    return name


def _run(image: str, cache: Path, volume: str, why: str) -> Server:
    from testcontainers.core.container import DockerContainer

    container = (
        DockerContainer(image)
        .with_env("POSTGRES_USER", "postgres")
        .with_env("POSTGRES_PASSWORD", PASSWORD)
        .with_env("PGDATA", f"{DATA}/pgdata")
        .with_command([word for k, v in SETTINGS.items() for word in ("-c", f"{k}={v}")])
        .with_volume_mapping(volume, DATA, "rw")
        .with_kwargs(
            labels={LABEL: _owner(cache), PLACE: _place(cache)},
            nano_cpus=2_000_000_000,
            shm_size="256m",
        )
    )
    container.ports["5432/tcp"] = ("127.0.0.1", None)  # loopback only
    try:
        container.start()
        return _ready(container, image, why)
    finally:
        container.get_docker_client().client.close()


def _ready(container: "DockerContainer", image: str, why: str) -> Server:
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
                return replace(server, version=version, pid=_host_pid(wrapped))
        except psycopg.OperationalError:
            pass
        if wrapped.status in ("exited", "dead") or time.monotonic() > until:
            log = wrapped.logs(tail=8).decode(errors="replace").strip()
            raise PostgresUnavailable(_advice(f"{image} did not start: {log}"))
        time.sleep(0.05)


def _host_pid(container: Any) -> int | None:
    """The pid of the container's first process, if that process is of this machine."""
    pid = int(container.attrs.get("State", {}).get("Pid") or 0)
    # an engine in a virtual machine tells a pid of that one
    with suppress(OSError):
        if "postgres" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"):
            return pid
    return None


def _advice(reason: str) -> str:
    return (
        f"No Postgres from Docker: {reason}. Start the engine, name an image that is there in"
        " DOJO_POSTGRES_IMAGE, or set DOJO_POSTGRES=embedded, which needs no Docker."
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
