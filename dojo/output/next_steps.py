"""What a learner can do after an attempt: the lines below the report. Pure."""

from dojo.report import Report

__all__ = ["next_steps"]


def next_steps(report: Report, facts: str, page: str | None) -> tuple[str, ...]:
    """One line for each step. `facts` and `page` are paths; `page` None: it was not written."""
    again = f"./run pytest katas/{report.kata}"
    look = () if page is None else (f"The report as a page: {page}",)
    if report.verdict == "met":
        return (
            f"Solved. Another way to solve it, explained: katas/{report.kata}/.meta/solution.md",
            "Back to the start: git checkout app/ && git clean -f app/ (to keep your fix, commit it"
            " before)",
            f"The facts as JSON: {facts}",
            *look,
        )
    if report.verdict == "invalid":
        return (f"Run it again when the machine is quiet: {again}", *look)
    return (
        f"Edit app/, then: {again}",
        f"Stuck? {again} --hint",
        f"The facts as JSON: {facts}",
        *look,
    )
