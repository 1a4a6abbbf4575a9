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


TABLE.session(
    "the app ends while it starts, without a word and with status 0",
    Expect.APP,
    "AppDidNotStart: * status 0. It printed nothing. Look in app/ for what ends it",
    "os._exit(0)\n",
    long=True,
)


def with_bytes(bench: Bench, name: str, content: bytes) -> Ended:
    """The session with a file of the app's that no text editor would have written so."""
    path = bench.folder / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return bench.session("from app.more import stuff\n" * name.endswith(".py"))


@row(
    "a file of the app is saved as UTF-16",
    Expect.APP,
    "AppDidNotStart: * Not saved as UTF-8: app/more/stuff.py",
)
def utf16(bench: Bench) -> Ended:
    return with_bytes(bench, "app/more/stuff.py", "x = 1\n".encode("utf-16-le"))


@row(
    "a migration has a null byte, behind which Postgres reads nothing",
    Expect.APP,
    "MigrationFailed: app/migrations/0002_index.sql:1: a null byte. Save the file as UTF-8",
    long=True,
)
def null_byte(bench: Bench) -> Ended:
    return with_bytes(bench, "app/migrations/0002_index.sql", b"SELECT 1;\0SELECT 2;\n")


@row(
    "a migration begins with a byte-order mark, as an editor of Windows writes it",
    Expect.UNCHANGED,
    long=True,
)
def byte_order_mark(bench: Bench) -> Ended:
    return with_bytes(bench, "app/migrations/0002_index.sql", b"\xef\xbb\xbfSELECT 1;\r\n")


@row(
    "a migration is a folder",
    Expect.APP,
    "MigrationFailed: app/migrations/0002_index.sql is no file * Mend or remove it",
    long=True,
)
def migration_folder(bench: Bench) -> Ended:
    (bench.folder / "app" / "migrations" / "0002_index.sql").mkdir(parents=True)
    return bench.session()
