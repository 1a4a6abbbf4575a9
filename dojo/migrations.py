"""The app's schema: app/migrations/NNNN_*.sql, applied in their order."""

import hashlib
import re
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg

from dojo.errors import MigrationFailed

__all__ = ["apply", "fingerprint", "migration_files"]


def migration_files(folder: Path) -> list[Path]:
    """The migrations in the order of their numbers; MigrationFailed on a name that has none."""
    files = sorted(folder.glob("*.sql"))
    numbers: dict[str, Path] = {}
    for file in files:
        match = re.fullmatch(r"(\d{4})_\w+\.sql", file.name)
        if match is None:
            raise MigrationFailed(
                f"{file.name}: a migration is named like 0002_what_it_does.sql. Rename it."
            )
        if (other := numbers.setdefault(match[1], file)) is not file:
            raise MigrationFailed(
                f"{other.name} and {file.name} have the same number. Renumber one of them."
            )
    return files


def fingerprint(files: Iterable[Path]) -> str:
    """Changes whenever a name or a text does."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def apply(conninfo: str, files: Iterable[Path]) -> dict[str, float]:
    """Apply the files; seconds for each by name. MigrationFailed has file, line and reason.

    A file is one simple query, as psql -f would send it in one string: all of it or nothing,
    unless it holds a single statement that can't run in a transaction.
    """
    spent_s = {}
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute("SET lock_timeout = '10s'")
        db.execute("SET statement_timeout = '120s'")
        for file in files:
            text = file.read_text(encoding="utf-8")
            began = time.perf_counter()
            try:
                db.execute(text.encode())
            except psycopg.Error as error:
                raise MigrationFailed(_told(file, text, error)) from error
            spent_s[file.name] = time.perf_counter() - began
    return spent_s


def _told(file: Path, text: str, error: psycopg.Error) -> str:
    position = error.diag.statement_position
    line = text.count("\n", 0, int(position)) + 1 if position else 1
    excerpt = text.splitlines()[line - 1].strip() if text.strip() else ""
    reason = error.diag.message_primary or str(error)
    return (
        f"app/migrations/{file.name}:{line}: {reason}\n    {excerpt}\n"
        "Postgres refused this migration. Correct the file, then run again."
    )
