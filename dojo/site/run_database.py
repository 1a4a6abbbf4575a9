"""The database of an attempt: who comes to it, and over which distance. Knows no app.

The app reaches it through the latency proxy alone. Whoever logs in past that is counted, so that
an app that has found Postgres' own port is seen.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import psycopg

from dojo.postgres.sessions import await_end_of_sessions, role_state, session_count
from dojo.site.latency_proxy import LatencyProxy
from dojo.site.login_relay import Passwords
from dojo.site.workshop import Workshop

__all__ = ["Connection", "RunDatabase"]

Connection = psycopg.Connection[tuple[Any, ...]]

LOOPBACK = "127.0.0.1"
SESSIONS_END_S = 3.0  # of an app that was killed
POLL_S = 0.05
# what an app locks in a transaction that it never ends must not hold the grader for ever
PATIENCE = "-c lock_timeout=5s -c statement_timeout=60s"


class RunDatabase:
    """A database that can be replaced by a new one, and the proxy before it, which stays.

    `close` drops the one and stops the other.
    """

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._current = ExitStack()  # the database of now, and the connection to it
        self._connection: Connection | None = None
        self._proxy: LatencyProxy | None = None
        self._own_sessions = 0  # of the database of now, by the grader
        self._log_ins_before = 0  # through the proxy, before the app could use it
        self._role: object = None
        self.url_for_app = ""  # through the proxy, with the app's role
        self.uncounted_dsn = ""  # as a superuser, past the proxy

    def close(self) -> None:
        """Drop the database and stop the proxy."""
        with ExitStack() as closing:
            closing.callback(self._current.close)
            if self._proxy is not None:
                closing.callback(self._proxy.stop)

    @property
    def connection(self) -> Connection:
        """The grader's, as a superuser and past the proxy; autocommit."""
        assert self._connection is not None, "renew comes first"
        return self._connection

    @property
    def proxy(self) -> LatencyProxy:
        """The latency proxy between the app and Postgres."""
        assert self._proxy is not None, "renew comes first"
        return self._proxy

    @property
    def dsn(self) -> str:
        """As a superuser, past the proxy; for one connection of the grader's.

        Each reading counts as one: sessions that nobody counted are taken for the app's. Who
        connects more often takes `uncounted_dsn`, and calls `count_own_session` for each.
        """
        self.count_own_session()
        return self.uncounted_dsn

    def count_own_session(self) -> None:
        """A connection of the grader's to the database of now, past the proxy."""
        self._own_sessions += 1

    def renew(self, prepare: Callable[[Connection], None]) -> None:
        """Drop it, and make a new one with all migrations and what `prepare` writes."""
        self._current.close()
        self._own_sessions = 1  # the one below; who watches may come back before it
        server = self._workshop.server
        name = self._current.enter_context(self._workshop.database())
        self.uncounted_dsn = server.dsn(name)
        self._connection = self._current.enter_context(
            psycopg.connect(self.uncounted_dsn, autocommit=True, options=PATIENCE)
        )
        prepare(self._connection)
        if self._proxy is None:
            self._proxy = self._start_proxy()
        self._log_ins_before = self._relayed_log_ins(name)
        self._role = role_state(self._connection, server.app_role)
        password = server.app_password if self._is_external else self._passwords.given
        self.url_for_app = (
            f"postgresql://{server.app_role}:{password}@{LOOPBACK}:{self._proxy.port}/{name}"
        )

    def sessions_around(self) -> int:
        """Sessions that came neither through the proxy nor from the grader.

        Exact once the app has ended. A count that somebody has reset is as bad as one.
        """
        await_end_of_sessions(self.connection, self._workshop.server.app_role, SESSIONS_END_S)
        until = time.monotonic() + SESSIONS_END_S
        while (around := self._sessions_around()) and time.monotonic() < until:
            time.sleep(POLL_S)  # the proxy may not yet have read what Postgres has sent and counted
        return around

    def _sessions_around(self) -> int:
        seen, reset_at = session_count(self.connection)
        through = self._relayed_log_ins(self.connection.info.dbname) - self._log_ins_before
        return max(0, seen - through - self._own_sessions, reset_at is not None)

    def role_is_as_it_was(self) -> bool:
        """Whether the app's role has the password and the rights that it was given."""
        return role_state(self.connection, self._workshop.server.app_role) == self._role

    def _start_proxy(self) -> LatencyProxy:
        server = self._workshop.server
        round_trip_s = self._workshop.settings.round_trip_s
        relayed = None if self._is_external else self._passwords
        return LatencyProxy.start(server.host, server.port, round_trip_s, relayed)

    def _relayed_log_ins(self, database: str) -> int:
        stats = self.proxy.stats()
        return stats.connections_opened if self._is_external else stats.log_ins.get(database, 0)

    @property
    def _is_external(self) -> bool:
        """A server of the user's, whose log-ins the proxy does not look at."""
        return self._workshop.server.provider == "external"

    @property
    def _passwords(self) -> Passwords:
        """What the app logs in with, and what the server wants, which only the proxy knows."""
        server = self._workshop.server
        return Passwords(server.app_role, server.app_password)
