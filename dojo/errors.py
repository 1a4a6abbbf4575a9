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
        └── MigrationFailed      Postgres refused a file of app/migrations

Every message has what happened, what was expected and what to do next.
"""

__all__ = [
    "AppDidNotStart",
    "AppDied",
    "AppFault",
    "AppFlooded",
    "AppHung",
    "BadSetting",
    "DojoError",
    "GraderFault",
    "InvalidRun",
    "MigrationFailed",
    "PostgresUnavailable",
]


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
