"""Why a policy rang in a minute, or never during an incident, in words and figures. Pure."""

from collections.abc import Iterable, Sequence

import numpy as np

from dojo import AlertCondition, AlertPolicy, Measurement
from katas.alerts.calendar import when_text
from katas.alerts.incidents import Incident
from katas.alerts.outcomes import Flags, IncidentOutcome
from katas.alerts.traffic import DAY, HOUR, Floats
from katas.alerts.years import TARGET, Year

__all__ = [
    *("duration", "figure_text", "share_text", "what_happened", "why_it_rang", "why_missed"),
]

MOST_DIGITS = 8


def why_it_rang(policy: AlertPolicy, year: Year, minute: int, target: float = TARGET) -> str:
    """The conditions with what was measured when the minute was over."""
    return "; ".join(_measured(each, year, minute, target) for each in policy.conditions)


def _measured(condition: AlertCondition, year: Year, minute: int, target: float) -> str:
    first, window = max(0, minute + 1 - condition.window_min), condition.window
    bad = int(year.bad_until[minute + 1] - year.bad_until[first])
    total = int(year.total_until[minute + 1] - year.total_until[first])
    if condition.measurement is Measurement.BURN_RATE:
        rate = figure_text(bad / max(1, total) / (1 - target), condition.value, digits=3)
        return f"{rate}x over {window} ({bad:,} of {total:,} failed; from {condition.value:g}x)"
    spent = share_text(bad / year.budget(minute, target), condition.value)
    return f"{spent} of the budget in {window} (from {100 * condition.value:g}%)"


def why_missed(
    missed: Sequence[tuple[Year, Incident]],
    policies: Sequence[AlertPolicy],
    target: float = TARGET,
) -> str:
    """Of each policy that should have rung the conditions that these incidents never reached.

    The incidents are of one kind. With the highest value that was measured while one lasted, from
    the least to the greatest of them. Should: the pages for fast ones, all for slow ones.
    """
    fast = missed[0][1].kind.pace == "fast"
    reasons = [
        f"{policy.name}: {_never_reached(policy, missed, target)}"
        for policy in policies
        if policy.pages or not fast
    ]
    return "; ".join(reasons) or "no policy pages"


def _never_reached(
    policy: AlertPolicy, missed: Sequence[tuple[Year, Incident]], target: float
) -> str:
    texts, together = [], np.ones(len(missed), bool)
    for condition in policy.conditions:
        highest = np.array([_ratios(condition, each, year).max() for year, each in missed])
        short = highest < condition.threshold(target)
        if short.any():
            together &= ~short
            texts.append(_at_most(condition, highest[short], target) + _part(short))
    if together.any():
        texts.append(
            f"each condition held for a while, but never all of them together{_part(together)}"
        )
    return ", ".join(texts)


def _part(flags: Flags) -> str:
    """Of how many, if not of all."""
    return "" if flags.all() else f" in {flags.sum()} of {len(flags)}"


def _at_most(condition: AlertCondition, highest: Floats, target: float) -> str:
    """What was reached, from the least to the greatest, and what was needed."""
    values, window, needed = highest / (1 - target), condition.window, condition.value
    if condition.measurement is Measurement.BURN_RATE:
        reached = _range(f"{figure_text(v, needed, digits=3)}x" for v in _ends(values))
        return f"at most {reached} over {window} (needed: {needed:g}x)"
    reached = _range(share_text(v, needed) for v in _ends(values))
    return f"at most {reached} of the budget in {window} (needed: {100 * needed:g}%)"


def _ends(values: Floats) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _range(texts: Iterable[str]) -> str:
    """The least and the greatest; one if they read the same."""
    return " to ".join(dict.fromkeys(texts))


def _ratios(condition: AlertCondition, incident: Incident, year: Year) -> Floats:
    """What a condition compares, by the minute of the incident, as a share of bad events."""
    ends = np.arange(incident.start + 1, incident.end + 1)
    first = np.maximum(0, ends - condition.window_min)
    bad = year.bad_until[ends] - year.bad_until[first]
    if condition.measurement is Measurement.BURN_RATE:
        total = year.total_until[ends] - year.total_until[first]
        ratios: Floats = bad / np.maximum(total, 1)
    else:
        ratios = bad / year.requests_28d[(ends - 1) // HOUR]
    return ratios


def what_happened(
    outcome: IncidentOutcome, policies: Sequence[AlertPolicy], year: Year, first_policy: int | None
) -> str:
    """An incident in some sentences: what it was, what it cost, and why somebody heard of it.

    `first_policy`: which policy was the first to send something; None: none did.
    """
    incident = outcome.incident
    sentences = [
        f"{incident.kind.name.capitalize()}, {when_text(incident.start)}, for"
        f" {duration(incident.end - incident.start)}: {share_text(outcome.share)} of the budget."
    ]
    missed = f"No page: {why_missed([(year, incident)], policies)}."
    heard = [m for m in (outcome.first_page, outcome.first_ticket) if m is not None]
    if first_policy is None or not heard:
        return f"{sentences[0]} Nobody heard of it. {missed}"
    policy, minute = policies[first_policy], min(heard)
    kind = "Page" if policy.pages else "Ticket"
    sentences.append(
        f"{kind} from {policy.name} after {duration(minute + 1 - incident.start)}:"
        f" {why_it_rang(policy, year, minute)}."
    )
    if incident.kind.pace == "fast" and outcome.first_page is None:
        sentences.append(missed)
    if outcome.quiet_min is not None:
        sentences.append(f"Pages were over {duration(outcome.quiet_min)} after its end.")
    return " ".join(sentences)


def duration(minutes: int) -> str:
    """12m, 3h20m, 3d4h."""
    if minutes < HOUR:
        return f"{minutes}m"
    if minutes < 2 * DAY:
        hours, rest = divmod(minutes, HOUR)
        return f"{hours}h{rest:02d}m" if rest else f"{hours}h"
    days, rest = divmod(minutes, DAY)
    return f"{days}d{rest // HOUR}h" if rest >= HOUR else f"{days}d"


def share_text(share: float | None, limit: float | None = None) -> str:
    """A share of the budget: 12%, 3.6%, 0.41%; a hyphen for none.

    With a limit in so many digits that it reads as below it, or not, as it is.
    """
    if share is None:
        return "-"
    return f"{figure_text(100 * share, None if limit is None else 100 * limit)}%"


def figure_text(value: float, limit: float | None = None, digits: int = 2) -> str:
    """A figure in so many digits, or in more where it would change sides of a limit."""
    text = f"{value:.{digits}g}"
    while limit is not None and digits < MOST_DIGITS and _below(text, limit) != (value < limit):
        digits += 1
        text = f"{value:.{digits}g}"
    return text


def _below(text: str, limit: float) -> bool:
    return float(text) < limit
