"""`./run dojo clean`: takes away all that runs have made outside the project's files.

Databases and role on the server of DOJO_POSTGRES, the cache with its embedded server's data and
its packages, containers and volumes of this cache and of those whose folder is gone. Reports and
hints stay.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from dojo.environment import POSTGRES_URL
from dojo.errors import BadSetting, DojoError
from dojo.output.figures import count_of
from dojo.postgres.docker import remove_all
from dojo.postgres.embedded_binaries import data_home
from dojo.postgres.external import find_external
from dojo.postgres.janitor import Databases
from dojo.settings import Settings
from dojo.site.lock import MACHINE, alone

__all__ = ["run"]

Say = Callable[[str], None]


def run(root: Path, stream: TextIO, machine: str = MACHINE) -> int:
    """The command: 0, or 1 if something could not be taken away; it says what it does.

    `machine` names the machine's lock.
    """
    settings = Settings.read(root, os.environ)

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    status = 0
    with alone(settings.cache_dir, say, machine=machine):
        for step in (_clean_server, _clean_engine, _clean_data):
            try:
                step(settings, say)
            except (DojoError, OSError) as problem:
                say(f"Not done: {problem}")
                status = 1
    if status:
        return status
    try:
        shutil.rmtree(settings.cache_dir)
    except OSError as problem:
        say(f"Not done: {problem}")
        return 1
    say(f"Removed: {settings.cache_dir}. Reports and hints stay in {settings.state_dir}.")
    return 0


def _clean_server(settings: Settings, say: Say) -> None:
    """The databases and the role of this installation, on a server of somebody else's.

    BadSetting if a database is in use: the cache, by which it can be found again, must stay then.
    """
    url = settings.postgres or ""
    if not url.startswith(POSTGRES_URL):
        return
    server = find_external(url, settings.cache_dir, lambda _: None)
    databases = Databases(server)
    names = databases.names(server.prefix)
    databases.sweep(server.prefix)
    left = databases.names(server.prefix)
    for name in names:
        say(f"{'Left, a run uses it' if name in left else 'Dropped'}: database {name}")
    if left:
        are = "is" if len(left) == 1 else "are"
        raise BadSetting(
            f"{count_of(len(left), 'database')} {are} in use. End what uses "
            f"{'it' if len(left) == 1 else 'them'}, then run again."
        )
    if databases.drop_role():
        say(f"Dropped: role {server.app_role}")


def _clean_engine(settings: Settings, say: Say) -> None:
    for removed in remove_all(settings.cache_dir):
        say(f"Removed: {removed}")


def _clean_data(settings: Settings, say: Say) -> None:
    home = data_home(settings.cache_dir)
    if home.is_dir():
        shutil.rmtree(home)
        say(f"Removed: {home}")
