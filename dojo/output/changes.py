"""What changed since an earlier attempt: in one line for the headline, and line by line. Pure.

Figures are compared only where both attempts have them, and a step only where both reached it. A
figure that stands still is said to stand still: "0.0% → 0.0%" says nothing.
"""

from dojo.burst_figures import StepTime
from dojo.earlier_attempt import EarlierAttempt
from dojo.output.app_text import one_line
from dojo.output.chance import other_rate, other_time, other_work
from dojo.output.conditions import not_compared
from dojo.output.figures import percent, rate, seconds, statements_of
from dojo.output.group_changes import gone, group_changes
from dojo.output.same_seconds import SameSeconds, same_seconds
from dojo.output.this_attempt import as_attempt
from dojo.output.wording import alone_name, percentile
from dojo.report import Report

__all__ = ["changes", "headline_change", "since"]

SHORT_WAIT_S = 0.001  # for a connection: less is none
MUCH_BLOCKED = 0.1  # of the burst: an event loop that is blocked for less is never blocked long
FEW_JOURNEYS = 10  # that came to their end: of fewer the requests are compared
CROWDED_CORES = 0.3  # used by others
OTHER_WORK = 1.25  # times the statements of one alone
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
    parts = [_statements(before, now), _alone(before, now, report)]
    if same is None:
        parts = [_pace(before, now, report.event), *parts, _sli(before, report)]
    else:
        parts = [gone(before, now), *parts, _sli_of_same(same, report)]
    moved = [part for part in parts if part]
    if same is not None:
        figures = (
            f": {', '.join(moved)}." if moved else " no figure that can be compared has moved."
        )
        return f"{since(before)}{figures} {_lengths(before, same)}"
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
        lines = [
            _lengths(before, same),
            *group_changes(before, now, same),
            _slis_of_same(same, report),
        ]
        return [line for line in [*lines, *lone] if line]
    lines = [_every_sli(before, report), _answers(before, now, report), _percentiles(before, now)]
    lines += [*lone, _waiting(before, now), *_steps(before, now), *group_changes(before, now)]
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
    """The SLI that moved most, over the same seconds; of those that are not met, if any is not."""
    pairs = [(slis, each) for each in report.objectives if (slis := same.slis(each))]
    if not pairs:
        return ""
    missed = [pair for pair in pairs if pair[1].verdict != "met"]
    (then, here), objective = max(missed or pairs, key=lambda pair: abs(pair[0][1] - pair[0][0]))
    if then == here:
        return ""
    texts = [percent(sli, objective.target) for sli in (then, here)]
    return f"SLI of the first {same.length_s:.1f} s {' → '.join(texts)} ({objective.name})"


def _statements(before: EarlierAttempt, now: EarlierAttempt) -> str:
    """Statements for each event that was answered under load."""
    then, here = before.statements_per_event, now.statements_per_event
    if then is None or here is None or not other_work(then, before.answered, here, now.answered):
        return ""
    return f"{then:,.3g} → {statements_of(here)} each under load"


def _under_load(before: EarlierAttempt, now: EarlierAttempt, report: Report) -> str:
    then, here = before.statements_per_event, now.statements_per_event
    if then is None or here is None:
        return ""
    return f"under load {then:,.3g} → {statements_of(here)} for each of the {report.event} answered"


def _pace(before: EarlierAttempt, now: EarlierAttempt, event: str) -> str:
    """Answers a second while the site was saturated in either of the attempts."""
    then, here = before.pace, now.pace
    if then is None or here is None or then.keeps_up is not False:
        return ""
    if here.keeps_up:
        before_s = f"{rate(then.answered_per_s)} {event} answered a second"
        return f"{before_s} → all {rate(here.come_per_s)} that come"
    if now.steps and max(then.answered, here.answered) < FEW_JOURNEYS:
        if not other_rate(then.requests, then.length_s, here.requests, here.length_s):
            return ""
        return (
            f"{rate(then.requests_per_s)} → {rate(here.requests_per_s)} requests answered a second"
        )
    if not other_rate(then.answered, then.length_s, here.answered, here.length_s):
        return ""
    return f"{rate(then.answered_per_s)} → {rate(here.answered_per_s)} {event} answered a second"


def _alone(before: EarlierAttempt, now: EarlierAttempt, report: Report) -> str:
    then_s, now_s = before.service_time_s, now.service_time_s
    if then_s is None or now_s is None or before.journey_alone != now.journey_alone:
        return ""
    parts = []
    if other_time(then_s, now_s, crowded=_crowded(report)):
        parts.append(f"alone {seconds(then_s)} → {seconds(now_s)}")
    sent_then, sent_now = before.statements_alone, now.statements_alone
    if sent_then and sent_now and max(sent_then, sent_now) >= OTHER_WORK * min(sent_then, sent_now):
        parts.append(f"{sent_then:,.4g} → {statements_of(sent_now)} alone")
    return ", ".join(parts)


def _crowded(report: Report) -> bool:
    return (report.environment.get("outside_cores") or 0.0) >= CROWDED_CORES


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
    if then_s != now_s and not other_time(then_s, now_s, crowded=_crowded(report)):
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
