"""`./run dojo prepare`: all that katas need is fetched and made, for a room without a network.

The packages are `./run`'s part, which has kept them before this begins: it knows installers,
proxies and the lock. Here follow the image, the databases and the answers. A part that is there
already is left as it is, so an interrupted `prepare` is completed by the next one.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import psycopg

from dojo.cli.doctor_postgres import engine_problem as no_engine
from dojo.cli.weight import weight_mb
from dojo.errors import DojoError, GraderFault, PostgresUnavailable, message_of
from dojo.kata.finder import open_katas
from dojo.postgres import docker
from dojo.postgres.embedded_binaries import data_home
from dojo.postgres.engine import Engine
from dojo.settings import Settings
from dojo.site.simulated_database import schema_template
from dojo.site.workshop import Workshop
from dojo.slo.catalog import is_simulated, kata_folders

__all__ = ["KEPT_PACKAGES", "run", "wants_docker"]

KEPT_PACKAGES = "DOJO_KEPT_PACKAGES"  # set by ./run to their folder, if all are there
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that was prepared."""

    name: str
    mb: float
    place: str


def run(root: Path, stream: TextIO) -> int:
    """The command: 0, or 1 if something could not be had; says what it does and what it weighs."""
    settings = Settings.read(root, os.environ)

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    parts: list[Part] = []
    complete = True
    for step in _steps(settings, root):
        try:
            parts += step(say)
        except (DojoError, OSError) as error:
            say(f"Not done: {message_of(error)}")
            complete = False
    for part in parts:
        say(f"{part.mb:6,.0f} MB  {part.name}: {part.place}")
    environment = root / ".venv"
    say(f"{weight_mb([environment]):6,.0f} MB  the environment of this clone: {environment}")
    if not complete:
        say("Not everything is there. See above, then run again: what is there stays.")
        return 1
    say("All clones of yours share what is above the last line. → ./run dojo prepare --check")
    return 0


def _steps(settings: Settings, root: Path) -> list[Callable[[Say], list[Part]]]:
    def data(provider: str) -> Callable[[Say], list[Part]]:
        return lambda say: [_data(replace(settings, postgres=provider), root, say)]

    steps: list[Callable[[Say], list[Part]]] = [lambda _: [_packages(os.environ)]]
    if wants_docker(settings):
        steps += [lambda say: _docker(settings, root, say)]
    elif settings.postgres not in (None, "auto", "embedded"):
        steps += [data(settings.postgres)]  # a URL, or what is refused
    return [*steps, data("embedded"), lambda say: _answers(settings, root, say)]


def wants_docker(settings: Settings) -> bool:
    """Whether a kata's run would take a container: it is asked for, or an engine answers."""
    choice = settings.postgres or "auto"
    return choice == "docker" or (choice == "auto" and no_engine() is None)


def _packages(environ: Mapping[str, str]) -> Part:
    folder = environ.get(KEPT_PACKAGES)
    if folder is None:
        raise GraderFault(
            "The packages are not kept, so without a network no environment can be made."
            " Use ./run dojo prepare where there is a network."
        )
    files = list(Path(folder).glob("*.whl"))
    return Part(f"{len(files)} packages", weight_mb(files), folder)


def _docker(settings: Settings, root: Path, say: Say) -> list[Part]:
    """The image, and the databases in its volume; nothing if a run would do without them."""
    image = settings.image or docker.DEFAULT_IMAGE
    say(f"Docker: the image {image}.")
    if problem := docker.engine_problem(Engine.chosen(os.environ), image, say, docker.LONG_PULL_S):
        if settings.postgres == "docker":
            raise PostgresUnavailable(f"DOJO_POSTGRES=docker, but {problem}.")
        say(f"No image, since {problem}: katas use the embedded Postgres.")
        return []
    return [
        Part(f"the image {image}", docker.image_mb(image), "in the Docker engine"),
        _data(replace(settings, postgres="docker"), root, say),
    ]


def _answers(settings: Settings, root: Path, say: Say) -> list[Part]:
    """What the katas' checks expect of pages, computed from the dataset."""
    with open_katas(root, settings.cache_dir, say):
        pass
    files = [path for path in settings.cache_dir.glob("s*-*.*") if path.is_file()]
    return [Part("what the shop's pages must show", weight_mb(files), str(settings.cache_dir))]


def _data(settings: Settings, root: Path, say: Say) -> Part:
    """The templates of all katas, on one server."""
    with Workshop.open(settings, say) as workshop:
        workshop.ready_template()
        for folder in kata_folders(root):
            if is_simulated(folder):
                schema_template(workshop, folder)
        server = workshop.server
        with closing(psycopg.connect(server.dsn())) as db:
            query = "SELECT sum(pg_database_size(oid)) FROM pg_database WHERE datname LIKE %s"
            (size,) = db.execute(query, (f"{server.prefix}%",)).fetchone() or (0,)
        mb, place = float(size or 0) / 1e6, f"{server.provider} Postgres"
    if server.provider == "embedded":  # the files of a server that has ended
        home = data_home(settings.cache_dir)
        mb, place = weight_mb([home]), str(home)
    return Part(f"the databases, {server.provider}", mb, place)
