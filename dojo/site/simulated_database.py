"""The database of a simulated kata: made for a run, and kept for who wants to look into it.

Only the schema is cached. The data have the same name for each run of a kata, so that the next run
takes the place of the last one.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from dojo.errors import BadSetting
from dojo.settings import ROOT
from dojo.site.learner_database import LearnerSession
from dojo.site.workshop import Workshop

__all__ = ["data_name", "new_data", "schema_template"]

SCHEMA_FILE = "schema.sql"
MOST_SCHEMAS = 4
DATA = "data_"
MOST_DATA = 4  # of all katas and clones: 40 MB each
Connection = psycopg.Connection[tuple[Any, ...]]


def data_name(kata: str, root: Path = ROOT) -> str:
    """The name of a kata's data in the clone at `root`, without the server's prefix."""
    return f"{DATA}{hashlib.sha256(str(root).encode()).hexdigest()[:8]}_{kata}"


@contextmanager
def new_data(
    workshop: Workshop, folder: Path, note: str, fill: Callable[[Connection], None]
) -> Iterator[LearnerSession]:
    """Replace the data of the kata in `folder` by what `fill` copies; yields them for questions.

    `fill` gets a superuser's connection to an empty copy of the schema. A run that ends before the
    data are complete leaves the earlier ones. `note` says which data they are.
    """
    databases, server = workshop.databases, workshop.server
    databases.ensure_role()
    name = server.database(data_name(folder.name))
    unfinished = f"{name}_new"
    databases.drop(unfinished)
    databases.clone(schema_template(workshop, folder), unfinished)
    try:
        with psycopg.connect(server.dsn(unfinished), autocommit=True) as db:
            fill(db)
            db.execute("ANALYZE")
            comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
            db.execute(comment.format(sql.Identifier(unfinished), sql.Literal(note)))
    except BaseException:
        databases.drop(unfinished)
        raise
    databases.rename(unfinished, name)
    databases.keep_newest(server.database(DATA), MOST_DATA)
    with psycopg.connect(server.dsn(name), autocommit=True) as db:
        session = LearnerSession(db, server.app_dsn(name), server.app_role)
        session.allow_all()
        yield session


def schema_template(workshop: Workshop, folder: Path) -> str:
    """The name of the template with the kata's tables; it is built if its schema.sql is new."""
    path = folder / SCHEMA_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} can't be read: {error}. See git checkout katas/.") from error
    key = hashlib.sha256(text.encode()).hexdigest()[:12]
    name = workshop.server.database(f"schema_{key}")

    def build(dsn: str) -> None:
        with psycopg.connect(dsn, autocommit=True) as db:
            try:
                db.execute(text.encode())
            except psycopg.Error as error:
                raise BadSetting(f"{path}: Postgres refuses it: {str(error).strip()}") from error

    workshop.databases.template(name, build)
    workshop.databases.keep_recent(workshop.server.database("schema_"), MOST_SCHEMAS)
    return name
