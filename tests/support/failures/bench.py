"""Runs what a row of the failure matrix does, and looks at what it leaves behind."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from unittest import SkipTest
from uuid import uuid4

from dojo.postgres.docker import remove_all
from dojo.postgres.embedded_binaries import data_home
from dojo.postgres.external import Installation
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from tests.support.failures.ended import Ended, outcome
from tests.support.failures.small_kata import write_project
from tests.support.failures.small_workshop import SERVER

__all__ = ["Bench"]

GONE_S = 3.0
MOST_S = 240.0
MARK = "ROW_MARK"
OVERLAY = "DOJO_PYTEST_PLUGINS"
AS_ROOT = ("--user", "--map-root-user")


@dataclass
class Bench:
    """A folder of the row's own, the tests' server, and the image for a Docker engine."""

    folder: Path
    server: Callable[[], Server]
    image: Callable[[], str]  # skips where there is no engine
    mark: str = field(default_factory=lambda: uuid4().hex)

    def session(
        self,
        more: str = "",
        *options: str,
        files: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        prefix: Sequence[str] = (),
        only: Mapping[str, str] | None = None,
        also: Mapping[str, str] | None = None,
        python: Sequence[str] = (),
        ours: bool = True,
        hangs: bool = False,
        temporary: Path | None = None,
        other: Path | None = None,
        **variables: str,
    ) -> Ended:
        """pytest over the small kata. `more` is added to its app, `files` to its project.

        `other`: another kata of the project, which runs instead.

        `hangs`: its answers are awaited so long that nothing else can be to blame. `only`: the
        whole environment. `ours` False: the server is the one of DOJO_POSTGRES.
        """
        kata = write_project(self.folder, more, hangs)
        for name, text in (files or {}).items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        environment = dict(os.environ if only is None else only)
        if ours:
            variables[SERVER] = json.dumps(asdict(self.server()))
        path = str(other or kata)
        command = [*prefix, sys.executable, *python, "-m", "pytest", path, *options]
        environment |= dict(also or {}) | variables
        if not ours:
            ended = self.command(command, cwd or self.folder, environment, temporary)
            shutil.rmtree(data_home(self.folder / "cache"), ignore_errors=True)
            return ended
        before = self.databases()
        ended = self.command(command, cwd or self.folder, environment, temporary)
        return replace(ended, left=ended.left + _databases_left(before, self.databases()))

    def apart(self, *options: str) -> tuple[str, ...]:
        """A prefix that runs a command in namespaces of its own, by unshare; SkipTest without.

        Who is not root becomes it in a namespace of users first, where that is allowed.
        """
        unshare = shutil.which("unshare") or "unshare"
        for prefix in ((unshare, *options), (unshare, *AS_ROOT, *options)):
            with suppress(OSError):
                if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
                    return prefix
        raise SkipTest("namespaces of one's own can't be had here")

    def mounted(self, commands: str) -> tuple[str, ...]:
        """A prefix that runs these shell commands, mounts for the command alone, before it."""
        return (*self.apart("-m"), "/bin/sh", "-c", f'set -e; {commands}; exec "$@"', "sh")

    def plugins_session(self, package: str, more: str = "", *options: str) -> Ended:
        """The session with other plugins of pytest installed; SkipTest without the package.

        They are in the folder that OVERLAY names, where `pip install --target` has put them. Of its
        plugins all are loaded, as they are on a machine that has them.
        """
        overlay = Path(os.environ.get(OVERLAY) or "/nonexistent")
        if not (overlay / package).exists() and not (overlay / f"{package}.py").exists():
            raise SkipTest(f"{package} is not installed where {OVERLAY} says")
        return self.session(more, *options, PYTHONPATH=str(overlay))

    def foreign_session(self, url: str, **variables: str) -> Ended:
        """The session on the server of a URL; the role that it made is dropped afterwards."""
        ended = self.session(ours=False, also={"DOJO_POSTGRES": url, **variables})
        ours = Installation.of(self.folder / "cache").id
        own = replace(self.server(), prefix=f"dojo_{ours}_", app_role=f"dojo_{ours}_shop")
        databases = Databases(own)
        left = _databases_left([], databases.names(own.prefix))
        databases.drop_role()
        return replace(ended, left=ended.left + left)

    def docker_session(self, *, prefix: Sequence[str] = (), **variables: str) -> Ended:
        """The session on a Docker engine; its volume is removed afterwards."""
        settings = {"DOJO_POSTGRES": "docker", "DOJO_POSTGRES_IMAGE": self.image()} | variables
        ended = self.session(ours=False, prefix=prefix, also=settings)
        removed = remove_all(self.folder / "cache")
        left = tuple(f"left: {name}" for name in removed if name.startswith("container"))
        return replace(ended, left=ended.left + left)

    def command(
        self,
        command: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
        temporary: Path | None = None,
    ) -> Ended:
        """Any command; what it leaves is looked for by a mark in the environment and by folder."""
        temporary = temporary or self.folder / "temporary"
        temporary.mkdir(exist_ok=True)
        settings = {
            "DOJO_STATE": str(self.folder / "state"),
            "DOJO_CACHE": str(self.folder / "cache"),
            "COLUMNS": "100",
            "TMPDIR": str(temporary),
            MARK: self.mark,
        }
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env=settings | dict(environment) | {MARK: self.mark, "TMPDIR": str(temporary)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output, silence_s, in_time = _read(child)
        left = () if in_time else ("it did not end",)
        if not in_time:
            for pid in self._processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        return Ended(
            outcome(child.returncode, output),
            output,
            silence_s,
            (*left, *self._left(temporary)),
            child.returncode,
        )

    def _left(self, temporary: Path) -> list[str]:
        until = time.monotonic() + GONE_S
        while (processes := self._processes()) and time.monotonic() < until:
            time.sleep(0.05)
        left = [f"a process is left: {name}" for name in processes.values()]
        left += [
            f"a folder or file is left: {path.name}"
            for path in temporary.iterdir()
            if not path.name.startswith("pytest-of-")
        ]
        return left

    def _processes(self) -> dict[int, str]:
        """Those that have the mark in their environment or work below the row's folder."""
        found = {}
        mark = f"{MARK}={self.mark}".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with suppress(OSError):
                marked = mark in (entry / "environ").read_bytes().split(b"\0")
                if marked or (entry / "cwd").readlink().is_relative_to(self.folder):
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    if words != [b""]:
                        text = b" ".join(words).decode(errors="replace")
                        found[int(entry.name)] = text[:120]
        return found

    def databases(self) -> list[str]:
        """The names of databases that small katas' runs make on the tests' server."""
        server = self.server()
        databases = Databases(server)
        return [
            name for kind in ("run_", "small_") for name in databases.names(server.database(kind))
        ]


def _databases_left(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"a database is left: {name}" for name in after if name not in before)


def _read(child: "subprocess.Popen[bytes]") -> tuple[str, float, bool]:
    """All output, the longest time without any up to its end, and whether it ended in time."""
    assert child.stdout is not None
    parts, silence_s, last, in_time = [], 0.0, time.monotonic(), True
    until = last + MOST_S
    with child.stdout, selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while time.monotonic() < until:
            if selector.select(0.2):
                now = time.monotonic()
                silence_s, last = max(silence_s, now - last), now
                part = os.read(child.stdout.fileno(), 1 << 16)
                if not part:
                    break
                parts.append(part)
            elif child.poll() is not None:  # somebody else holds the pipe
                break
        else:
            in_time = False
            child.kill()
            parts.append(b"\nIT DID NOT END\n")
        silence_s = max(silence_s, time.monotonic() - last)
        child.wait(10)
    return b"".join(parts).decode(errors="replace"), silence_s, in_time
