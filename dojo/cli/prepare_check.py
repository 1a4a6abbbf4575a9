"""`./run dojo prepare --check`: a fresh copy of this clone makes its environment and runs two katas
where there is no network.

The copy is in a temporary folder and has the shipped app. It finds the packages and the databases
of the user's cache and nothing else: no other cache of pip's or uv's. All that it makes is removed.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from dojo.child import ChildProcess
from dojo.cli.interrupt import signals_as_interrupt
from dojo.cli.prepare import KEPT_PACKAGES, wants_docker
from dojo.cli.without_network import NOT_ALLOWED, command_without_network
from dojo.environment import child_environment
from dojo.errors import BadSetting, DojoError, PostgresUnavailable
from dojo.postgres import docker
from dojo.settings import Settings, state_folder
from dojo.site.lock import MACHINE, alone
from dojo.site.pause import PauseRequest
from dojo.site.shipped_app import shipped_app
from dojo.site.simulated_database import data_name
from dojo.site.workshop import Workshop
from dojo.slo.catalog import is_simulated, kata_folders, load_folders

__all__ = ["NOT_PROVEN", "copy_clone", "run"]

NOT_PROVEN = 3
STEP_S = 300.0  # at most; waiting for another run's end is a part of it
MOST_LINES = 20
LEFT_OUT = (
    *(".git", ".venv", ".venv.lock", ".dojo", ".benchmarks", ".hypothesis", "__pycache__"),
    *(".pytest_cache", ".mypy_cache", ".ruff_cache"),
)
Say = Callable[[str], None]


class NotReady(DojoError):
    """Something failed without a network."""


def run(root: Path, stream: TextIO) -> int:
    """The command: 0 if it is proven, 1 if something is missing, NOT_PROVEN if nobody can tell."""
    settings = Settings.read(root, os.environ)

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    if os.environ.get(KEPT_PACKAGES) is None:
        say("Not ready: the packages are not kept. First: ./run dojo prepare")
        return 1
    began = time.monotonic()
    with signals_as_interrupt(), _copy(settings, root, say) as copy:
        if reason := copy.problem():
            say(f"Not proven: this system allows no network namespace ({reason}).")
            say("Another proof: take the network away, clone anew, and run a kata there.")
            return NOT_PROVEN
        try:
            _prove(copy, settings, say)
        except NotReady as problem:
            say(f"Not ready: {problem}")
            return 1
    say(f"Proven in {time.monotonic() - began:.0f} s: katas run here without a network.")
    return 0


@dataclass(frozen=True, slots=True)
class OfflineCopy:
    """A copy of the project whose commands have no network."""

    root: Path
    cache: Path

    @property
    def state(self) -> Path:
        """Where its reports are."""
        return self.root.parent / "state"

    def problem(self) -> str:
        """Why no command can be run without a network; "" if one can."""
        status, output = self._ended(sys.executable, "-I", "-S", "-c", "")
        return output.strip() if status == NOT_ALLOWED else "" if status == 0 else f"{status}"

    def command(self, *words: str) -> tuple[int, str]:
        """Status and output of `./run WORDS`; NotReady if it takes too long."""
        status, output = self._ended("/bin/sh", str(self.root / "run"), *words)
        if status is None:
            raise NotReady(f"./run {' '.join(words)} takes over {STEP_S:.0f} s.\n{output}")
        return status, output

    def _ended(self, *command: str) -> tuple[int | None, str]:
        log = self.root.parent / "output"
        nothing = str(self.root.parent / "nothing")
        environment = child_environment(
            os.environ,
            DOJO_CACHE=str(self.cache),
            DOJO_STATE=str(self.state),
            DOJO_POSTGRES="embedded",
            UV_CACHE_DIR=nothing,
            PIP_CACHE_DIR=nothing,
            COLUMNS="100",
        )
        with log.open("wb") as output:
            started = ChildProcess(
                command_without_network(*command), cwd=self.root, env=environment, stdout=output
            )
            with started:
                status = started.wait(STEP_S)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return status, "\n".join(lines[-MOST_LINES:])


@contextmanager
def _copy(settings: Settings, root: Path, say: Say) -> Iterator[OfflineCopy]:
    """The copy, while nobody else measures; its data in Postgres are dropped afterwards.

    A namespace hides the machine's lock, so it is held out here.
    """
    with tempfile.TemporaryDirectory(prefix="dojo-offline-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)  # root's Postgres runs as nobody, from the copy's environment
        copy = OfflineCopy(folder / "slo-dojo", settings.cache_dir)
        copy_clone(root, copy.root)
        with (
            PauseRequest.sent() as pause,
            alone(folder / "lock", say, machine=MACHINE, ask=pause.ask),
        ):
            try:
                yield copy
            finally:
                _drop_data(copy, settings)


def _drop_data(copy: OfflineCopy, settings: Settings) -> None:
    """Take the copy's simulated data out of the user's Postgres, if a kata of it has run."""
    katas = [path.name for path in (copy.state / "reports").glob("*")]
    if katas:
        embedded = replace(settings, postgres="embedded")
        with Workshop.open(embedded, lambda _: None, measures=False) as workshop:
            for kata in katas:
                name = data_name(kata, copy.root)
                workshop.databases.drop(workshop.server.database(name))


def copy_clone(root: Path, target: Path) -> None:
    """The project's files as somebody gets them, with the shipped app if that is to be found."""
    shutil.copytree(root, target, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
    try:
        start = shipped_app(root, state_folder(root, os.environ))
    except BadSetting:
        return  # an archive before its first run: the app is still the shipped one
    with start.extracted() as app:
        shutil.rmtree(target / "app")
        shutil.copytree(app, target / "app", symlinks=True)


def _prove(copy: OfflineCopy, settings: Settings, say: Say) -> None:
    began = time.monotonic()
    status, output = copy.command("dojo", "next")
    if status != 0:
        raise NotReady(f"./run makes no environment.\n{output}")
    say(f"{time.monotonic() - began:4.0f} s  ./run has made an environment from the kept packages.")
    simulated = [folder for folder in kata_folders(copy.root) if is_simulated(folder)]
    for folder in (*simulated[:1], *load_folders(copy.root)[:1]):
        began = time.monotonic()
        verdict = _verdict(copy, folder.name)
        say(
            f"{time.monotonic() - began:4.0f} s  {folder.name}: Postgres and the data are there,"
            f" and the report says {verdict}."
        )
    if wants_docker(settings):
        _find_image(settings, say)


def _verdict(copy: OfflineCopy, kata: str) -> str:
    """What the kata's report says; NotReady if there is none, or the data had to be made."""
    _, output = copy.command("pytest", f"katas/{kata}")
    if "Seeding the shop's dataset" in output or "Writing down what the shop's" in output:
        raise NotReady(f"the data of {kata} were not there. First: ./run dojo prepare\n{output}")
    try:
        report = copy.state / "reports" / kata / "latest.json"
        return str(json.loads(report.read_text(encoding="utf-8"))["verdict"]).replace("_", " ")
    except (OSError, ValueError, KeyError) as error:
        raise NotReady(f"{kata} has no report.\n{output}") from error


def _find_image(settings: Settings, say: Say) -> None:
    """Whether the engine has the image; no container can be reached from the namespace."""
    image = settings.image or docker.DEFAULT_IMAGE
    try:
        mb = docker.image_mb(image)
    except PostgresUnavailable:
        if settings.postgres == "docker":
            raise NotReady(f"the image {image} is not in the Docker engine.") from None
        say(f"The Docker engine has no image {image}: katas use the embedded Postgres.")
        return
    say(f"The Docker engine has the image {image} ({mb:,.0f} MB). Tried was the embedded Postgres.")
