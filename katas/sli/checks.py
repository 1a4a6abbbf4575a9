"""What must hold of an SLI whatever it sees: it counts events, and everybody's."""

from typing import TYPE_CHECKING

from dojo import DataCheck, Finding, count_of
from katas.sli.shop_traffic import CLASSES

if TYPE_CHECKING:  # it loads numpy, and a test file that is only collected needs none
    from katas.sli.counting import Kind, NoSum
    from katas.sli.findings import Findings

__all__ = ["CHECKS", "counts_are_events", "people_counted"]

MAY_BE_LEFT_OUT = ("4xx", "left")
NEVER_AT_THE_APP = ("lost",)
MUST_BE_GOOD = ("quick",)


def counts_are_events(findings: "Findings") -> Finding:
    """Good and total are sums of the log's requests, each once or not at all within a group."""
    no_sums = findings.weights.no_sums
    if not no_sums:
        groups = count_of(len(findings.counted.groups), "group")
        return Finding(True, f"Good and total of {groups} are sums of requests on every day.")
    return Finding(
        False,
        f"{_difference(no_sums[0])}. In a group count each request once or not at all, every day"
        " alike: sum(requests) with FILTER or WHERE.",
    )


def people_counted(findings: "Findings") -> Finding:
    """People's requests are in total, and those that were answered quickly and in full are good."""
    if findings.weights.no_sums:
        return Finding(None, "Numbers that are no counts do not tell whom they count.")
    for kind in findings.weights.in_no_group:
        if _is_required(kind):
            return Finding(
                False,
                f"No group holds people's requests of {kind.route} by {kind.segment} customers;"
                " required: every request of a person is in total. Add a group for them.",
            )
    for kind, weights in findings.weights.total.items():
        if _is_required(kind) and min(weights) < 1:
            return Finding(False, _left_out(kind.route, kind.outcome))
    for kind, weights in findings.weights.good.items():
        if kind.client == "person" and kind.outcome in MUST_BE_GOOD and min(weights) < 1:
            return Finding(
                False,
                f"Requests of {kind.route} that were answered with 200 and a full page within"
                " 300 ms are counted as bad; required: as good. An SLI that never says yes says"
                " nothing.",
            )
    return Finding(
        True, "People's requests are in total, and quick answers with a full page are good."
    )


CHECKS = (
    DataCheck("counts_are_events", counts_are_events),
    DataCheck("people_counted", people_counted),
)


def _is_required(kind: "Kind") -> bool:
    """Whether such requests must be in total."""
    return kind.client == "person" and kind.outcome not in (*MAY_BE_LEFT_OUT, *NEVER_AT_THE_APP)


def _left_out(route: str, outcome: str) -> str:
    assert outcome in CLASSES
    described = {
        "quick": "answered with a full page within 300 ms",
        "in time": "answered with a full page within 1 s",
        "slow": "answered in 1 to 3 s",
        "hanging": "answered after 3 s",
        "empty": "answered with an empty page",
        "5xx": "answered with a 5xx",
    }[outcome]
    return (
        f"People's requests of {route} that were {described} are not in total; required: all but"
        " what visitors got wrong (4xx) or did not wait for (499). Count them, as good or as bad."
    )


def _difference(no_sum: "NoSum") -> str:
    from katas.sli.logs import dates
    from katas.sli.wording import group_name

    day = dates(no_sum.day + 1)[-1]
    differ = f"{count_of(no_sum.days, 'day')} differ{'s' if no_sum.days == 1 else ''}"
    return (
        f"{no_sum.column} of {group_name(no_sum.group)} on {day} is {no_sum.value:,.6g}; the"
        f" nearest sum of requests is {no_sum.nearest:,.0f}; {differ}"
    )
