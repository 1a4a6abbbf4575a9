"""Runs a command where there is no network but loopback: in a network namespace of its own.

    python -S -E dojo/cli/without_network.py COMMAND…

It is a program by itself, since a process with threads may not change its user namespace: it
changes its own namespace, starts loopback, makes sure that nothing else can be reached, and becomes
the command. Status NOT_ALLOWED with the reason on standard output where that can't be done. Linux;
nothing has to be installed, and no rights are needed where users may make namespaces.
"""

import ctypes
import errno
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

__all__ = ["NOT_ALLOWED", "command_without_network"]

NOT_ALLOWED = 119
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1  # linux/sockios.h, linux/if.h
IFREQ = "16sh22x"
SOMEWHERE = ("192.0.2.1", 9)  # of a net that is nobody's: RFC 5737


def command_without_network(*command: str) -> list[str]:
    """The command, as it is to be started."""
    return [sys.executable, "-S", "-E", __file__, *command]


def main(command: list[str]) -> None:
    """Become the command, or end with NOT_ALLOWED if there can be no such namespace."""
    try:
        _leave_network()
    except OSError as error:
        print(error.strerror or error)
        sys.exit(NOT_ALLOWED)
    os.execvp(command[0], command)


def _leave_network() -> None:
    """OSError where this user may not do it, or a way out is left."""
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, f"{sys.platform} has no network namespaces")
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        _unshare(CLONE_NEWNET)
    else:
        _unshare(CLONE_NEWUSER | CLONE_NEWNET)
        me = Path("/proc/self")
        (me / "setgroups").write_text("deny", encoding="ascii")
        (me / "uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        (me / "gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        name = b"lo"
        answer = fcntl.ioctl(probe, SIOCGIFFLAGS, struct.pack(IFREQ, name, 0))
        (flags,) = struct.unpack_from("16xh", answer)
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack(IFREQ, name, flags | IFF_UP))
        if probe.connect_ex(SOMEWHERE) == 0:
            raise OSError(errno.EEXIST, "there is still a way out of the namespace")


def _unshare(flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"unshare: {os.strerror(number)}")


if __name__ == "__main__":
    main(sys.argv[1:])
