"""Rows: what a machine may lack. It is said as that, and never taken for the app's fault."""

from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.row import Table

__all__ = ["TABLE"]

TABLE = Table("machine")
row = TABLE.row


TABLE.session(
    "ulimit -n 64",
    Expect.INVALID,
    "InvalidRun: * ulimit -n 4096",
    prefix=("/bin/sh", "-c", 'ulimit -n 64; exec "$@"', "sh"),
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
