"""`./run dojo clean`: takes away all that runs have made outside the project's files.

Databases and role on the server of DOJO_POSTGRES, the cache with its embedded server's data,
containers and volumes of this clone and of those whose folder is gone. Reports and hints stay.
"""

import argparse
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from dojo.errors import DojoError
from dojo.postgres.docker import remove_all
from dojo.postgres.embedded import data_home
from dojo.postgres.external import find_external
from dojo.postgres.janitor import Databases
from dojo.settings import Settings
from dojo.site.lock import MACHINE, alone

__all__ = ["run"]

Say = Callable[[str], None]
URL = ("postgresql://", "postgres://")


def run(arguments: argparse.Namespace, root: Path, stream: TextIO, machine: str = MACHINE) -> int:
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
    if status == 0:
        shutil.rmtree(settings.cache_dir, ignore_errors=True)
        say(f"Removed: {settings.cache_dir}. Reports and hints stay in {settings.state_dir}.")
    return status


def _clean_server(settings: Settings, say: Say) -> None:
    """The databases and the role of this installation, on a server of somebody else's."""
    url = settings.postgres or ""
    if not url.startswith(URL):
        return
    server = find_external(url, settings.cache_dir, lambda _: None)
    databases = Databases(server)
    names = databases.names(server.prefix)
    databases.sweep(server.prefix)
    left = databases.names(server.prefix)
    for name in names:
        say(f"{'Left, a run uses it' if name in left else 'Dropped'}: database {name}")
    if not left and databases.drop_role():
        say(f"Dropped: role {server.app_role}")


def _clean_engine(settings: Settings, say: Say) -> None:
    for removed in remove_all(settings.cache_dir):
        say(f"Removed: {removed}")


def _clean_data(settings: Settings, say: Say) -> None:
    home = data_home(settings.cache_dir)
    if home.is_dir():
        with suppress(OSError):
            shutil.rmtree(home)
            say(f"Removed: {home}")
