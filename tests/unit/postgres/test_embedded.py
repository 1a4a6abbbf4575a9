"""Embedded Postgres: what its log says, for which its data are made anew, and who can run it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dojo.postgres.embedded_binaries import everybody_can_run
from dojo.postgres.server_log import end_of_log, is_damaged

TIME = "2026-11-26 21:00:00.000 UTC [17] "
FULL = "No space left on device"


@pytest.mark.parametrize(
    ("lines", "damaged"),
    [
        ([f'PANIC:  could not write to file "pg_wal/xlogtemp.29": {FULL}'], False),
        ([f'FATAL:  could not write to file "pg_logical/replorigin_checkpoint": {FULL}'], False),
        (
            [
                "LOG:  database system was not properly shut down; automatic recovery in progress",
                "LOG:  invalid record length at 0/1A2B3C8: expected at least 24, got 0",
                "LOG:  redo done at 0/1A2B390",
                'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
                "FATAL:  could not create any TCP/IP sockets",
            ],
            False,
        ),
        (["FATAL:  could not map anonymous shared memory: Cannot allocate memory"], False),
        (['FATAL:  data directory "/d/pgdata" has invalid permissions'], False),
        (["FATAL:  incorrect checksum in control file"], True),
        (['PANIC:  could not read file "global/pg_control": read 21 of 296'], True),
        (["FATAL:  database files are incompatible with server"], True),
        (
            [
                "LOG:  invalid primary checkpoint record",
                "PANIC:  could not locate a valid checkpoint record",
            ],
            True,
        ),
        (["FATAL:  invalid page in block 0 of relation base/1/1259"], True),
        (["PANIC:  WAL contains references to invalid pages"], True),
        (['FATAL:  could not open directory "pg_notify": No such file or directory'], True),
        (["LOG:  invalid page in block 0 of relation base/1/1259; zeroing out page"], False),
        (['FATAL:  configuration file "/d/pgdata/postgresql.conf" contains errors'], True),
        (["FATAL:  could not load /d/pgdata/pg_hba.conf"], True),
        (['FATAL:  required WAL directory "pg_wal" does not exist'], True),
        (['FATAL:  bogus data in lock file "postmaster.pid": "x"'], True),
        (['FATAL:  password authentication failed for user "postgres"'], True),
        (['FATAL:  database "postgres" does not exist'], True),
    ],
)
def test_data_are_made_anew_only_for_what_ended_the_server(lines: list[str], damaged: bool) -> None:
    """A full disk, a taken port after a crash, or too little memory is no damage."""
    log = "\n".join(TIME + line for line in lines)
    assert is_damaged(f"Embedded Postgres did not start: {log}") is damaged


def test_a_missing_control_file_is_damage() -> None:
    """The server says so before it has a log."""
    log = (
        "postgres: could not find the database system\n"
        'Expected to find it in the directory "/d/pgdata",\n'
        'but could not open file "/d/pgdata/global/pg_control": No such file or directory\n'
    )
    assert is_damaged(log)


@pytest.mark.parametrize(
    ("reason", "damaged"), [("No such file or directory", True), ("Permission denied", False)]
)
def test_missing_settings_are_damage_and_unreadable_ones_are_not(
    reason: str, damaged: bool
) -> None:
    """Data that belong to somebody else stay."""
    log = "postgres: could not access the server configuration file"
    assert is_damaged(f'{log} "/d/pgdata/postgresql.conf": {reason}\n') is damaged


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            f'FATAL:  could not resize shared memory segment "/PostgreSQL.1": {FULL}',
            "/dev/shm is too small",
        ),
        (
            f'FATAL:  could not write to file "pg_wal/xlogtemp.7236": {FULL}',
            "the disk is full (",
        ),
    ],
)
def test_shared_memory_and_a_disk_are_told_apart(tmp_path: Path, line: str, words: str) -> None:
    """By the line that says so; initdb speaks of shared memory whatever happens."""
    log = tmp_path / "initdb.log"
    log.write_text(f"selecting dynamic shared memory implementation ... posix\n{line}\n")
    assert end_of_log(log).startswith(words)
    log.write_text("selecting dynamic shared memory implementation ... posix\nFATAL:  broken\n")
    assert end_of_log(log).startswith("selecting")


def test_a_link_that_only_root_may_pass_is_seen() -> None:
    """The program behind it can be run by everybody, but not by that way."""
    with TemporaryDirectory() as folder:  # pytest's own are private
        base = Path(folder)
        base.chmod(0o755)
        program, private = base / "bin" / "postgres", base / "private"
        program.parent.mkdir(mode=0o755)
        program.write_text("")
        program.chmod(0o755)
        private.mkdir(mode=0o700)
        (private / "bin").symlink_to(program.parent)
        if not everybody_can_run(program):
            pytest.skip(f"{base.parent} is private")
        assert not everybody_can_run(private / "bin" / "postgres")
        private.chmod(0o755)
        assert everybody_can_run(private / "bin" / "postgres")
