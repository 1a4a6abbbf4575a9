"""Whose fault it is: the grader's exceptions, by what they mean for a verdict.

    DojoError
    ├── GraderFault              ours or the machine's: a pytest *error*, never a failure
    │   ├── BadSetting           an option, a variable or a slo.yaml that can't be used
    │   ├── PostgresUnavailable  no server could be started or reached
    │   └── InvalidRun           the run was disturbed, so it says nothing about the app
    └── AppFault                 the learner's: a *failure*, and never a verdict about speed
        ├── AppDidNotStart       exited, or never answered, before the burst
        ├── AppDied              was up, and ended by itself
        ├── AppHung              is up, and no longer answers
        ├── AppFlooded           writes more log than anybody can read
        ├── MigrationFailed      Postgres refused a file of app/migrations
        └── FileRefused          a file that a simulated kata reads can't be used

Every message has what happened, what was expected and what to do next.
"""

import errno
import traceback

__all__ = [
    "AppDidNotStart",
    "AppDied",
    "AppFault",
    "AppFlooded",
    "AppHung",
    "BadSetting",
    "DojoError",
    "FileRefused",
    "GraderFault",
    "InvalidRun",
    "MigrationFailed",
    "PostgresUnavailable",
    "advice",
    "grader_broke_down",
    "machine_problem",
    "message_of",
]

ADVICE = {
    errno.ENOSPC: "Make room, or set DOJO_CACHE and DOJO_STATE to folders on another disk",
    errno.EDQUOT: "Make room, or set DOJO_CACHE and DOJO_STATE to folders on another disk",
    errno.EROFS: "Set DOJO_CACHE and DOJO_STATE to folders that can be written",
    errno.EACCES: "Set DOJO_CACHE and DOJO_STATE to folders of yours",
    errno.EPERM: "Set DOJO_CACHE and DOJO_STATE to folders of yours",
    errno.ENOTDIR: "Set DOJO_CACHE and DOJO_STATE to folders",
    errno.EEXIST: "Set DOJO_CACHE and DOJO_STATE to folders",
    errno.EMFILE: "Allow more open files: ulimit -n 4096",
    errno.ENFILE: "The whole machine has too many files open: end what opened them",
    errno.EAGAIN: "Allow more processes and memory: ulimit -u, ulimit -v",
    errno.ENOMEM: "End something that uses much memory, and see to ulimit -v",
    errno.EFBIG: "Allow larger files: ulimit -f unlimited",
    errno.ELOOP: "Remove the link that leads to itself",
}
NO_THREAD = "can't start new thread"  # Python's own words


class DojoError(Exception):
    """Anything that the grader raises on purpose."""


class GraderFault(DojoError):
    """Ours or the machine's; reported as a pytest error."""


class BadSetting(GraderFault):
    """An option, an environment variable or a slo.yaml that can't be used."""


class PostgresUnavailable(GraderFault):
    """The chosen provider could not start or reach a Postgres server."""


class InvalidRun(GraderFault):
    """The run itself was disturbed: the generator was late, broke down, or sent too little."""


class AppFault(DojoError):
    """The learner's app did not do what any website must; reported as a failure."""


class AppDidNotStart(AppFault):
    """The app exited, or did not answer on /healthz in time, before the burst."""


class AppDied(AppFault):
    """The app was up and ended by itself."""


class AppHung(AppFault):
    """The app is up and no longer answers."""


class AppFlooded(AppFault):
    """The app wrote more log than anybody can read."""


class MigrationFailed(AppFault):
    """Postgres refused a file of app/migrations."""


class FileRefused(AppFault):
    """A file of the learner's can't be used: which one, where in it, and what must be there.

    `reason` is a sentence without the file's name and without its full stop. Lines and columns
    count from 1.
    """

    def __init__(
        self, file: str, reason: str, line: int | None = None, column: int | None = None
    ) -> None:
        self.file, self.reason, self.line, self.column = file, reason, line, column
        super().__init__(f"{self.place}: {reason}.")

    @property
    def place(self) -> str:
        """Where it is, as editors take it: app/ops/sli.sql:3:14."""
        numbers = (number for number in (self.line, self.column) if number is not None)
        return ":".join((self.file, *map(str, numbers)))


def advice(error: OSError) -> str:
    """What to do about it, as a sentence without its full stop."""
    return ADVICE.get(error.errno or 0, "Make room")


def machine_problem(error: OSError) -> str | None:
    """What of the machine is in the way and what to do about it; None if it is none of these."""
    if (error.errno or 0) not in ADVICE:
        return None
    where = f" ({error.filename})" if error.filename else ""
    return f"This machine is in the way: {error.strerror}{where}. {advice(error)}, then run again."


def message_of(error: Exception) -> str:
    """What to say of an exception that says nothing about the app."""
    if isinstance(error, DojoError):
        return f"{type(error).__name__}: {error}"
    if isinstance(error, MemoryError):
        error = OSError(errno.ENOMEM, "there is not enough memory")
    elif isinstance(error, RuntimeError) and NO_THREAD in str(error):
        error = OSError(errno.EAGAIN, NO_THREAD)
    problem = machine_problem(error) if isinstance(error, OSError) else None
    return problem or grader_broke_down(error)


def grader_broke_down(error: Exception) -> str:
    """What to say of an exception that nobody raised on purpose."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    calls = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
    return (
        "The grader itself broke down, which says nothing about your app: it is a bug of ours."
        f" Please report it.\n{type(error).__name__}: {error}\n{calls}"
    )
