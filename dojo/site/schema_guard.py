"""Whose fault it is when the shop's database does not do what the grader asks of it.

Knows what psycopg raises, and neither the site nor what was asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from dojo.errors import AppHung, MigrationFailed

__all__ = ["schema_guard"]


@contextmanager
def schema_guard() -> Iterator[None]:
    """MigrationFailed if the shop's tables no longer take or give what they did.

    AppHung if the app has locked one of them and does not let go.
    """
    try:
        yield
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
        raise AppHung(
            "The app holds a lock on a table of the shop in a transaction that it does not end"
            f" ({str(error).strip().splitlines()[0]}). Whoever needs that table waits for it. End"
            " each transaction in app/, then run again."
        ) from error
    except psycopg.errors.QueryCanceled as error:
        raise AppHung(
            "A query of the grader's own took over a minute on the shop's database"
            f" ({str(error).strip().splitlines()[0]}): the app, or what it has left there, keeps"
            " the server busy. See what it runs, then run again."
        ) from error
    except (
        psycopg.ProgrammingError,
        psycopg.IntegrityError,
        psycopg.DataError,
        psycopg.NotSupportedError,
        psycopg.errors.ObjectNotInPrerequisiteState,
    ) as error:
        raise MigrationFailed(
            "The shop's tables no longer take or give what they did, so others who use them break:"
            f" {str(error).strip()}\nA migration may add to the schema of 0001; what was there must"
            " go on working. Correct app/migrations, then run again."
        ) from error
