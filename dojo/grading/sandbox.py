"""What this machine can keep a submission from, and the command that does so.

As root each submission gets a user of its own; nothing of a stranger's is ever run as root.
"""

import json
import os
import pwd
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dojo.environment import child_environment
from dojo.grading.bounds import Bounds
from dojo.grading.confined import landlock_version
from dojo.grading.users import claimed_user

__all__ = ["Place", "Sandbox"]

PREPARING_USER = "nobody"  # who makes the databases: Postgres makes them for known users only
# what a program needs of the system; what is not there is left out
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/nix", "/proc", "/sys")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/shm")
INHERITED = {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"}
USUAL_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a submission is judged: a folder that is taken away afterwards."""

    folder: Path

    @property
    def release(self) -> Path:
        """The files of the release, and the app of the submission in it."""
        return self.folder / "release"

    @property
    def state(self) -> Path:
        """Reports."""
        return self.folder / "state"

    @property
    def cache(self) -> Path:
        """Postgres' data."""
        return self.folder / "cache"

    @property
    def own(self) -> tuple[Path, ...]:
        """The folders that belong to the submission's user."""
        names = ("home", "tmp", "unpacked")
        return (self.state, self.cache, *(self.folder / name for name in names))


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What submissions are kept from on this machine."""

    own_user: bool  # each submission has one
    landlock: int  # the version; 0: the kernel has none
    hidden: dict[str, list[str]]  # private folders on the way to Python, and what is used of them

    @classmethod
    def of_this_machine(cls) -> "Sandbox":
        """As this process and this kernel allow."""
        is_root = os.geteuid() == 0
        return cls(is_root, landlock_version(), _private_folders() if is_root else {})

    @contextmanager
    def user(self, number: int) -> Iterator[int | None]:
        """The user id of a submission, for the length of the block; None: that of this process."""
        if not self.own_user:
            yield None
            return
        with claimed_user(number) as uid:
            yield uid

    def preparing_user(self) -> int | None:
        """Who makes what all submissions get a copy of."""
        return pwd.getpwnam(PREPARING_USER).pw_uid if self.own_user else None

    def command(
        self, place: Place, program: Sequence[str], bounds: Bounds, uid: int | None
    ) -> list[str]:
        """The command that runs `program` with these rights and bounds."""
        stage = place.folder / "stage"
        stage.mkdir(exist_ok=True)
        orders = {
            "uid": uid,
            "hidden": self.hidden,
            "stage": str(stage),
            "landlock": bool(self.landlock),
            "limits": _limits(bounds, uid),
            "read": [*SYSTEM, *map(str, _python_folders()), str(place.release)],
            "write": [
                *DEVICES,
                *map(str, place.own),
                str(place.release / "app"),
            ],
        }
        confined = Path(__file__).with_name("confined.py")
        return [sys.executable, "-S", "-E", str(confined), json.dumps(orders), "--", *program]

    def environment(self, place: Place) -> dict[str, str]:
        """The variables of the submission's run: nothing of the facilitator's but search paths."""
        passed = {name: value for name, value in os.environ.items() if name in INHERITED}
        return child_environment(
            passed,
            PATH=f"{Path(sys.executable).parent}:{USUAL_PATH}",
            HOME=str(place.folder / "home"),
            TMPDIR=str(place.folder / "tmp"),
            USER="dojo",
            LOGNAME="dojo",
            SHELL="/bin/sh",
            COLUMNS="100",
            PYTHONPATH=str(place.release),
            DOJO_STATE=str(place.state),
            DOJO_CACHE=str(place.cache),
            DOJO_POSTGRES="embedded",
        )

    def describe(self) -> str:
        """What is protected here and what is not, in a sentence or two."""
        kept = ["bounded memory, processes, time and disk", "none of your variables"]
        if self.own_user:
            kept.append("a user of its own")
        if self.landlock:
            kept.append("no other files")
        text = f"Each submission has {', '.join(kept[:-1])} and {kept[-1]}."
        if not self.landlock and not self.own_user:
            text += " Not protected: files that you may read, since this system has no Landlock."
        elif not self.landlock:
            text += " Not protected: files that everybody may read (this system has no Landlock)."
        return f"{text} The network is not closed."


def _limits(bounds: Bounds, uid: int | None) -> dict[str, int]:
    """The kernel's limits; that of processes counts all of a user's, so what there is is added."""
    return {
        "RLIMIT_AS": bounds.address_bytes,
        "RLIMIT_NPROC": bounds.processes + _threads_of(os.geteuid() if uid is None else uid),
        "RLIMIT_FSIZE": bounds.file_bytes,
    }


def _threads_of(uid: int) -> int:
    """How many processes and threads a user has now; 0 where that can't be known."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.stat().st_uid == uid:
                count += sum(1 for _ in (folder / "task").iterdir())
        except OSError:
            continue
    return count


def _python_folders() -> list[Path]:
    """Where Python, its libraries and the packages are; those in SYSTEM are named again."""
    return sorted({Path(each).resolve() for each in (sys.prefix, sys.base_prefix)})


def _private_folders() -> dict[str, list[str]]:
    """Folders that others can't enter, on the way to Python: the outermost, with what is used."""
    private: dict[str, list[str]] = {}
    for path in _python_folders():
        for place in reversed(path.parents):
            if not place.stat().st_mode & 0o001:
                private.setdefault(str(place), []).append(str(path))
                break
    return private
