"""The runs of `benchmarks.verdicts` as tables of Markdown, and their place in docs/benchmarks.md.

Values in, text out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["BEGIN", "END", "document", "with_section"]

BEGIN, END = "<!-- verdicts: begin -->", "<!-- verdicts: end -->"
OUTCOMES = ("met", "not_met", "undecided", "invalid", "no report")
FIXES = ("solution", "fixes/")

Run = Mapping[str, Any]


def document(runs: Sequence[Run]) -> str:
    """Both tables: how often verdicts were wrong in each state, and the outcomes of each cell."""
    if not runs:
        return "No run is kept.\n"
    return f"{summary(runs)}\n\n{by_cell(runs)}\n"


def summary(runs: Sequence[Run]) -> str:
    """A row for each state, and one for all: wrong verdicts and those that are none."""
    head = ["state", "runs of fixes", "false reds", "at most", "undecided", "invalid"]
    head += ["runs of faults", "false greens", "at most", "undecided", "invalid"]
    rows = []
    for state in [*dict.fromkeys(run["state"] for run in runs), None]:
        here = [run for run in runs if state in (None, run["state"])]
        fixes = [run["verdict"] for run in here if is_fix(run)]
        faults = [run["verdict"] for run in here if not is_fix(run)]
        cells = [state or "**all**"]
        for verdicts, wrong in ((fixes, "not_met"), (faults, "met")):
            count = Counter(verdicts)
            cells += [str(len(verdicts)), str(count[wrong]), at_most(count[wrong], len(verdicts))]
            cells += [str(count["undecided"]), str(count["invalid"])]
        rows.append(cells)
    return markdown(head, rows)


def by_cell(runs: Sequence[Run]) -> str:
    """A row for each app and state: its outcomes, the bad events that were most, and the machine.

    *Waited* is how many seconds a second all threads of the run together were ready to run and
    waited for a CPU, in the calmest and in the busiest run; *others* how many cores other programs
    used, likewise.
    """
    cells: dict[tuple[str, str, str], list[Run]] = {}
    for run in runs:
        cells.setdefault((run["kata"], run["app"], run["state"]), []).append(run)
    head = ["kata", "app", "state", "runs", "met", "not met", "undecided", "invalid", "no report"]
    rows = []
    for (kata, app, state), here in sorted(cells.items()):
        count = Counter(run["verdict"] for run in here)
        outcomes = [str(count[outcome] or "") for outcome in OUTCOMES]
        name = app.replace("_", " ")
        machine = [spread(here, "run_queue_delay"), spread(here, "outside_cores")]
        bad = worst_of_each_objective(here)
        rows.append([kata, name, state, str(len(here)), *outcomes, bad, *machine])
    return markdown([*head, "bad → after excuses", "waited", "others"], rows)


def worst_of_each_objective(runs: Iterable[Run]) -> str:
    """Of each objective the run with the largest share of bad events: bad of total → excused."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for run in runs:
        for each in run.get("objectives", ()):
            if each["total"]:
                by_name.setdefault(each["name"], []).append(each)
    worst = [
        max(objectives, key=lambda each: 1 - each["good"] / each["total"])
        for objectives in by_name.values()
    ]
    return "; ".join(
        f"{each['total'] - each['good']} of {each['total']} → {each['bad_after_excuses']}"
        for each in worst
    )


def spread(runs: Iterable[Run], figure: str) -> str:
    """The least and the greatest value of a figure, to a tenth; "" if no run has it."""
    values = [run[figure] for run in runs if run.get(figure) is not None]
    if not values:
        return ""
    least, most = f"{min(values):.1f}", f"{max(values):.1f}"
    return least if least == most else f"{least} to {most}"


def is_fix(run: Run) -> bool:
    """Whether the app is one that must not be called not met."""
    return str(run["app"]).startswith(FIXES)


def at_most(wrong: int, runs: int) -> str:
    """The rate of wrong verdicts that can't be ruled out: 3 / n if none was seen in n runs (95%).

    Hanley and Lippman-Hand, Journal of the American Medical Association 249, 1983. Where some were
    seen the share of them.
    """
    if not runs:
        return ""
    return f"{wrong / runs:.0%}, seen" if wrong else f"{min(1.0, 3 / runs):.0%}"


def with_section(page: str, text: str, begin: str = BEGIN, end: str = END) -> str:
    """The page with the tables between its markers. ValueError if it lacks them."""
    before, has_begin, rest = page.partition(begin)
    _, has_end, after = rest.partition(end)
    if not has_begin or not has_end:
        raise ValueError(f"{begin} and {end} are missing")
    return f"{before}{begin}\n\n{text}\n{end}{after}"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])
