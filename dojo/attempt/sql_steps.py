"""What the grader does to the shop's database during a burst, past the app, each at its moment.

A thread with a connection of its own sends the statements, so that one that has to wait for a lock
holds up nothing else. Their moments are noted as they were, not as they were planned.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from dojo.errors import AppFault
from dojo.kata.burst import SqlAnswer
from dojo.load.plan import SqlStep
from dojo.site.schema_guard import schema_guard

__all__ = ["SqlSender", "sql_sender"]

# A site that keeps others from its database for longer is at fault. Chosen, not measured: less than
# a burst, and many times what a statement of the katas takes.
LOCK_WAIT_S = 10
STATEMENT_S = 60.0  # as for the grader's other statements: a trigger must not hold it for ever


class SqlSender:
    """Sends each step in its turn, from `begin` until the block of `sql_sender` ends."""

    def __init__(self, db: "psycopg.Connection[tuple[Any, ...]]", steps: Sequence[SqlStep]) -> None:
        self._db, self._steps = db, tuple(steps)
        self._stopped = threading.Event()
        self._answers: list[SqlAnswer] = []  # on the clock of time.monotonic
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._send, name="sql steps", daemon=True)
        self._began_at_s = 0.0

    def begin(self) -> None:
        """The burst begins now, or within some hundredths of a second."""
        self._began_at_s = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; what is under way is awaited."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def answers(self, began_at_s: float) -> tuple[SqlAnswer, ...]:
        """What was sent, in seconds from that reading of time.monotonic.

        AppFault if the shop's database did not take it.
        """
        if self._failure is not None:
            with schema_guard():
                raise self._failure
        return tuple(
            SqlAnswer(each.step, each.sent_s - began_at_s, each.done_s - began_at_s, each.rows)
            for each in self._answers
        )

    def _send(self) -> None:
        try:
            for step in self._steps:
                wait_s = self._began_at_s + step.at_s - time.monotonic()
                if self._stopped.wait(max(0.0, wait_s)):
                    return
                self._answers.append(self._execute(step))
        except psycopg.errors.LockNotAvailable as error:
            self._failure = AppFault(
                f"Another program of the shop could not {step.name} within {LOCK_WAIT_S} s: the app"
                f" holds what it needs. {str(error).strip()}\nHold no lock for longer than one"
                " statement or a short transaction, then run again."
            )
        except Exception as error:
            self._failure = error

    def _execute(self, step: SqlStep) -> SqlAnswer:
        sent_s = time.monotonic()
        cursor = self._db.execute(step.sql.encode(), step.params or None)
        rows = tuple(cursor.fetchall()) if cursor.description else ()
        return SqlAnswer(step, sent_s, time.monotonic(), rows)


@contextmanager
def sql_sender(
    dsn: str, steps: Sequence[SqlStep], statement_s: float = STATEMENT_S
) -> Iterator[SqlSender]:
    """A sender with a connection to that database, as a superuser; no step may take longer."""
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute(f"SET lock_timeout = {round(1000 * LOCK_WAIT_S)}".encode())
        db.execute(f"SET statement_timeout = {round(1000 * statement_s)}".encode())
        sender = SqlSender(db, steps)
        try:
            yield sender
        finally:
            sender.stop()
