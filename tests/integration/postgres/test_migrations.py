"""dojo.postgres.migrations: the app's schema, file by file."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from dojo.errors import MigrationFailed
from dojo.postgres.janitor import Databases
from dojo.postgres.migrations import apply, fingerprint, migration_files
from dojo.postgres.server import Server


@pytest.fixture
def conninfo(server: Server) -> Iterator[str]:
    """An empty database of the app's role, as that role."""
    databases = Databases(server)
    databases.clone("template0", "dojo_test_migrations")
    yield server.app_dsn("dojo_test_migrations")
    databases.drop("dojo_test_migrations")


def write(folder: Path, **texts: str) -> list[Path]:
    """Migrations m0001_a="…" as 0001_a.sql."""
    for name, text in texts.items():
        (folder / f"{name[1:]}.sql").write_text(text)
    return migration_files(folder)


def test_files_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """Numbers decide, and what is not .sql is left alone."""
    (tmp_path / "README.md").write_text("")
    files = write(tmp_path, m0010_b="", m0002_c="", m0001_z="")
    assert [file.name for file in files] == ["0001_z.sql", "0002_c.sql", "0010_b.sql"]


@pytest.mark.parametrize("name", ["index.sql", "2_index.sql", "0002.sql", "0002-index.sql"])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    """A name without its number is refused, with an example of a good one."""
    (tmp_path / name).write_text("")
    with pytest.raises(MigrationFailed, match=rf"{name}: .*0002_what_it_does.sql"):
        migration_files(tmp_path)


def test_a_number_twice_is_refused(tmp_path: Path) -> None:
    """Both files of one number are named."""
    with pytest.raises(MigrationFailed, match=r"0002_a\.sql and 0002_b\.sql"):
        write(tmp_path, m0002_a="", m0002_b="")


def test_the_fingerprint_changes_with_a_text_and_with_a_name(tmp_path: Path) -> None:
    """The same files have the same fingerprint, and any difference another."""
    files = write(tmp_path, m0001_a="SELECT 1")
    first = fingerprint(files)
    assert fingerprint(files) == first
    assert fingerprint(write(tmp_path, m0001_a="SELECT 2")) != first
    files[0].write_text("SELECT 1")
    assert fingerprint([files[0].rename(tmp_path / "0001_b.sql")]) != first


def test_files_are_applied_and_recorded(conninfo: str, tmp_path: Path) -> None:
    """Each file may hold many statements, or one that needs to be outside a transaction."""
    files = write(
        tmp_path,
        m0001_table="CREATE TABLE t (n int, s text DEFAULT '100%s;'); INSERT INTO t VALUES (7);",
        m0002_index="CREATE INDEX CONCURRENTLY t_n ON t (n);\n",
        m0003_nothing="",
    )
    spent_s = apply(conninfo, files)
    assert list(spent_s) == ["0001_table.sql", "0002_index.sql", "0003_nothing.sql"]
    assert all(seconds >= 0 for seconds in spent_s.values())
    with psycopg.connect(conninfo) as db:
        assert db.execute("SELECT n, s FROM t").fetchall() == [(7, "100%s;")]
        assert db.execute("SELECT name FROM schema_migrations ORDER BY name").fetchall() == [
            (name,) for name in spent_s
        ]
        owner = db.execute("SELECT tableowner FROM pg_tables WHERE tablename = 't'").fetchone()
        assert owner == ("shop",)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("CREATE TABLE a (n int);\n\nCREATE TABEL b ();", [":3: syntax error", "TABEL b"]),
        ("-- why;\n\nCREATE INDEX i ON nosuch (n);\n", [":3: ", '"nosuch" does not exist']),
        ("SELECT 'é';\nSELECT nosuch;\n", [":2: ", "nosuch"]),
        ("CREATE TABLE a (n int);\nDROP TABLE nosuch;", ["0001_bad.sql: ", "nosuch"]),
    ],
    ids=["syntax", "one statement", "not ASCII", "no position"],
)
def test_an_error_has_file_line_and_reason(
    conninfo: str, tmp_path: Path, text: str, parts: list[str]
) -> None:
    """What Postgres refuses is reported with its line, and nothing of the file stays."""
    with pytest.raises(MigrationFailed) as caught:
        apply(conninfo, write(tmp_path, m0001_bad=text))
    assert "app/migrations/0001_bad.sql:" in str(caught.value)
    for part in parts:
        assert part in str(caught.value)
    with psycopg.connect(conninfo) as db:
        assert db.execute("SELECT to_regclass('a')").fetchone() == (None,)
        assert db.execute("SELECT count(*) FROM schema_migrations").fetchone() == (0,)


def test_a_transaction_left_open_is_refused(conninfo: str, tmp_path: Path) -> None:
    """BEGIN without COMMIT would lose the work in silence, so it is refused."""
    with pytest.raises(MigrationFailed, match=r"0001_open\.sql begins a transaction"):
        apply(conninfo, write(tmp_path, m0001_open="BEGIN; CREATE TABLE t ();"))


def test_what_a_file_sets_ends_with_it(conninfo: str, tmp_path: Path) -> None:
    """A setting of one file does not reach the next."""
    apply(
        conninfo,
        write(
            tmp_path,
            m0001_set="SET search_path = pg_catalog;",
            m0002_table="CREATE TABLE here ();",
        ),
    )
    with psycopg.connect(conninfo) as db:
        assert db.execute("SELECT to_regclass('public.here') IS NOT NULL").fetchone() == (True,)


def test_a_file_that_is_not_utf8_is_refused(conninfo: str, tmp_path: Path) -> None:
    """The line of the first byte that is wrong is reported."""
    (tmp_path / "0001_latin.sql").write_bytes(b"SELECT 1;\nSELECT '\xe9';")
    with pytest.raises(MigrationFailed, match=r"0001_latin\.sql:2: not UTF-8"):
        apply(conninfo, migration_files(tmp_path))


def test_a_file_with_a_null_byte_is_refused(conninfo: str, tmp_path: Path) -> None:
    """Else what stands behind it would never reach Postgres."""
    (tmp_path / "0001_null.sql").write_bytes(b"SELECT 1;\n\0CREATE INDEX i ON t (id);")
    with pytest.raises(MigrationFailed, match=r"0001_null\.sql:2: a null byte"):
        apply(conninfo, migration_files(tmp_path))


def test_a_byte_order_mark_is_passed_over(conninfo: str, tmp_path: Path) -> None:
    """An editor of Windows writes one."""
    (tmp_path / "0001_marked.sql").write_bytes(b"\xef\xbb\xbfCREATE TABLE marked ();")
    apply(conninfo, migration_files(tmp_path))
    with psycopg.connect(conninfo) as db:
        assert db.execute("SELECT to_regclass('public.marked') IS NOT NULL").fetchone() == (True,)


@pytest.mark.parametrize(
    "make",
    [Path.mkdir, lambda path: path.symlink_to("nowhere"), os.mkfifo],
    ids=["folder", "link", "pipe"],
)
def test_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A folder, a link that leads nowhere, and a pipe that nobody would ever write to."""
    make(tmp_path / "0002_more.sql")
    with pytest.raises(MigrationFailed, match=r"0002_more\.sql is no file"):
        migration_files(tmp_path)
