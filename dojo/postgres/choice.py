"""Which Postgres: DOJO_POSTGRES=auto|docker|embedded|postgresql://…"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from dojo.errors import BadSetting, PostgresUnavailable
from dojo.postgres.docker import DEFAULT_IMAGE, engine_problem, serve_docker
from dojo.postgres.embedded import serve_embedded
from dojo.postgres.server import Server

__all__ = ["serve"]


@contextmanager
def serve(
    choice: str | None, cache: Path, image: str | None, say: Callable[[str], None]
) -> Iterator[Server]:
    """A server for the length of the block; says in one line which it is, and why."""
    wanted, image = choice or "auto", image or DEFAULT_IMAGE
    if wanted.startswith(("postgresql://", "postgres://")):
        server = _external(wanted)
        say(f"Postgres {server.version} at {server.host}:{server.port}, as DOJO_POSTGRES asks.")
        yield server
        return
    if wanted not in ("auto", "docker", "embedded"):
        raise BadSetting(
            f"DOJO_POSTGRES is {wanted!r}; it can be auto, docker, embedded or postgresql://…"
        )
    why = "as DOJO_POSTGRES asks"
    if wanted == "auto":
        problem = engine_problem(image)
        wanted, why = ("docker", "an engine answers") if problem is None else ("embedded", problem)
    elif wanted == "docker" and (problem := engine_problem(image)):
        raise PostgresUnavailable(
            f"DOJO_POSTGRES=docker, but {problem}. Start the engine, name an image that is there"
            " in DOJO_POSTGRES_IMAGE, or set DOJO_POSTGRES=embedded, which needs no Docker."
        )
    opened = serve_docker(cache, image, why) if wanted == "docker" else serve_embedded(cache, why)
    with opened as server:
        say(f"Postgres {server.version}, {wanted}: {why}.")
        yield server


def _external(url: str) -> Server:
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as db:
            info = db.info
            if info.server_version < 140000:
                raise BadSetting("DOJO_POSTGRES names a server older than Postgres 14.")
            row = db.execute(
                "SELECT rolcreatedb AND rolcreaterole OR rolsuper FROM pg_roles"
                " WHERE rolname = current_user"
            ).fetchone()
            if row is None or not row[0]:
                raise BadSetting(
                    f"The role {info.user!r} of DOJO_POSTGRES may not create databases and roles."
                )
            version = info.parameter_status("server_version") or "?"
            return Server(
                "external",
                "as DOJO_POSTGRES asks",
                version,
                info.host,
                info.port,
                info.user,
                info.password,
                info.dbname,
            )
    except psycopg.Error as error:
        raise PostgresUnavailable(
            f"DOJO_POSTGRES names a server that does not answer: {error}".strip()
            + " Check the address, or unset DOJO_POSTGRES."
        ) from error
