"""Postgres in a container, by testcontainers. The data lives on a named volume."""

import hashlib
import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import docker
from docker.constants import DEFAULT_DOCKER_API_VERSION
from docker.errors import DockerException, ImageNotFound

from dojo.errors import PostgresUnavailable
from dojo.postgres.docker_container import no_server, run_container
from dojo.postgres.engine import Engine
from dojo.postgres.image_pull import ENGINE_WORKS_S, PULL_S, pull_problem
from dojo.postgres.server import Server
from dojo.postgres.server_log import is_damaged

__all__ = [
    "DEFAULT_IMAGE",
    "LONG_PULL_S",
    "engine_problem",
    "image_mb",
    "remove_all",
    "serve_docker",
]

DEFAULT_IMAGE = "postgres:18-bookworm"
LABEL = "slo-dojo"
PLACE = "slo-dojo.cache"  # label: whose container or volume it is
LONG_PULL_S = 600.0  # where nothing but Docker will do
ENGINE_ANSWERS_S = 2  # an engine that is up answers within that


def engine_problem(
    engine: Engine, image: str, say: Callable[[str], None], pull_s: float = PULL_S
) -> str | None:
    """Why no container of this image can run here; None if one can. Pulls a missing image.

    `pull_s`: the longest time that a pull may take.
    """
    if engine.problem:
        return engine.problem
    try:
        _require_socket(engine)
        with _client(engine, ENGINE_ANSWERS_S, version=DEFAULT_DOCKER_API_VERSION) as client:
            client.api.version(api_version=False)
        with _client(engine, ENGINE_ANSWERS_S) as client:
            try:
                client.images.get(image)
            except ImageNotFound:
                return pull_problem(image, engine.environment, say, pull_s)
    except (DockerException, OSError) as error:
        return f"no Docker engine answers at {engine.words} ({_first_line(error)})"
    return None


@contextmanager
def _client(engine: Engine, timeout_s: float, **options: str) -> Iterator[docker.DockerClient]:
    client = docker.from_env(environment=dict(engine.environment), timeout=timeout_s, **options)
    try:
        yield client
    finally:
        client.close()


def image_mb(image: str) -> float:
    """What an image weighs in the engine, in MB; PostgresUnavailable if it is not there."""
    try:
        engine = Engine.chosen(os.environ)
        _require_socket(engine)
        with _client(engine, ENGINE_WORKS_S) as client:
            return float(client.images.get(image).attrs["Size"]) / 1e6
    except (DockerException, OSError) as error:
        raise PostgresUnavailable(f"Docker: {_first_line(error)}") from error


def _require_socket(engine: Engine) -> None:
    """OSError if nothing listens on the engine's Unix socket; the docker client would leave its
    own end open then.
    """
    if engine.address.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(ENGINE_ANSWERS_S)
            probe.connect(engine.address.removeprefix("unix://"))


@contextmanager
def serve_docker(engine: Engine, cache: Path, image: str, why: str) -> Iterator[Server]:
    """Run a container until the block ends; leftovers of killed runs are removed first.

    The volume stays for the next run. It is replaced if the image changes or can't read it.
    """
    # imported here: it looks for a home folder, which a run without Docker need not have
    from testcontainers.core.config import testcontainers_config

    testcontainers_config.ryuk_disabled = True  # leftovers are removed below, by their label
    logging.getLogger("testcontainers").setLevel(logging.WARNING)
    owner = _owner(cache)
    labels = {LABEL: owner, PLACE: _place(cache)}
    with ExitStack() as stack:
        try:
            client = stack.enter_context(_client(engine, ENGINE_WORKS_S))
            _remove_containers(client, owner, graceful=False)
            stack.callback(_remove_containers, client, owner, graceful=True)
            image_id = client.images.get(image).id
            volume = _volume(client, cache, image_id)
            try:
                server = run_container(engine, image, labels, volume, why)
            except PostgresUnavailable as error:
                if not is_damaged(str(error)):
                    raise
                _remove_containers(client, owner, graceful=False)
                client.volumes.get(volume).remove(force=True)
                volume = _volume(client, cache, image_id)
                server = run_container(engine, image, labels, volume, why)
        except (DockerException, OSError) as error:
            raise PostgresUnavailable(no_server(_first_line(error))) from error
        yield server


def remove_all(cache: Path) -> list[str]:
    """Remove containers and volumes of this cache and of caches that are gone; what was removed.

    Nothing without an engine that answers.
    """
    engine = Engine.chosen(os.environ)
    if engine.problem:
        return []
    try:
        _require_socket(engine)
        client = docker.from_env(environment=dict(engine.environment), timeout=ENGINE_WORKS_S)
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


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
