"""What a learner can do after an attempt: the lines below the report. Pure."""

from collections.abc import Sequence

from dojo.output.more_load import factor_of, gave_out
from dojo.report import Report

__all__ = ["next_steps"]


MORE_LOAD = 1.5  # times the load that was green, or less by as much


def next_steps(
    report: Report, facts: str, page: str | None, after_green: Sequence[str] = ()
) -> tuple[str, ...]:
    """One line for each step. `facts` and `page` are paths; `page` None: it was not written.

    `after_green`: what there is to do once the kata is solved.
    """
    again = f"./run pytest katas/{report.kata}"
    look = () if page is None else (f"The report as a page: {page}",)
    if report.verdict == "met":
        first, *more = after_green or ("",)
        if factor_of(report) > 1:
            first, more = _more(report, again), []
        return (
            f"Solved. {first}".rstrip(),
            *more,
            f"Another way to solve it, explained: katas/{report.kata}/.meta/solution.md",
            "Back to the start: ./run dojo reset (your changes are put aside; --undo brings them)",
            f"The facts as JSON: {facts}",
            *look,
        )
    if gave_out(report):
        factor = max(1.0, factor_of(report) / MORE_LOAD)
        less = again if factor == 1 else f"{again} --load-factor {factor:.3g}"
        return (f"Where does it hold? Send less: {less}", f"The kata's own load: {again}", *look)
    if report.verdict == "invalid":
        return (f"{_for_a_valid_run(report)}: {again}", *look)
    return (
        f"{_edit(report)}, then: {again}",
        f"Stuck? {again} --hint",
        f"The facts as JSON: {facts}",
        *look,
    )


def _more(report: Report, again: str) -> str:
    """After green at more than the kata's load."""
    factor = factor_of(report)
    more = f"{again} --load-factor {MORE_LOAD * factor:.3g}"
    return f"It holds at {factor:g} times the kata's load, too. Where does it end? {more}"


def _edit(report: Report) -> str:
    """What to change, as far as the outcome says."""
    if report.slo == "met" and report.site_works is False:
        return "Fast enough: now mend what a check found broken, in app/"
    if report.slo == "undecided" and report.site_works is not False:
        return "Close: see what the bad events have in common, edit app/"
    return "Edit app/"


def _for_a_valid_run(report: Report) -> str:
    """What must be different the next time."""
    if report.culprits and report.disturbed:
        names = " and ".join(f"{each.name!r} ({each.pid})" for each in report.culprits[:2])
        return f"End {names} or wait until it is done, then run it again"
    if report.disturbed:
        return "Run it where it may use more or faster cores, or has them to itself"
    return "Change what is named above, then run it again"
