"""How an attempt at a simulated kata ended, in words. Pure.

The same words stand in the terminal, on the page, in pytest's messages and in JUnit's properties.
"""

from collections.abc import Sequence

from dojo.earlier_attempt import EarlierAttempt
from dojo.output.figures import round_percent, tenths
from dojo.output.outcome import OBJECTIVE_VERDICTS
from dojo.report import ObjectiveResult
from dojo.simulated_report import MeasureResult, Refusal, SimulatedReport

__all__ = [
    *("CHECKS", "FORMULA", "KEY", "SIGNS", "STRICTER"),
    *("bounds", "conclusion", "excerpt", "headline", "next_steps", "outcome_line", "properties"),
    *("changes", "is_drawn", "repeat", "timings", "title", "verdict", "would_decide"),
]

VERDICTS = {"met": "Met", "not_met": "Not met", "undecided": "Undecided"}
REFUSED = "Broken: file refused"
NOTHING_COUNTED = "nothing counted"
CHECKS = "The checks"
FORMULA = "Measured = good / total, counted on the simulated data. Bad ones are what is left."
KEY = "✓ met   ✗ not met   ≈ too close to call, or nothing counted"
SIGNS = {"met": "✓", "not_met": "✗", "undecided": "≈"}  # of verdicts
STRICTER = (
    "Green allows fewer bad ones than the target does: a design that is just on target must not"
    " pass by luck more than once in 1,000 runs."
)
STEPS = {  # of a run, as the report calls them
    "postgres": "Postgres",
    "draw": "draw the data",
    "fill": "fill the tables",
    "judge": "judge",
    "total": "in all",
}


def headline(report: SimulatedReport) -> str:
    """The verdict in a few words."""
    if report.refusal is not None:
        return REFUSED
    if report.checks_hold is not True and report.verdict == "not_met" and report.slo == "met":
        return "SLO met, but a check failed" if _failed(report) else "SLO met, but not checked"
    return VERDICTS.get(report.verdict, report.verdict)


def title(report: SimulatedReport) -> str:
    """The complaint that the kata is about; that of a solved one is over."""
    complaint = f"“{report.title}”"
    return f"Solved: {complaint}" if report.verdict == "met" else complaint


def conclusion(report: SimulatedReport) -> str:
    """What came of it, in a sentence or two."""
    if report.refusal is not None:
        return f"{report.refusal.place}: {report.refusal.reason}. Nothing was judged."
    if report.verdict == "met":
        also = ", and every check holds" if report.checks else ""
        return f"Every measure meets its target{also}."
    failed = _failed(report)
    checks = f"{_checks(failed)}: {', '.join(failed)}." if failed else ""
    return " ".join(filter(None, (_measures(report), checks)))


def _checks(failed: list[str]) -> str:
    return "A check failed" if len(failed) == 1 else f"{len(failed)} checks failed"


def _measures(report: SimulatedReport) -> str:
    objectives = report.objectives
    missed = sum(each.verdict == "not_met" for each in objectives)
    close = [each for each in objectives if each.verdict == "undecided"]
    total = len(objectives)
    if missed and total == 1:
        return "The measure misses its target."
    if missed:
        are = "misses its target" if missed == 1 else "miss their targets"
        return f"{missed} of {total} measures {are}{_open(close)}."
    if close:
        open_ones = [each for each in report.measures if each.objective in close]
        return f"Too close to call. {' '.join(map(would_decide, open_ones))}"
    return "Every measure meets its target."


def _open(close: list[ObjectiveResult]) -> str:
    """How many measures beside those that miss are undecided, as the end of a sentence."""
    nothing = sum(not each.total for each in close)
    near = len(close) - nothing
    parts = [f"{near} {'is' if near == 1 else 'are'} too close to call"] if near else []
    parts += [f"{nothing} could not be judged, since nothing was counted"] if nothing else []
    return f"; {' and '.join(parts)}" if parts else ""


def would_decide(measure: MeasureResult) -> str:
    """What a measure that is too close to call would have needed."""
    objective = measure.objective
    if not objective.total:
        return f"{objective.name}: nothing was counted, so nothing shows that it is met."
    return f"{objective.name}: {bounds(measure)}."


def bounds(measure: MeasureResult) -> str:
    """How many are bad, with how many green ends, and with how many red begins."""
    objective = measure.objective
    had = f"{objective.bad:,} of {objective.total:,} bad"
    green = f"green allows {objective.green_at_most:,}"
    if objective.green_at_most < 0:
        green = "too few in all to show that it is met"
    red = "" if measure.red_at_least < 0 else f"; red begins at {measure.red_at_least:,}"
    return f"{had}; {green}{red}"


def verdict(objective: ObjectiveResult) -> str:
    """What came of one measure, in a word or two."""
    return OBJECTIVE_VERDICTS[objective.verdict] if objective.total else NOTHING_COUNTED


def changes(report: SimulatedReport, before: EarlierAttempt) -> list[str]:
    """What moved since an earlier attempt, measure by measure; the others share a line."""
    moved, still = [], []
    for objective in report.objectives:
        was = before.slis.get(objective.name)
        then = NOTHING_COUNTED if was is None else tenths(was)
        now = tenths(objective.sli) if objective.total else NOTHING_COUNTED
        if then == now:
            still.append(f"{objective.name} {now}")
        else:
            moved.append(f"{objective.name}: {then} → {now}")
    return [*moved, f"as before: {', '.join(still)}"] if still else moved


def excerpt(refusal: Refusal) -> tuple[str, ...]:
    """The refused line with its number, and below it a mark at the column, if both are known."""
    if refusal.line is None:
        return ()
    number = str(refusal.line)
    lines = [f"{number} | {refusal.text}"]
    if refusal.column is not None:
        lines.append(f"{' ' * len(number)} | {' ' * (refusal.column - 1)}^")
    return tuple(lines)


def outcome_line(report: SimulatedReport) -> str:
    """The outcome as pytest's message: the verdict and what it follows from."""
    name = headline(report) if report.slo == "met" else headline(report).upper()
    if report.refusal is not None:
        return f"{REFUSED.upper()}. {report.refusal.place}: {report.refusal.reason}."
    failed = _failed(report)
    if report.slo == "undecided" and not failed:
        return f"{name}. {_measures(report)}"
    facts = [
        f"{each.name} {tenths(each.sli, each.target)}, target {round_percent(each.target)}"
        for each in report.objectives
        if each.verdict == "not_met"
    ]
    unchecked = [check.name for check in report.checks if check.unchecked]
    facts += [f"checks: {', '.join(failed)}"] if failed else []
    return f"{name}: {'; '.join(facts) or ', '.join(unchecked) + ' not checked'}."


def _failed(report: SimulatedReport) -> list[str]:
    return [check.name for check in report.checks if check.failed]


def properties(report: SimulatedReport) -> list[tuple[str, object]]:
    """The outcome and each measure for JUnit's XML, by name."""
    pairs: list[tuple[str, object]] = [
        ("outcome", headline(report)),
        ("verdict", report.verdict),
        ("slo", report.slo),
        ("seed", report.seed),
    ]
    if report.refusal is not None:
        pairs.append(("refused", f"{report.refusal.place}: {report.refusal.reason}"))
    for objective in report.objectives:
        pairs.append((f"sli: {objective.name}", round(objective.sli, 6)))
        pairs.append((f"events: {objective.name}", f"{objective.good} / {objective.total}"))
    return pairs


def repeat(report: SimulatedReport) -> str:
    """The options that draw the same data again."""
    return f"--plan-seed {report.seed}"


def is_drawn(report: SimulatedReport) -> bool:
    """Whether there are data that could be drawn again; a file may be refused before that."""
    return "draw" in report.timings_s


def timings(report: SimulatedReport) -> str:
    """How long the steps of the run took."""
    steps = [
        f"{name} {report.timings_s[key]:.1f} s"
        for key, name in STEPS.items()
        if key in report.timings_s
    ]
    return f"Time: {', '.join(steps)}."


def next_steps(
    report: SimulatedReport, facts: str, page: str | None, after_green: Sequence[str] = ()
) -> tuple[str, ...]:
    """One line for each step. `facts` and `page` are paths; `page` None: it was not written.

    `after_green`: what there is to do once the kata is solved.
    """
    again = f"./run pytest katas/{report.kata}"
    look = () if page is None else (f"The report as a page: {page}",)
    number = report.kata.partition("-")[0]
    data = f'Query the data of this run: ./run dojo sql --kata {number} "SELECT …"'
    if report.verdict == "met":
        first, *more = after_green or ("",)
        return (
            f"Solved. {first}".rstrip(),
            *more,
            f"Another way to solve it, explained: katas/{report.kata}/.meta/solution.md",
            "Back to the start: ./run dojo reset (your changes are put aside; --undo brings them)",
            f"The facts as JSON: {facts}",
            *look,
        )
    if report.refusal is not None:
        return (f"Mend {report.refusal.place}, then: {again}", *look)
    return (
        f"Edit {' and '.join(report.files) or 'app/'}, then: {again}",
        f"Stuck? {again} --hint",
        data,
        f"The facts as JSON: {facts}",
        *look,
    )
