"""Which groups of bad events are gone, new, grown or shrunk since an earlier attempt. Pure.

A group is what its events have in common. Shares of all events are compared.
"""

from collections.abc import Sequence

from dojo.earlier_attempt import EarlierAttempt, GroupCount
from dojo.output.app_text import one_line
from dojo.output.chance import LEAST_OF_A_GROUP, other_count
from dojo.output.figures import count_of
from dojo.output.same_seconds import SameSeconds

__all__ = ["gone", "group_changes"]

GROWN, SHRUNK = 1.5, 1 / 1.5  # times the share of all events that a group had
MOST_GROUPS = 3  # of each kind
MOST_IN_A_NAME = 60
IN_TIME = ("slow", "timeout", "not_sent")  # causes that a longer burst brings by itself

Key = tuple[str, str, str, int | None, str, str]


def gone(before: EarlierAttempt, now: EarlierAttempt) -> str:
    """The largest group of failures that did not come back."""
    then, here = _by_key(before.groups), _by_key(now.groups)
    lost = [
        (count, key)
        for key, count in then.items()
        if key not in here and count >= LEAST_OF_A_GROUP and key[0] not in IN_TIME
    ]
    if not lost:
        return ""
    count, key = max(lost, key=lambda each: each[0])
    return f"gone: {_described(key)} {count:,} → 0"


def group_changes(
    before: EarlierAttempt, now: EarlierAttempt, same: SameSeconds | None = None
) -> list[str]:
    """Groups of bad events that are gone, new, grown or shrunk; shares of all events compared.

    Of bursts whose lengths differ only failures that are gone or new: the longer one is later.
    """
    if not before.total or not now.total:
        return []
    then, here = _by_key(before.groups), _by_key(now.groups)
    kinds: dict[str, list[tuple[int, str]]] = {"gone": [], "new": [], "grown": [], "shrunk": []}
    for key in dict.fromkeys((*then, *here)):
        was, is_now = then.get(key, 0), here.get(key, 0)
        kind = _kind(was, is_now, before.total, now.total)
        if same and (kind in ("grown", "shrunk") or key[0] in IN_TIME):
            continue
        if kind:
            counts = "" if kind == "new" else f" {was:,} → {is_now:,}"
            only = f" {is_now:,}" if kind == "new" else counts
            kinds[kind].append((max(was, is_now), f"{_described(key)}{only}"))
    return [line for kind, groups in kinds.items() if (line := _line(kind, groups))]


def _line(kind: str, groups: Sequence[tuple[int, str]]) -> str:
    if not groups:
        return ""
    largest = [text for _, text in sorted(groups, key=lambda group: -group[0])]
    rest = len(largest) - MOST_GROUPS
    more = f"; and {count_of(rest, 'smaller group')}" if rest > 0 else ""
    return f"bad events {kind}: {'; '.join(largest[:MOST_GROUPS])}{more}"


def _kind(was: int, is_now: int, total_then: int, total_now: int) -> str:
    if max(was, is_now) < LEAST_OF_A_GROUP:
        return ""
    if not is_now:
        return "gone"
    if not was:
        return "new"
    ratio = (is_now / total_now) / (was / total_then)
    if not other_count(was, total_then, is_now, total_now):
        return ""
    return "grown" if ratio >= GROWN else "shrunk" if ratio <= SHRUNK else ""


def _by_key(groups: Sequence[GroupCount]) -> dict[Key, int]:
    counts: dict[Key, int] = {}
    for each in groups:
        key = (each.cause, each.route, each.step, each.status, each.exception, each.place)
        counts[key] = counts.get(key, 0) + each.count
    return counts


def _described(key: Key) -> str:
    cause, route, step, status, exception, _ = key
    of_step = f" ({one_line(step, MOST_IN_A_NAME)})" if step else ""
    failed = f" {status}" if status is not None and status >= 400 else ""
    why = f" {one_line(exception, MOST_IN_A_NAME)}" if exception else ""
    return f"{cause}{failed} {one_line(route, MOST_IN_A_NAME)}{of_step}{why},"
