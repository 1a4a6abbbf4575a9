"""All that an app has started: daemons, sessions of their own, double forks. They end with it."""

import os

from dojo.child import ChildProcess
from dojo.environment import OURS
from dojo.site.machine.processes import (
    adopt_orphans,
    descendants,
    end_all,
    processes,
    with_environment,
)

__all__ = ["AppFamily"]


class AppFamily:
    """Made right before the app is started, so that what was there before is nobody's of it."""

    def __init__(self, database_url: str) -> None:
        adopt_orphans()  # so that what detaches itself stays to be found
        self._before = {process.key for process in processes().values()}
        self._of_app = f"DATABASE_URL={database_url}"

    def members(self, child: ChildProcess) -> list[tuple[int, int]]:
        """Pid and start of all that descends from the app, orphans that we adopted included."""
        now = processes()
        orphans = {
            pid
            for pid, process in now.items()
            if process.parent == os.getpid() and process.key not in self._before
        }
        ours = set(with_environment(f"{OURS}={os.getpid()}")) | {child.supervisor_pid}
        family = descendants({child.pid, *(orphans - ours)}, now)
        return [now[pid].key for pid in family if pid in now]

    def end(self, child: ChildProcess, members: list[tuple[int, int]]) -> None:
        """End those that were members, and whoever has the app's database in its environment."""
        supervisor = child.supervisor_pid
        end_all(pid for pid in with_environment(self._of_app) if pid != supervisor)
        now = processes()
        end_all(pid for pid, started_at in members if pid in now and now[pid].key[1] == started_at)
