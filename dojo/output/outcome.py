"""How an attempt ended, in words and in numbers: four outcomes, and whether the site works. Pure.

The same words stand in the terminal, on the page, in pytest's messages and in JUnit's properties.
"""

from collections.abc import Iterable

from dojo.earlier_attempt import EarlierAttempt
from dojo.output.figures import count_of
from dojo.output.more_load import factor_of, gave_out
from dojo.report import ObjectiveResult, Report

__all__ = [
    *("EXIT_STATUS", "OBJECTIVE_VERDICTS", "VERDICTS"),
    *("conclusion", "excused", "exit_status", "headline", "objective_verdict"),
    *("outcome_line", "properties", "repeated_run", "would_decide"),
]

MOST_CULPRITS = 3  # in one sentence

VERDICTS = {
    "met": "Met",
    "not_met": "Not met",
    "undecided": "Undecided",
    "invalid": "Invalid run",
}
OBJECTIVE_VERDICTS = {"met": "met", "not_met": "not met", "undecided": "too close to call"}
NOT_JUDGED = "not judged"  # of an objective, in an invalid run
EXIT_STATUS = {"met": 0, "undecided": 10, "invalid": 11, "not_met": 1}  # the worst comes last


def headline(run: Report | EarlierAttempt) -> str:
    """The verdict in two or three words; of a site whose SLO is not red, what is wrong with it."""
    if run.verdict == "not_met" and run.site_works is False:
        if isinstance(run, Report) and any(c.failed and c.name == "restarts" for c in run.checks):
            return f"SLO {VERDICTS[run.slo].lower()}, but the restart failed"
        if run.slo == "met":
            return "SLO met, but the site is broken"
        if run.slo == "undecided":
            return "SLO undecided, and the site is broken"
    return VERDICTS.get(run.verdict, run.verdict)


def objective_verdict(report: Report, objective: ObjectiveResult) -> str:
    """What became of an objective; nothing in a run that says nothing."""
    return NOT_JUDGED if report.verdict == "invalid" else OBJECTIVE_VERDICTS[objective.verdict]


def conclusion(report: Report) -> str:
    """What came of it, in a sentence or two."""
    if gave_out(report):
        return (
            f"At {factor_of(report):g} times the kata's load it is not met. That is no red: the"
            " kata asks for its own load."
        )
    if report.verdict == "invalid":
        return "This run says nothing about the app."
    if report.verdict == "met":
        return "Every objective is met, and the site still does its job."
    failed = [check.name for check in report.checks if check.failed]
    broken = f"The site no longer does its job: {', '.join(failed)}." if failed else ""
    if report.slo == "met" and report.site_works is None:
        broken = f"Nobody knows whether the site still does its job: {_unchecked(report)}."
    return " ".join(part for part in (_objectives(report), broken) if part)


def _unchecked(report: Report) -> str:
    """Which checks were not made."""
    names = [check.name for check in report.checks if check.unchecked]
    return f"{', '.join(names)} not checked" if names else "no check was made"


def _objectives(report: Report) -> str:
    total = len(report.objectives)
    if not total:
        return "There is no objective, so nothing is met."
    if report.slo == "undecided":
        close = [each for each in report.objectives if each.verdict == "undecided"]
        looks = count_of(report.looks, "burst")
        return f"Too close to call after {looks}. {' '.join(map(would_decide, close))}"
    missed = sum(objective.verdict == "not_met" for objective in report.objectives)
    if not missed:
        return "Every objective is met."
    if total == 1:
        return "The objective is not met."
    return f"{missed} of {total} objectives {'is' if missed == 1 else 'are'} not met."


def would_decide(objective: ObjectiveResult) -> str:
    """What an objective that is too close to call would have needed."""
    if objective.green_at_most < 0:
        events = count_of(objective.total, "event")
        return f"{objective.name}: {events} are too few to show that it is met."
    needed = count_of(objective.green_at_most, "bad event")
    return (
        f"{objective.name}: green needs at most {needed} of {objective.total:,};"
        f" you had {objective.bad:,}."
    )


def excused(report: Report) -> str:
    """How many bad events the machine is to blame for, and who kept it busy; "" if none."""
    most = max(report.objectives, key=lambda objective: objective.excused, default=None)
    if most is None or not most.excused or report.verdict == "invalid":
        return ""  # why a run is invalid names them already
    culprits = [culprit for culprit in report.culprits if culprit.cores]
    who = "another program" if culprits else "the host of this virtual machine"
    if most.bad == 1:
        events = f"The one bad event came while {who} held the CPU"
    else:
        bad = f"{most.bad:,} bad events{_of(report, most)}"
        events = f"Of {bad} {most.excused:,} came while {who} held the CPU"
    names = ", ".join(culprit.described for culprit in culprits[:MOST_CULPRITS])
    even_so = " Green counts every event." if report.verdict == "met" else ""
    return f"{events}{f': {names}' if names else ''}.{even_so}"


def _of(report: Report, objective: ObjectiveResult) -> str:
    """Of which objective, if there are several."""
    return f" of “{objective.name}”" if len(report.objectives) > 1 else ""


def outcome_line(report: Report) -> str:
    """The outcome as pytest's message: the verdict and what it follows from."""
    title = headline(report) if report.slo == "met" else headline(report).upper()
    if report.verdict == "invalid":
        return f"{title}: {'; '.join(report.invalid_because)}."
    failed = [check.name for check in report.checks if check.failed]
    if report.slo == "undecided" and not failed:
        return f"{title}. {_objectives(report)}"
    missed = [each.name for each in report.objectives if each.verdict == "not_met"]
    facts = [", ".join(missed)] if missed else []
    facts += [f"{'checks: ' if missed else ''}{', '.join(failed)}"] if failed else []
    return f"{title}: {'; '.join(facts) or _unchecked(report)}."


def repeated_run(report: Report) -> str:
    """Why a run is made a second time."""
    return f"This run says nothing: {'; '.join(report.invalid_because)}. It is repeated once."


def exit_status(verdicts: Iterable[str]) -> int:
    """0 met, 1 not met or broken, 10 undecided, 11 invalid; of several the worst.

    Not met is the worst, since it is certain; then comes a run that says nothing.
    """
    worst = max(verdicts, key=list(EXIT_STATUS).index, default="met")
    return EXIT_STATUS[worst]


def properties(report: Report) -> list[tuple[str, object]]:
    """The outcome and each SLI for JUnit's XML, by name."""
    found: list[tuple[str, object]] = [
        ("outcome", headline(report)),
        ("verdict", report.verdict),
        ("slo", report.slo),
        ("site_works", report.site_works),
        ("looks", report.looks),
    ]
    for objective in report.objectives:
        found.append((f"sli: {objective.name}", round(objective.sli, 6)))
        found.append((f"events: {objective.name}", f"{objective.good} / {objective.total}"))
    return found
