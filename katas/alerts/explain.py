"""Why a policy rang in a minute, or never during an incident, in words and figures. Pure."""

from collections.abc import Sequence

import numpy as np

from dojo import AlertCondition, AlertPolicy, Measurement
from katas.alerts.calendar import when_text
from katas.alerts.incidents import Incident
from katas.alerts.outcomes import IncidentOutcome
from katas.alerts.traffic import DAY, HOUR, Floats
from katas.alerts.years import TARGET, Year

__all__ = ["duration", "share_text", "what_happened", "why_it_rang", "why_it_was_missed"]


def why_it_rang(policy: AlertPolicy, year: Year, minute: int, target: float = TARGET) -> str:
    """The conditions with what was measured when the minute was over."""
    return "; ".join(_measured(each, year, minute, target) for each in policy.conditions)


def _measured(condition: AlertCondition, year: Year, minute: int, target: float) -> str:
    first, window = max(0, minute + 1 - condition.window_min), condition.window
    bad = int(year.bad_until[minute + 1] - year.bad_until[first])
    total = int(year.total_until[minute + 1] - year.total_until[first])
    if condition.measurement is Measurement.BURN_RATE:
        rate = bad / max(1, total) / (1 - target)
        return f"{rate:.3g}x over {window} ({bad:,} of {total:,} failed; from {condition.value:g}x)"
    spent = bad / year.budget(minute, target)
    return f"{100 * spent:.2g}% of the budget in {window} (from {100 * condition.value:g}%)"


def why_it_was_missed(
    outcome: IncidentOutcome, policies: Sequence[AlertPolicy], year: Year, target: float = TARGET
) -> str:
    """Of each policy that should have rung the conditions that the incident never reached.

    With the highest value that was measured while it lasted. Should: the pages for a fast one, all
    for a slow one.
    """
    fast = outcome.incident.kind.pace == "fast"
    reasons = [
        f"{policy.name}: {_never_reached(policy, outcome.incident, year, target)}"
        for policy in policies
        if policy.pages or not fast
    ]
    return "; ".join(reasons) or "no policy pages"


def _never_reached(policy: AlertPolicy, incident: Incident, year: Year, target: float) -> str:
    texts = []
    for condition in policy.conditions:
        highest = float(_ratios(condition, incident, year).max())
        if highest >= condition.threshold(target):
            continue
        value, window = highest / (1 - target), condition.window
        if condition.measurement is Measurement.BURN_RATE:
            texts.append(f"at most {value:.3g}x over {window} (needed: {condition.value:g}x)")
        else:
            needed = f"needed: {100 * condition.value:g}%"
            texts.append(f"at most {share_text(value)} of the budget in {window} ({needed})")
    return ", ".join(texts) or "each condition held for a while, but never all of them together"


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
    missed = f"No page: {why_it_was_missed(outcome, policies, year)}."
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


def share_text(share: float | None) -> str:
    """A share of the budget: 12%, 3.6%, 0.41%; a hyphen for none."""
    if share is None:
        return "-"
    return f"{100 * share:.2g}%"
