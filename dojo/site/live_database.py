"""Where the database of the running shop is, for whoever wants to look into it from another shell.

`dojo up` writes it into the cache, and takes it away when it ends. The file is its user's alone.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

__all__ = ["announced", "is_announced", "live_database"]

FILE = "live.json"
CONNECT_S = 3


@contextmanager
def announced(cache: Path, dsn: str) -> Iterator[None]:
    """Say for the length of the block that this is the running shop's database."""
    file = cache / FILE
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps({"dsn": dsn}), encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def is_announced(cache: Path) -> bool:
    """Whether a shop of this clone runs, or was killed."""
    return (cache / FILE).exists()


def live_database(cache: Path) -> str | None:
    """The conninfo of the running shop's database, if a shop of this clone runs; else None.

    What a killed shop has left leads nowhere: its server is gone, or its database.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError, psycopg.Error):
        dsn = str(json.loads((cache / FILE).read_text(encoding="utf-8"))["dsn"])
        psycopg.connect(dsn, connect_timeout=CONNECT_S).close()
        return dsn
    return None
