"""The app's schema: app/migrations/NNNN_*.sql, applied in their order."""

import hashlib
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg.pq import TransactionStatus

from dojo.errors import MigrationFailed

__all__ = ["apply", "fingerprint", "migration_files", "statement_starts"]

# Where a semicolon ends no statement. A block comment is found by its beginning alone: they nest.
COMMENT_OR_QUOTE = re.compile(
    r"""--[^\n]*|/\*|(?<!\w)[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"[^"]*"|"""
    r"""(?<![\w$])\$((?:[^\W\d]\w*)?)\$.*?\$\1\$""",
    re.DOTALL,
)


def migration_files(folder: Path) -> list[Path]:
    """The migrations in the order of their numbers.

    MigrationFailed on a name that has none, and on what is no file that can be read.
    """
    files = sorted(folder.glob("*.sql"))
    numbers: dict[str, Path] = {}
    for file in files:
        match = re.fullmatch(r"(\d{4})_\w+\.sql", file.name)
        if match is None:
            raise MigrationFailed(
                f"{file.name}: a migration is named like 0002_what_it_does.sql. Rename it."
            )
        if not file.is_file() or not os.access(file, os.R_OK):
            raise MigrationFailed(
                f"app/migrations/{file.name} is no file that can be read: it is a folder, a link"
                " that leads nowhere, or not yours to read. Mend or remove it, then run again."
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
    unless it holds a single statement that can't run in a transaction. Nothing that a file sets
    for its session reaches the next. The table schema_migrations names the files that were applied.
    """
    spent_s = {}
    with psycopg.connect(conninfo, autocommit=True, client_encoding="utf8") as db:
        db.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations"
            " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        for file in files:
            db.execute("RESET ALL")
            db.execute("SET lock_timeout = '10s'")
            db.execute("SET statement_timeout = '120s'")
            text = _text(file)
            began = time.perf_counter()
            try:
                db.execute(text.encode())
            except psycopg.Error as error:
                raise MigrationFailed(_refusal(file, text, error)) from error
            spent_s[file.name] = time.perf_counter() - began
            if db.info.transaction_status is not TransactionStatus.IDLE:
                raise MigrationFailed(
                    f"app/migrations/{file.name} begins a transaction and does not end it. Each"
                    " file is a transaction already: take BEGIN out, then run again."
                )
            db.execute("INSERT INTO public.schema_migrations (name) VALUES (%s)", (file.name,))
    return spent_s


def _text(file: Path) -> str:
    """A byte-order mark is dropped: editors of Windows write one, and Postgres takes none."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.read_bytes().count(b"\n", 0, error.start) + 1
        raise MigrationFailed(
            f"app/migrations/{file.name}:{line}: not UTF-8. Save the file as UTF-8, then run again."
        ) from error
    if "\0" in text:  # libpq would end there, and the rest of the file would be left out
        line = text.count("\n", 0, text.index("\0")) + 1
        raise MigrationFailed(
            f"app/migrations/{file.name}:{line}: a null byte. Save the file as UTF-8,"
            " then run again."
        )
    return text


def _refusal(file: Path, text: str, error: psycopg.Error) -> str:
    position = error.diag.statement_position
    reason = error.diag.message_primary or str(error)
    where, excerpt = file.name, ""
    if position is None and len(starts := statement_starts(text)) == 1:
        position = str(starts[0] + 1)  # Postgres gives none for what it finds while it runs
    if position:  # in characters, from 1
        line = text.count("\n", 0, int(position) - 1) + 1
        where, excerpt = f"{file.name}:{line}", f"\n    {text.splitlines()[line - 1].strip()}"
    details = "".join(
        f"\n    {d}" for d in (error.diag.message_detail, error.diag.message_hint) if d
    )
    return (
        f"app/migrations/{where}: {reason}{excerpt}{details}\n"
        "Postgres refused this migration. Correct the file, then run again."
    )


def statement_starts(text: str) -> list[int]:
    """Where each statement begins: after a semicolon that is in no comment and in no quotes."""
    return [match.start() for match in re.finditer(r"[^;\s][^;]*", _masked(text))]


def _masked(text: str) -> str:
    """The text, as long as before, with blanks for what is commented and x for what is quoted."""
    parts, at = [], 0
    while match := COMMENT_OR_QUOTE.search(text, at):
        end = _comment_end(text, match.start()) if match[0] == "/*" else match.end()
        mask = " " if match[0].startswith(("--", "/*")) else "x"
        parts += [text[at : match.start()], re.sub(r"\S", mask, text[match.start() : end])]
        at = end
    return "".join([*parts, text[at:]])


def _comment_end(text: str, start: int) -> int:
    """Where the block comment that begins at `start` ends, with those inside it."""
    depth = 0
    for match in re.finditer(r"/\*|\*/", text[start:]):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return start + match.end()
    return len(text)
