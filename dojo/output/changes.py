"""What changed since an earlier attempt: in one line for the headline, and line by line. Pure.

Figures are compared only where both attempts have them, and a step only where both reached it. A
figure that stands still is said to stand still: "0.0% → 0.0%" says nothing.
"""

from collections.abc import Sequence

from dojo.burst_figures import StepTime
from dojo.earlier_attempt import EarlierAttempt, GroupCount
from dojo.output.app_text import one_line
from dojo.output.conditions import not_compared
from dojo.output.figures import count_of, percent, rate, seconds, statements_of
from dojo.output.same_seconds import SameSeconds, same_seconds
from dojo.output.this_attempt import as_attempt
from dojo.output.wording import alone_name, percentile
from dojo.report import Report

__all__ = ["changes", "headline_change", "since"]

GROWN, SHRUNK = 1.5, 1 / 1.5  # times the share of all events that a group had
LEAST_OF_A_GROUP = 5  # events: a group of fewer has neither grown nor shrunk
MOST_GROUPS = 3  # of each kind
SHORT_WAIT_S = 0.001  # for a connection: less is none
STILL = 0.05  # a figure that moved by less stands still
# of the time alone, the median of a few requests: less may be chance. A guess: attempts at one app
# on a busy machine moved by that much (13 to 24 ms), and nobody has measured a quiet one
CHANCE_S, CHANCE_TIMES = 0.02, 1.5
OTHER_WORK = 1.25  # times the statements: less is another mix of visitors
MUCH_BLOCKED = 0.1  # of the burst: an event loop that is blocked for less is never blocked long
IN_TIME = ("slow", "timeout", "not_sent")  # causes that a longer burst brings by itself
MOST_IN_A_NAME = 60


def since(before: EarlierAttempt) -> str:
    """The earlier attempt, as the beginning of a sentence."""
    return f"Since attempt {before.number}"


def headline_change(report: Report) -> str:
    """The figures that moved, in one line; "" without an earlier attempt to compare with."""
    before = report.previous
    if before is None or not_compared(before, report):
        return ""
    now = as_attempt(report)
    same = same_seconds(before, now, report.objectives)
    parts = [_statements(before, now), _alone(before, now)]
    if same is None:
        parts = [_pace(before, now, report.event), *parts, _sli(before, report)]
    else:
        parts = [_gone(before, now), *parts, _sli_of_same(same, report)]
    moved = [part for part in parts if part]
    if same is not None:
        figures = f": {', '.join(moved)}" if moved else ""
        return f"{since(before)}{figures}. {_lengths(before, same)}"
    if not moved:
        return f"{since(before)} nothing has moved: neither the pace, the time alone, nor the SLI."
    return f"{since(before)}: {', '.join(moved)}."


def changes(report: Report) -> list[str]:
    """Line by line; [] without an earlier attempt to compare with."""
    before = report.previous
    if before is None or report.verdict == "invalid" or not_compared(before, report):
        return []
    now = as_attempt(report)
    lone = [_lone_time(before, now, report), _under_load(before, now, report)]
    if same := same_seconds(before, now, report.objectives):
        lines = [_lengths(before, same), *_groups(before, now, same), _slis_of_same(same, report)]
        return [line for line in [*lines, *lone] if line]
    lines = [_every_sli(before, report), _answers(before, now, report), _percentiles(before, now)]
    lines += [*lone, _waiting(before, now), *_steps(before, now), *_groups(before, now)]
    return [line for line in lines if line]


def _lengths(before: EarlierAttempt, same: SameSeconds) -> str:
    """Why only the first seconds are compared."""
    return (
        f"The burst of attempt {before.number} went on for {same.then_s:.1f} s, this one for"
        f" {same.now_s:.1f} s, so only what was due in the first {same.length_s:.1f} s of both is"
        " compared."
    )


def _slis_of_same(same: SameSeconds, report: Report) -> str:
    """Of every objective, over the same seconds."""
    parts = []
    for objective in report.objectives:
        if slis := same.slis(objective):
            then, here = (percent(sli, objective.target) for sli in slis)
            moved = f"still {here}" if then == here else f"{then} → {here}"
            parts.append(f"{objective.name}: {moved}")
    first = f"of what was due in the first {same.length_s:.1f} s, "
    return f"{first}{'; '.join(parts)}" if parts else ""


def _sli_of_same(same: SameSeconds, report: Report) -> str:
    """The SLI that moved most, over the same seconds."""
    pairs = [(slis, each) for each in report.objectives if (slis := same.slis(each))]
    if not pairs:
        return ""
    (then, here), objective = max(pairs, key=lambda pair: abs(pair[0][1] - pair[0][0]))
    if then == here:
        return ""
    texts = [percent(sli, objective.target) for sli in (then, here)]
    return f"SLI of the first {same.length_s:.1f} s {' → '.join(texts)} ({objective.name})"


def _gone(before: EarlierAttempt, now: EarlierAttempt) -> str:
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


def _statements(before: EarlierAttempt, now: EarlierAttempt) -> str:
    """Statements for each event that was answered under load."""
    then, here = before.statements_per_event, now.statements_per_event
    if then is None or here is None or max(then, here) < OTHER_WORK * min(then, here):
        return ""
    return f"{then:,.3g} → {statements_of(here)} each under load"


def _under_load(before: EarlierAttempt, now: EarlierAttempt, report: Report) -> str:
    then, here = before.statements_per_event, now.statements_per_event
    if then is None or here is None:
        return ""
    return f"under load {then:,.3g} → {statements_of(here)} for each of the {report.event} answered"


def _moved(then: float, now: float) -> bool:
    return abs(now - then) > STILL * max(abs(then), abs(now))


def _more_than_chance(then_s: float, now_s: float) -> bool:
    """Whether two times alone differ by more than those of one app do."""
    low_s, high_s = sorted((then_s, now_s))
    return high_s - low_s >= CHANCE_S and high_s >= CHANCE_TIMES * low_s


def _pace(before: EarlierAttempt, now: EarlierAttempt, event: str) -> str:
    """Answers a second while the site was saturated in either of the attempts."""
    then, here = before.pace, now.pace
    if then is None or here is None or then.keeps_up is not False:
        return ""
    if here.keeps_up:
        before_s = f"{rate(then.answered_per_s)} {event} answered a second"
        return f"{before_s} → all {rate(here.come_per_s)} that come"
    if not then.answered and not here.answered:
        if not _moved(then.requests_per_s, here.requests_per_s):
            return ""
        return (
            f"{rate(then.requests_per_s)} → {rate(here.requests_per_s)} requests answered a second"
        )
    if not _moved(then.answered_per_s, here.answered_per_s):
        return ""
    return f"{rate(then.answered_per_s)} → {rate(here.answered_per_s)} {event} answered a second"


def _alone(before: EarlierAttempt, now: EarlierAttempt) -> str:
    then_s, now_s = before.service_time_s, now.service_time_s
    if then_s is None or now_s is None or before.journey_alone != now.journey_alone:
        return ""
    return f"alone {seconds(then_s)} → {seconds(now_s)}" if _more_than_chance(then_s, now_s) else ""


def _sli(before: EarlierAttempt, report: Report) -> str:
    """The SLI that moved most."""
    moves = [
        (abs(objective.sli - before.slis[objective.name]), objective)
        for objective in report.objectives
        if objective.name in before.slis
    ]
    if not moves:
        return ""
    most, objective = max(moves, key=lambda move: move[0])
    if not most:
        return ""
    then = percent(before.slis[objective.name], objective.target)
    return f"SLI {then} → {percent(objective.sli, objective.target)} ({objective.name})"


def _every_sli(before: EarlierAttempt, report: Report) -> str:
    parts = []
    for objective in report.objectives:
        if objective.name in before.slis:
            then = percent(before.slis[objective.name], objective.target)
            here = percent(objective.sli, objective.target)
            moved = f"still {here}" if then == here else f"{then} → {here}"
            parts.append(f"{objective.name}: {moved}")
    return "; ".join(parts)


def _answers(before: EarlierAttempt, now: EarlierAttempt, report: Report) -> str:
    parts = []
    if pace := _pace(before, now, report.event):
        parts.append(pace)
    if before.total and now.total and (before.answered, before.total) != (now.answered, now.total):
        came = "came to the end" if report.steps else "got an answer"
        then = f"{before.answered:,} of {before.total:,}"
        parts.append(f"{then} → {now.answered:,} of {now.total:,} {came}")
    return "; ".join(parts)


def _percentiles(before: EarlierAttempt, now: EarlierAttempt) -> str:
    if before.latency_s is None or now.latency_s is None:
        return ""
    return ", ".join(
        f"{name} {percentile(before.latency_s, name)} → {percentile(now.latency_s, name)}"
        for name in ("p50", "p95")
    )


def _lone_time(before: EarlierAttempt, now: EarlierAttempt, report: Report) -> str:
    then_s, now_s = before.service_time_s, now.service_time_s
    if then_s is None or now_s is None or before.journey_alone != now.journey_alone:
        return ""
    line = f"{alone_name(report)} alone {seconds(then_s)} → {seconds(now_s)}"
    if then_s != now_s and not _more_than_chance(then_s, now_s):
        line += " (may be chance)"
    sent_then, sent_now = before.statements_alone, now.statements_alone
    if sent_then is not None and sent_now is not None:
        line += f", {sent_then:,.4g} → {statements_of(sent_now)}"
    return line


def _waiting(before: EarlierAttempt, now: EarlierAttempt) -> str:
    parts = []
    waits_s = before.pool_wait_s, now.pool_wait_s
    if None not in waits_s and max(wait_s or 0.0 for wait_s in waits_s) >= SHORT_WAIT_S:
        then, here = map(seconds, waits_s)
        parts.append(f"the wait for a connection {then} → {here}")
    if before.loop_blocked_share is not None and now.loop_blocked_share is not None:
        then, here = f"{before.loop_blocked_share:.0%}", f"{now.loop_blocked_share:.0%}"
        most = max(before.loop_blocked_share, now.loop_blocked_share)
        if then != here and most >= MUCH_BLOCKED:
            parts.append(f"the event loop blocked {then} → {here} of the burst")
    return "; ".join(parts)


def _steps(before: EarlierAttempt, now: EarlierAttempt) -> list[str]:
    """Of each step that both attempts reached; and those that one of them reached."""
    then = {step.name: step for step in before.steps}
    compared, first, lost = [], [], []
    for step in now.steps:
        earlier = then.get(step.name)
        name = one_line(step.name, MOST_IN_A_NAME)
        if earlier is None or not (step.answered or earlier.answered):
            continue
        if not earlier.answered:
            first.append(name)
        elif not step.answered:
            lost.append(name)
        elif change := _step(earlier, step):
            compared.append(f"{name} {change}")
    lines = [f"by step, p50: {', '.join(compared)}"] if compared else []
    if first:
        lines.append(f"answered for the first time: {', '.join(first)}")
    if lost:
        lines.append(f"no longer answered: {', '.join(lost)}")
    return lines


def _step(earlier: StepTime, step: StepTime) -> str:
    if earlier.latency_s is None or step.latency_s is None:
        return ""
    return f"{percentile(earlier.latency_s, 'p50')} → {percentile(step.latency_s, 'p50')}"


Key = tuple[str, str, str, int | None, str, str]


def _groups(
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
