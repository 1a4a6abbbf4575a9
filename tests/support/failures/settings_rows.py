"""Rows: settings that can't be, and files of the app that can't be."""

from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table

__all__ = ["TABLE"]

TABLE = Table("settings")
row = TABLE.row


TABLE.session(
    "DOJO_POSTGRES=oracle",
    Expect.ERROR,
    "BadSetting: * must be auto, docker, embedded or",
    ours=False,
    DOJO_POSTGRES="oracle",
)


@row(
    "DOJO_POSTGRES=docker, and no engine",
    Expect.ERROR,
    "PostgresUnavailable: * Start the engine * DOJO_POSTGRES=embedded",
)
def engine(bench: Bench) -> Ended:
    address = f"unix://{bench.folder}/no.sock"
    return bench.session(ours=False, DOJO_POSTGRES="docker", DOCKER_HOST=address)


TABLE.session(
    "DOJO_POSTGRES is a URL where nothing listens",
    Expect.ERROR,
    "PostgresUnavailable: * answer",
    long=True,
    ours=False,
    DOJO_POSTGRES="postgresql://127.0.0.1:9/x",
)


TABLE.session(
    "DOJO_ROUND_TRIP_MS=far",
    Expect.ERROR,
    "BadSetting: DOJO_ROUND_TRIP_MS * from 0 to 1000",
    DOJO_ROUND_TRIP_MS="far",
)


@row(
    "--app names a folder without an app", Expect.ERROR, "BadSetting: There is no app at", long=True
)
def no_app(bench: Bench) -> Ended:
    return bench.session("", "--app", str(bench.folder / "nowhere"))


@row("DOJO_CACHE is a file", Expect.ERROR, "BadSetting: * Set DOJO_CACHE")
def cache_is_a_file(bench: Bench) -> Ended:
    (bench.folder / "file").touch()
    place = str(bench.folder / "file" / "cache")
    return bench.session(ours=False, DOJO_POSTGRES="embedded", DOJO_CACHE=place)


TABLE.session(
    "a syntax error in the app",
    Expect.APP,
    "AppDidNotStart: * See app/main.py:*SyntaxError",
    "def broken(:\n",
)


TABLE.session(
    "an import of what is not there",
    Expect.APP,
    "AppDidNotStart: * See app/main.py:*nosuchthing",
    "import nosuchthing\n",
    long=True,
)


TABLE.session(
    "the app ends while it starts",
    Expect.APP,
    "AppDidNotStart: The app ended * status 3",
    "raise SystemExit(3)\n",
    long=True,
)


TABLE.session(
    "a migration that Postgres refuses",
    Expect.APP,
    "MigrationFailed: app/migrations/0002_broken.sql:3: * nosuchtable",
    files={"app/migrations/0002_broken.sql": "\n\nCREATE INDEX broken ON nosuchtable (id);\n"},
)


TABLE.session(
    "two migrations have one number",
    Expect.APP,
    "MigrationFailed: * Renumber one of them",
    long=True,
    files=dict.fromkeys(("app/migrations/0002_a.sql", "app/migrations/0002_b.sql"), "SELECT 1;"),
)


TABLE.session(
    "a migration drops a table that the kata prepares",
    Expect.APP,
    "MigrationFailed: The shop's tables no longer take or give what they did",
    files={"app/migrations/0002_drop.sql": "DROP TABLE products;"},
)
