"""A Postgres server that runs already: DOJO_POSTGRES=postgresql://…

Somebody else's data may live on it. So all that is made there carries the id of this installation,
and nothing else is changed: see docs/failures.md and `./run dojo clean`.
"""

import json
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from dojo.errors import BadSetting, PostgresUnavailable
from dojo.postgres.server import Server
from dojo.postgres.statements import HAS_LIBRARY

__all__ = ["Installation", "find_external"]

OLDEST_VERSION = 14
CONNECT_TIMEOUT_S = 5
RIGHTS = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
FILE = "installation.json"
PROC = Path("/proc")
OF_THE_SERVER = ("host", "port", "user", "password", "dbname", "connect_timeout")


@dataclass(frozen=True, slots=True)
class Installation:
    """Tells what this installation has made on a server from what others have."""

    id: str
    password: str  # of the app's role

    @classmethod
    def of(cls, cache: Path) -> "Installation":
        """The installation that owns this cache; drawn once, and stored there."""
        file = cache / FILE
        try:
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            drawn = cls(secrets.token_hex(5), secrets.token_urlsafe(16))
        cache.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        text = json.dumps({"id": drawn.id, "password": drawn.password})
        file.write_text(text, encoding="utf-8")
        return drawn


def find_external(url: str, cache: Path, say: Callable[[str], None]) -> Server:
    """The server at `url`; its settings stay as they are.

    BadSetting if it is too old, listens on no TCP port, or the role may not create databases and
    roles; PostgresUnavailable if it does not answer.
    """
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S, autocommit=True) as db:
            _require_usable(db)
            if not _value(db, f"SELECT {HAS_LIBRARY}"):
                say(
                    "This server has not loaded pg_stat_statements: reports can't tell which"
                    " queries cost."
                )
            return _server(db, url, Installation.of(cache))
    except psycopg.Error as error:
        raise PostgresUnavailable(
            f"DOJO_POSTGRES names a server that does not answer: {error}".strip()
            + " Check the address, or unset DOJO_POSTGRES."
        ) from error


def _require_usable(db: "psycopg.Connection[tuple[Any, ...]]") -> None:
    info = db.info
    if info.server_version < OLDEST_VERSION * 10000:
        raise BadSetting(
            f"DOJO_POSTGRES names a server of version {info.parameter_status('server_version')};"
            f" it must be {OLDEST_VERSION} or newer."
        )
    if info.host.startswith("/"):
        raise BadSetting(
            "DOJO_POSTGRES names a Unix socket; the proxy between app and Postgres needs a"
            " host and a port, as in postgresql://user:password@localhost:5432/postgres."
        )
    superuser, databases, roles = db.execute(RIGHTS).fetchone() or (False, False, False)
    missing = [right for right, has in (("CREATEDB", databases), ("CREATEROLE", roles)) if not has]
    if missing and not superuser:
        raise BadSetting(
            f"The role {info.user!r} of DOJO_POSTGRES lacks {' and '.join(missing)}. A run makes a"
            " role and databases of its own, and drops them. Let a superuser allow it:"
            f' ALTER ROLE "{info.user}" {" ".join(missing)}'
        )


def _server(
    db: "psycopg.Connection[tuple[Any, ...]]", url: str, installation: Installation
) -> Server:
    info = db.info
    given = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    return Server(
        provider="external",
        why="as DOJO_POSTGRES asks",
        version=info.parameter_status("server_version") or "?",
        host=info.host,
        port=info.port,
        user=info.user,
        password=info.password,
        admin_database=info.dbname,
        pid=_pid_here(db),
        app_role=f"dojo_{installation.id}_shop",
        app_password=installation.password,
        prefix=f"dojo_{installation.id}_",
        parameters=tuple((key, value) for key, value in given.items() if key not in OF_THE_SERVER),
    )


def _pid_here(db: "psycopg.Connection[tuple[Any, ...]]") -> int | None:
    """The server's first process, if it is of this machine and can be seen; else None.

    The process that serves us carries our own port in its title, and is a child of the first one.
    """
    with suppress(OSError, ValueError, IndexError):
        with socket.fromfd(db.fileno(), socket.AF_INET, socket.SOCK_STREAM) as ours:
            port = ours.getsockname()[1]
        process = PROC / str(db.info.backend_pid)
        title = (process / "cmdline").read_text(encoding="utf-8", errors="replace")
        if title.startswith("postgres: ") and f"({port}) " in title:
            return int((process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    return None


def _value(db: "psycopg.Connection[tuple[Any, ...]]", query: str) -> object:
    row = db.execute(query.encode()).fetchone()
    return row[0] if row else None
