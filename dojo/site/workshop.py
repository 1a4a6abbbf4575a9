"""What the katas of a session share: the lock, the Postgres server, the template databases.

Composes the Postgres wing with the seed; knows no pytest and no kata.
"""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

import seed.dataset
import seed.loader
from dojo.errors import MigrationFailed
from dojo.kata.checks import seeded_rows
from dojo.kata.contract import SeededRows
from dojo.postgres import migrations
from dojo.postgres.choice import serve
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.settings import ROOT, Settings
from dojo.site.graded_files import FileStates, graded_files, loaded_files
from dojo.site.live_database import is_announced
from dojo.site.lock import MACHINE, alone
from dojo.site.notices import Notices
from dojo.site.pause import NOBODY_PAUSES, PauseRequest
from dojo.site.shipped_app import keep_copy

__all__ = ["Workshop"]

# Templates that stay, of 140 MB and more each. Another dataset takes 15 s to make, and other
# migrations as long as they run, which they did in the run before.
MOST_SEEDS, MOST_READY = 2, 1
Progress = Callable[[], AbstractContextManager[Callable[[str, int, int], None]]]


def _no_progress() -> AbstractContextManager[Callable[[str, int, int], None]]:
    return nullcontext(lambda what, done, total: None)


def _graded_now() -> FileStates:
    return FileStates.read(graded_files() | loaded_files())


@dataclass(slots=True)
class Workshop:
    """A server with the dataset in a template database, from which a run's database is cloned."""

    settings: Settings
    server: Server
    databases: Databases
    say: Callable[[str], None]
    progress: Progress
    timings_s: dict[str, float]
    seeded: dict[str, SeededRows] = field(default_factory=dict)
    seeded_name: str = ""  # the template of which `seeded` is
    graded: FileStates = field(default_factory=_graded_now)
    pause: PauseRequest = NOBODY_PAUSES  # where a kata's run says how far it is
    notices: Notices = field(default_factory=lambda: Notices(lambda _: None))

    @classmethod
    @contextmanager
    def open(
        cls,
        settings: Settings,
        say: Callable[[str], None],
        progress: Progress = _no_progress,
        command: str = "",
        *,
        measures: bool = True,
    ) -> Iterator["Workshop"]:
        """Wait for other runs to end, start Postgres, drop the databases of killed runs.

        `progress` is entered while the dataset is seeded; what it yields is called with (what,
        done, total). `command` names a command that runs until somebody ends it; see
        dojo.site.lock. Without one it is a kata's run, for which such a command pauses. `measures`:
        it measures times, so nobody else on the machine may.
        """
        keep_copy(ROOT, settings.app_dir, settings.state_dir)
        with ExitStack() as stack:
            pause = NOBODY_PAUSES
            if not command and (measures or is_announced(settings.cache_dir)):
                pause = stack.enter_context(PauseRequest.sent())
            stack.enter_context(
                alone(
                    settings.cache_dir,
                    say,
                    command=command,
                    machine=MACHINE if measures else None,
                    ask=pause.ask,
                )
            )
            began, notices = time.perf_counter(), Notices(say)
            with notices.during("starting Postgres"):
                server = stack.enter_context(
                    serve(settings.postgres, settings.cache_dir, settings.image, notices.say)
                )
            # somebody else's server may let the role in without any password, or want no SCRAM
            if server.provider != "external":
                server = replace(server, app_password=secrets.token_urlsafe(24))
            databases = Databases(server)
            databases.ensure_role()
            databases.sweep(server.database("run_"))
            timings_s = {"postgres": time.perf_counter() - began}
            yield cls(
                *(settings, server, databases, notices.say, progress, timings_s),
                pause=pause,
                notices=notices,
            )

    def ready_template(self) -> str:
        """The template with the dataset and the app's migrations; built if missing. Its name."""
        files = migrations.migration_files(self.settings.app_dir / "migrations")
        if not files:
            raise MigrationFailed(
                "app/migrations has no 0001_*.sql. Get the shipped one back: ./run dojo reset"
            )
        schema = files[0]
        seed_key = _key(seed.dataset.fingerprint(), migrations.fingerprint([schema]))
        ready_key = _key(seed_key, migrations.fingerprint(files))
        seed_name = self.server.database(f"seed_{seed_key}")
        ready_name = self.server.database(f"ready_{ready_key}")
        facts = self.settings.cache_dir / "seeded" / f"{self.server.provider}_{seed_key}.json"

        def build_seed(dsn: str) -> None:
            self.say("Seeding the shop's dataset: once, about ten seconds.")
            migrations.apply(self.as_app(dsn), [schema])
            with self.progress() as show:
                seed.loader.load(dsn, seed.dataset.generate(show), show)
            with psycopg.connect(dsn, autocommit=True) as db:
                db.execute("ANALYZE")

        is_new = self.databases.template(seed_name, build_seed)
        if is_new:
            self.databases.keep_recent(self.server.database("seed_"), MOST_SEEDS)
        if is_new or self.seeded_name != seed_name:  # what was once read, no app can change
            self.seeded = self._seeded_rows(seed_name, None if is_new else _read_rows(facts), facts)
            self.seeded_name = seed_name
        return self._migrated(seed_name, ready_name, files)

    def _seeded_rows(
        self, name: str, remembered: dict[str, SeededRows] | None, facts: Path
    ) -> dict[str, SeededRows]:
        """The checksums of a template's rows, as remembered or computed anew and written down."""
        if remembered is not None:
            return remembered
        with psycopg.connect(self.server.dsn(name), autocommit=True) as db:
            rows = seeded_rows(db)
        _write_rows(facts, rows)
        return rows

    def _migrated(self, seed_name: str, ready_name: str, files: list[Path]) -> str:
        def build(dsn: str) -> None:
            spent_s = migrations.apply(self.as_app(dsn), files[1:])
            for name, seconds in spent_s.items():
                self.say(f"Applied app/migrations/{name} in {seconds:.1f} s.")
            with psycopg.connect(dsn, autocommit=True) as db:
                db.execute("ANALYZE")

        if len(files) == 1:
            return seed_name
        self.databases.template(ready_name, build, source=seed_name)
        self.databases.keep_recent(self.server.database("ready_"), MOST_READY)
        return ready_name

    def changed_files(self) -> list[Path]:
        """The files of the grader that are not as they were when this workshop was opened."""
        now = FileStates.read(graded_files() | self.graded.states.keys())
        return self.graded.changed(now)

    @contextmanager
    def database(self) -> Iterator[str]:
        """A database of its own for one run, dropped afterwards."""
        self.databases.ensure_role()  # the app can change it
        template = self.ready_template()
        name = self.server.database(f"run_{os.getpid()}")
        with self.databases.clone_of_a_run(template, name):
            yield name

    def as_app(self, dsn: str) -> str:
        """The same database as the app's own role, which owns the schema."""
        server = self.server
        return make_conninfo(dsn, user=server.app_role, password=server.app_password)


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _write_rows(path: Path, rows: dict[str, SeededRows]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = {table: asdict(of_table) for table, of_table in rows.items()}
    path.write_text(json.dumps(fields), encoding="utf-8")


def _read_rows(path: Path) -> dict[str, SeededRows] | None:
    """The rows that were written; None if there are none, or another version wrote them."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return {
            table: SeededRows(**{**of_table, "columns": tuple(of_table["columns"])})
            for table, of_table in fields.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
