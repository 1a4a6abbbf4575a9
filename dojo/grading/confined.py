"""A program that runs with few rights: its own user, few files, bounded memory and processes.

This file is run by itself, as `python -S -E confined.py ORDERS -- PROGRAM …`, and becomes the
program. ORDERS are JSON, from dojo.grading.sandbox, which also finds out what this machine allows.
All that is done here holds for the program's children, too, and can't be undone by them.

Where it begins as root, it first hides private folders behind empty ones (mount_namespaces(7)), of
which only those in `hidden` stay to be seen; then it becomes the user. Landlock (landlock(7)) then
leaves it the files in `read` and `write`, and signals to its own processes.
"""

import ctypes
import json
import os
import resource
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["landlock_version"]

CLONE_NEWNS = 0x00020000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
PR_SET_NO_NEW_PRIVS = 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION_FLAG = 1
PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READING = EXECUTE | READ_FILE | READ_DIR
RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}  # by version
SCOPED_SIGNALS = 1 << 1  # since version 6
FAILED = 126


class Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr."""

    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def landlock_version() -> int:
    """0 where the kernel has no Landlock."""
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG)))


def main(argv: list[str]) -> None:
    """Take all rights away that the orders name, then become the program; never returns."""
    orders: dict[str, Any] = json.loads(argv[0])
    try:
        for folder, visible in orders["hidden"].items():
            _hide(folder, visible, orders["stage"])
        _limit(orders["limits"])
        if orders["uid"] is not None:
            os.setgroups([])
            os.setgid(orders["uid"])
            os.setuid(orders["uid"])
        if orders["landlock"]:
            _restrict(orders["read"], orders["write"])
        os.umask(0o077)
        program = argv[argv.index("--") + 1 :]
        os.execv(program[0], program)
    except OSError as error:
        print(f"The sandbox could not be set up: {error}", file=sys.stderr)
        sys.exit(FAILED)


def _limit(limits: dict[str, int]) -> None:
    """Soft and hard limits, by the names of the resource module; one that is lower stays."""
    for name, value in {**limits, "RLIMIT_CORE": 0}.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with suppress(ValueError, OSError):  # macOS has limits that can't be set
            resource.setrlimit(kind, (bound, bound))


def _hide(folder: str, visible: list[str], stage: str) -> None:
    """An empty folder over a private one, in which only some others can be seen."""
    if _call("unshare", CLONE_NEWNS) == 0:
        _mount("none", "/", MS_REC | MS_PRIVATE)
    for number, path in enumerate(visible):
        place = Path(stage) / str(number)
        place.mkdir(exist_ok=True)
        _mount(path, str(place), MS_BIND | MS_REC)
    _mount("tmpfs", folder, 0, kind="tmpfs", options="mode=0755,size=1m")
    for number, path in enumerate(visible):
        Path(path).mkdir(parents=True, exist_ok=True)
        _mount(str(Path(stage) / str(number)), path, MS_BIND | MS_REC)


def _mount(source: str, target: str, flags: int, kind: str = "none", options: str = "") -> None:
    words = [each.encode() for each in (source, target, kind)]
    _call("mount", *words, ctypes.c_ulong(flags), options.encode() or None)


def _restrict(read: list[str], write: list[str]) -> None:
    version = landlock_version()
    rights = RIGHTS[max(each for each in RIGHTS if each <= version)]
    ruleset = Ruleset(rights, 0, SCOPED_SIGNALS if version >= 6 else 0)
    size = 24 if version >= 6 else 8
    rules = _call("syscall", CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
    for paths, allowed in ((read, READING), (write, rights)):
        for path in paths:
            with suppress(FileNotFoundError):
                _allow(rules, path, allowed & rights)
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("syscall", RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, allowed: int) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            allowed &= OF_A_FILE
        rule = PathBeneath(allowed, parent)
        _call("syscall", ADD_RULE, rules, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(parent)


def _call(name: str, *arguments: Any) -> int:
    """A function of the C library; OSError if it fails."""
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(getattr(libc, name)(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


if __name__ == "__main__":
    main(sys.argv[1:])
