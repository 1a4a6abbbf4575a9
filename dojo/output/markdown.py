"""Reports as Markdown, for the summary of a CI run. Pure.

The words are those of the terminal and the page. Every text is escaped: much of it is the app's.
"""

from collections.abc import Sequence

from dojo.broken_run import BrokenRun
from dojo.output import outcome, run_wording, simulated_outcome, wording
from dojo.output.any_report import AnyReport, headline
from dojo.output.app_text import printable
from dojo.output.attempt_figures import when
from dojo.output.changes import changes, since
from dojo.output.conditions import not_compared
from dojo.output.figures import percent, round_percent
from dojo.output.markdown_text import bullets, code, escaped, table
from dojo.report import CheckResult, ObjectiveResult, Report
from dojo.simulated_report import SimulatedReport

__all__ = ["summaries", "summary", "without_report"]

MOST_GROUPS = 5
SIGNS = {"met": "✅", "not_met": "❌", "undecided": "⚠️", "invalid": "⚠️"}
NO_REPORT = "no report"
BROKE_OFF = "broke off"
MOST_LINES = 12  # of what the app said when it broke down
NONE = "-"


def summaries(reports: Sequence[tuple[str, AnyReport | BrokenRun | None]]) -> str:
    """All of them, by the kata's name; of several first a table. None: there is no report."""
    parts = [
        _broken_off(kata, report)
        if isinstance(report, BrokenRun)
        else without_report(kata)
        if report is None
        else summary(report)
        for kata, report in reports
    ]
    if len(reports) > 1:
        rows = [_overview(kata, report) for kata, report in reports]
        parts.insert(0, table(("kata", "outcome", "objectives met"), rows))
    return "\n".join(parts)


def summary(report: AnyReport) -> str:
    """One report: verdict, objectives, what changed, checks, the largest groups of bad events."""
    parts = [_heading(report.kata, report), _about(report), _objectives(report)]
    parts += [_failed_checks(report.checks), _changes(report)]
    if isinstance(report, SimulatedReport):
        parts.append(_missed(report))
    else:
        parts += [_bad_events(report), escaped(run_wording.machine(report.environment))]
    return "\n".join(f"{part.rstrip()}\n" for part in parts if part)


def without_report(kata: str) -> str:
    """Of a kata that was not judged."""
    command = code(f"./run pytest katas/{kata}")
    return (
        f"{_heading(kata, None)}\nThere is no report: {command} was not run, or it ended before"
        " there was a verdict. Its output says why.\n"
    )


def _broken_off(kata: str, run: BrokenRun) -> str:
    """Of a kata whose last run the app broke off."""
    lines = printable(run.message).splitlines()
    said = "\n".join(escaped(line) for line in lines[:MOST_LINES])
    return (
        f"## ❌ {escaped(kata)}: {BROKE_OFF}\n\nThe app broke down in the run of {when(run.at)}, so"
        f" there is no report.\n\n{escaped(run.fault)}: {said}\n"
    )


def _heading(kata: str, report: AnyReport | None) -> str:
    if report is None:
        return f"## ❔ {escaped(kata)}: {NO_REPORT}\n"
    return f"## {SIGNS.get(report.verdict, '')} {escaped(kata)}: {escaped(headline(report))}\n"


def _overview(kata: str, report: AnyReport | BrokenRun | None) -> tuple[str, str, str]:
    if isinstance(report, BrokenRun):
        return escaped(kata), f"❌ {BROKE_OFF} ({escaped(report.fault)})", ""
    if report is None:
        return escaped(kata), NO_REPORT, ""
    met = sum(each.verdict == "met" for each in report.objectives)
    count = "" if report.verdict == "invalid" else f"{met} of {len(report.objectives)}"
    sign = SIGNS.get(report.verdict, "")
    return escaped(kata), f"{sign} {escaped(headline(report))}", count


def _about(report: AnyReport) -> str:
    """What came of it, in sentences."""
    attempt = f"Attempt {report.number}, {when(report.started_at)}."
    if isinstance(report, SimulatedReport):
        lines = [simulated_outcome.conclusion(report), f"{simulated_outcome.title(report)}."]
        seed = simulated_outcome.repeat(report)
    else:
        lines = [outcome.conclusion(report), *(f"{each}." for each in report.invalid_because)]
        lines += [f"{wording.title(report)}.", wording.load(report)]
        seed = wording.repeat(report)
    text = " ".join(escaped(line) for line in (*lines, attempt))
    return f"{text} The same again: {code(seed)}.\n"


def _objectives(report: AnyReport) -> str:
    if not report.objectives:
        return ""
    rows = [
        (
            escaped(name),
            round_percent(each.target),
            percent(each.sli, each.target) if each.total else NONE,
            f"{each.good:,} / {each.total:,}",
            _verdict(report, each),
        )
        for name, each in zip(_names(report), report.objectives, strict=True)
    ]
    head = ("objective", "target", "measured", "good / total", "verdict")
    return table(head, rows, numeric=(1, 2, 3))


def _names(report: AnyReport) -> list[str]:
    if isinstance(report, SimulatedReport):
        return [measure.display_name for measure in report.measures]
    return [objective.name for objective in report.objectives]


def _verdict(report: AnyReport, objective: ObjectiveResult) -> str:
    if isinstance(report, Report):
        return outcome.objective_verdict(report, objective)
    return outcome.OBJECTIVE_VERDICTS[objective.verdict]


def _failed_checks(checks: Sequence[CheckResult]) -> str:
    """What the site no longer does."""
    failed = [f"{code(each.name)} {escaped(each.detail)}" for each in checks if each.failed]
    return f"**Checks that failed**\n\n{bullets(failed)}" if failed else ""


def _changes(report: AnyReport) -> str:
    """What changed since the attempt before, or why nobody can say."""
    before = report.previous
    if before is None:
        return ""
    if isinstance(report, SimulatedReport):
        lines = _moved(report)
    else:
        if reason := not_compared(before, report):
            return escaped(reason)
        lines = changes(report)
    if not lines:
        return ""
    return f"**{since(before)}**\n\n{bullets(map(escaped, lines))}"


def _moved(report: SimulatedReport) -> list[str]:
    """Each measure of both attempts."""
    before = report.previous
    assert before is not None
    pairs = zip(_names(report), report.objectives, strict=True)
    return [
        f"{name}: {percent(before.slis[each.name])} → {percent(each.sli, each.target)}"
        for name, each in pairs
        if each.name in before.slis
    ]


def _bad_events(report: Report) -> str:
    """The largest groups of bad events that have the same thing in common."""
    if not report.error_groups:
        return ""
    groups = sorted(report.error_groups, key=lambda group: -group.count)
    rows = [
        (
            f"{group.count:,}",
            escaped(group.cause),
            code(group.route),
            escaped(group.step),
            "" if group.status is None else str(group.status),
            code(" ".join(filter(None, (group.exception, group.place)))),
        )
        for group in groups[:MOST_GROUPS]
    ]
    head = ("events", "cause", "request", "step", "status", "what the app logged")
    text = f"**{escaped(wording.bad_events(report))}**\n\n{table(head, rows, numeric=(0,))}"
    rest = groups[MOST_GROUPS:]
    if rest:
        more = wording.smaller_groups(sum(group.count for group in rest), len(rest))
        text += f"\n{escaped(more)}\n"
    return text


def _missed(report: SimulatedReport) -> str:
    """What the bad ones were, of each measure that is not met."""
    lines = [
        f"{escaped(each.display_name)}. {escaped(each.detail)}"
        for each in report.measures
        if each.objective.verdict != "met" and each.detail
    ]
    return f"**What the bad ones were**\n\n{bullets(lines)}" if lines else ""
