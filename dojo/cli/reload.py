"""Watching over the app of `dojo up`: is it alive, and has it changed?"""

import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from dojo.cli.app_files import AppFiles
from dojo.errors import AppFault, MigrationFailed
from dojo.site.running_site import RunningSite

__all__ = ["WARM_UP_AT_MOST_S", "AppKeeper", "Change"]

RESTART_S, NEW_DATABASE_S = 45.0, 180.0  # most that these take; the load goes on meanwhile
WARM_UP_AT_MOST_S = 5.0
MOST_NAMES = 3  # of changed files, in a message

Say = Callable[[str], None]
PlanAhead = Callable[[float], None]  # has the load planned for so many seconds


class Change(Enum):
    """What a look at the app led to."""

    NONE = "nothing"
    RESTARTED = "the app was started anew"
    NEW_DATABASE = "the same on a new database, where no visitor is known as before"


class AppKeeper:
    """Checks the app of a site and, with `reload`, starts it anew whenever its files change."""

    def __init__(self, site: RunningSite, app_dir: Path, *, reload: bool) -> None:
        self._site, self._reloads = site, reload
        self._files = AppFiles(app_dir)
        self._needs_database = False  # a migration has changed, and no database has it yet
        self.is_down = False  # there is no app until a change of its files brings one

    def check(
        self, say: Say, plan_ahead: PlanAhead, started: Callable[[], None] = lambda: None
    ) -> Change:
        """One look, and what it led to; `started` is called as soon as another app serves.

        AppFault if the app is gone, unless a change of its files may mend it.
        """
        if not self._reloads:
            self._site.check()
            return Change.NONE
        try:
            self._site.check()
            changed = self._files.changed()
            return self._reload(changed, say, plan_ahead, started) if changed else Change.NONE
        except AppFault as fault:
            self._site.stop_app()
            self.is_down = True
            say(f"{type(fault).__name__}: {fault}\nThe shop is down until app/ changes again.")
            return Change.NONE

    def _reload(
        self, changed: tuple[str, ...], say: Say, plan_ahead: PlanAhead, started: Callable[[], None]
    ) -> Change:
        """Start the app anew; on a new database if a migration is among what has changed.

        Nothing changes if that database could not be made.
        """
        self._needs_database |= any(name.startswith("migrations/") for name in changed)
        began = time.perf_counter()
        plan_ahead(NEW_DATABASE_S if self._needs_database else RESTART_S)
        names = ", ".join(changed[:MOST_NAMES]) + (", …" if len(changed) > MOST_NAMES else "")
        new_database = self._needs_database
        if new_database:
            say(f"app/ has changed ({names}): a migration needs a new database. Making it.")
            if not self._make_database(say):
                return Change.NONE
        self._site.start_app()
        self.is_down = False
        started()  # visitors are served by now, also while it warms up
        self._site.warm_up(1, WARM_UP_AT_MOST_S)
        what = f"app/ has changed ({names}): the app was started anew"
        if new_database:
            what += " on the new database; what was bought and written before is gone"
        say(f"{what}. It took {time.perf_counter() - began:.1f} s.")
        return Change.NEW_DATABASE if new_database else Change.RESTARTED

    def _make_database(self, say: Say) -> bool:
        """Whether there is a new database; if a migration fails, the app goes on as it was."""
        try:
            self._site.new_database()
        except MigrationFailed as fault:
            if not self._site.has_app:
                raise
            say(f"{fault}\nThe shop goes on as it was until app/ changes again.")
            return False
        self._needs_database = False
        return True
