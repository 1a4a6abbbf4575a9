"""A cohort as values: one row of each outcome."""

from dojo.output.cohort import Attempt, Cohort, ObjectiveFigures, Outcome, Row

__all__ = ["COHORT", "KATA", "row"]

KATA = "01-latency"
MOMENT = "2026-11-27T10:00:00+00:00"
FAST, SLOW = "95% of page loads within 100 ms", "99% of page loads within 300 ms"


def _attempt(outcome: Outcome, good: int | None, reason: str = "", *causes: str) -> Attempt:
    objectives: tuple[ObjectiveFigures, ...] = ()
    if good is not None:
        verdict = "met" if good > 950 else "not_met"
        objectives = tuple(
            ObjectiveFigures(name, target, good / 960, good, 960, verdict)
            for name, target in ((FAST, 0.95), (SLOW, 0.99))
        )
    checks = ("pages_right",) if outcome == "not_met" and not causes else ()
    times = (12.5, 80.0, 80.0) if good is not None else (None, None, None)
    return Attempt(
        MOMENT,
        outcome,
        reason,
        21.0,
        objectives,
        times[0],
        None,
        times[1],
        times[2],
        checks,
        causes,
    )


def row(name: str, *attempts: Attempt, kata: str = KATA, same_as: str = "") -> Row:
    """A row with these attempts."""
    page = f"reports/{name}.html" if attempts[-1].objectives else ""
    return Row(name, f"in/{name}", kata, f"key-{name}", attempts, (), same_as, page)


COHORT = Cohort(
    katas={KATA: "The site is slow to load"},
    rows=(
        row("anna", _attempt("not_met", 0, FAST, "scans", "loop"), _attempt("met", 958)),
        row("bert", _attempt("not_met", 20, FAST, "loop")),
        row("cleo", _attempt("not_met", 955, "SLO met, but the site is broken: pages_right.")),
        row("dora", _attempt("undecided", 940, "Too close to call.", "loop")),
        row("emil", _attempt("differs", 958, "dojo/x.py. With those of the release: met")),
        row("fred", _attempt("broken", None, "AppDied: it ended <b>now</b>")),
        row("gina", _attempt("stopped", None, "it was not over after 300 s")),
        row("=hans()", _attempt("unreadable", None, "it is no app")),
        row("ines", _attempt("invalid", None, "PostgresUnavailable: no room")),
        row("jens", _attempt("met", 958), same_as="anna"),
    ),
    made_at=MOMENT,
    release="0123456789ab",
    sandbox="Each submission has a user of its own.",
)
