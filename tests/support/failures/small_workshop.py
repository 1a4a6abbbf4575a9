"""The workshop of the small kata: a table with three rows, on the server that the row names."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext

import psycopg

from dojo.postgres import migrations
from dojo.postgres.choice import serve
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.settings import Settings
from dojo.site.lock import alone
from dojo.site.notices import Notices
from dojo.site.workshop import Workshop

__all__ = ["SERVER", "open_small"]

SERVER = "ROW_SERVER"  # the tests' server as JSON; without it, DOJO_POSTGRES says which


class SmallWorkshop(Workshop):
    """A workshop whose dataset costs nothing."""

    def ready_template(self) -> str:
        name = self.server.database(f"small_{os.getpid()}")

        def build(dsn: str) -> None:
            files = migrations.migration_files(self.settings.app_dir / "migrations")
            with psycopg.connect(self.as_app(dsn), autocommit=True) as db:
                db.execute("CREATE TABLE products AS SELECT generate_series(1, 3) AS id")
            migrations.apply(self.as_app(dsn), files)

        self.databases.template(name, build)
        return name


@contextmanager
def open_small(settings: Settings, say: Callable[[str], None]) -> Iterator[SmallWorkshop]:
    """As Workshop.open, with a lock of its own in place of the machine's."""
    notices = Notices(say)
    with ExitStack() as stack:
        stack.enter_context(alone(settings.cache_dir, say, machine=f"slo-dojo-row-{os.getpid()}"))
        if text := os.environ.get(SERVER):
            server = Server(**json.loads(text))
        else:
            with notices.during("starting Postgres"):
                server = stack.enter_context(
                    serve(settings.postgres, settings.cache_dir, settings.image, notices.say)
                )
        databases = Databases(server)
        databases.ensure_role()
        databases.sweep(server.database("run_"))
        workshop = SmallWorkshop(
            *(settings, server, databases, notices.say, nullcontext, {"postgres": 0.0}),  # type: ignore[arg-type]
            notices=notices,
        )
        stack.callback(lambda: databases.drop(server.database(f"small_{os.getpid()}")))
        yield workshop
