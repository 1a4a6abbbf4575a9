"""What a stored report shows: named figures, and rules over them. Pure: JSON values in.

A rule is comparisons joined by `and`, such as `loop_blocked_share > 0.1 and answered_share > 0.8`.
A figure may take a pattern, a regular expression in quotes: `bad_events("UniqueViolation") > 0`.
It knows nothing of hints, nor of any kata.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any

from dojo.errors import BadSetting

__all__ = ["FIGURES", "Rule", "answered_share", "holds", "miss_of", "parse_rule"]

Facts = Mapping[str, Any]  # a report as latest.json has it
COMPARISONS: dict[str, Callable[[float, float], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt}
COMPARISON = re.compile(r'(\w+)(?:\("([^"]*)"\))? *(>=|<=|>|<) *([0-9.]+)')
CLEAR_MISS = 3.0  # times the bad events that a target allows: from there on a miss is a clear one
LEAST_CALLS = 5  # of a statement: the mean of fewer says little


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure and the limit that it is held against."""

    figure: str
    pattern: re.Pattern[str] | None
    operator: str
    limit: float


Rule = tuple[Comparison, ...]


def parse_rule(text: str) -> Rule:
    """The rule's comparisons; BadSetting with the part that can't be read."""
    comparisons = []
    for part in text.split(" and "):
        match = COMPARISON.fullmatch(part.strip())
        if match is None:
            raise BadSetting(f"{part.strip()!r} is no comparison such as: answered_share > 0.8")
        figure, pattern, operator, limit = match.groups()
        if figure not in FIGURES:
            raise BadSetting(f"there is no figure {figure!r}. There are: {', '.join(FIGURES)}")
        if (pattern is not None) != (figure in WITH_PATTERN):
            raise BadSetting(f'{figure} {"takes" if pattern is None else "takes no"} ("pattern")')
        try:
            compiled = None if pattern is None else re.compile(pattern)
        except re.error as error:
            raise BadSetting(f"{pattern!r} is no regular expression: {error}") from error
        comparisons.append(Comparison(figure, compiled, operator, float(limit)))
    return tuple(comparisons)


def holds(rule: Rule, facts: Facts) -> bool:
    """Whether every comparison holds; a figure that the report does not have fails its own."""
    return all(_holds(each, facts) for each in rule)


def miss_of(rule: Rule, facts: Facts) -> float:
    """By how far the objectives that a rule is about miss, at most CLEAR_MISS.

    Bad events in the number that the target allows; 0 where none is missed or the rule asks for
    other figures only. A check that fails is a clear miss.
    """
    misses = [0.0]
    for each in rule:
        if each.figure == "missed" and each.pattern is not None and each.operator in (">", ">="):
            misses += [
                _miss(objective)
                for objective in facts.get("objectives", ())
                if objective["verdict"] != "met" and each.pattern.search(objective["name"])
            ]
        elif each.figure == "failed_checks":
            misses.append(CLEAR_MISS)
    return min(CLEAR_MISS, max(misses))


def _miss(objective: Facts) -> float:
    """Bad events in the number that the target allows; 1 of an objective without any event."""
    if not objective["total"]:
        return 1.0
    bad = 1 - objective["good"] / objective["total"]
    return float(bad / (1 - objective["target"]))


def _holds(comparison: Comparison, facts: Facts) -> bool:
    if comparison.pattern is None:
        value = PLAIN[comparison.figure](facts)
    else:
        value = WITH_PATTERN[comparison.figure](facts, comparison.pattern)
    return value is not None and COMPARISONS[comparison.operator](value, comparison.limit)


def _where(name: str, factor: float = 1.0) -> Callable[[Facts], float | None]:
    """A figure of what the server's side saw, `factor` times."""

    def figure(facts: Facts) -> float | None:
        value = facts.get("where", {}).get(name)
        return None if value is None else factor * value

    return figure


def _events(facts: Facts) -> int:
    """How many events the SLI counted."""
    return max((each["total"] for each in facts.get("objectives", ())), default=0)


def answered_share(facts: Facts) -> float | None:
    """Of the events, how many got an answer, in time or not."""
    points = facts.get("points", ())
    return sum(latency is not None for _, latency, _ in points) / len(points) if points else None


def _slowest_statement_ms(facts: Facts) -> float | None:
    """The largest mean time of a statement in Postgres, the round trip not in it."""
    means = [
        each["mean_ms"]
        for each in facts.get("where", {}).get("statements", ())
        if each["calls"] >= LEAST_CALLS
    ]
    return max(means, default=None)


def _service_time_ms(facts: Facts) -> float | None:
    """Of a single request with nobody else on the site."""
    alone_s = facts.get("service_time_s")
    return None if alone_s is None else 1000 * alone_s


def _bad_events(facts: Facts, pattern: re.Pattern[str]) -> float:
    """Bad events in the groups whose cause, step, route, status, exception or place match."""
    keys = ("cause", "step", "route", "status", "exception", "place")
    return sum(
        float(group["count"])
        for group in facts.get("error_groups", ())
        if pattern.search(" ".join(str(group[key]) for key in keys))
    )


def _calls_per_event(facts: Facts, pattern: re.Pattern[str]) -> float | None:
    """Calls of the statements whose text matches, for each event of the SLI."""
    statements = facts.get("where", {}).get("statements", ())
    calls = sum(each["calls"] for each in statements if pattern.search(each["text"]))
    events = _events(facts)
    return calls / events if events else None


def _missed(facts: Facts, pattern: re.Pattern[str]) -> float:
    """Objectives whose name matches and that are not met."""
    return sum(
        bool(each["verdict"] != "met")
        for each in facts.get("objectives", ())
        if pattern.search(each["name"])
    )


def _failed_checks(facts: Facts, pattern: re.Pattern[str]) -> float:
    """Checks whose name matches and that do not hold."""
    return sum(
        each["passed"] is False for each in facts.get("checks", ()) if pattern.search(each["name"])
    )


def _fact(facts: Facts, pattern: re.Pattern[str]) -> float | None:
    """A figure that the kata itself counted, by its name."""
    figures = facts.get("facts", {})
    return next((float(figures[name]) for name in figures if pattern.fullmatch(name)), None)


PLAIN: dict[str, Callable[[Facts], float | None]] = {
    "answered_share": answered_share,
    "loop_blocked_most_ms": _where("loop_blocked_most_s", 1000),
    "loop_blocked_share": _where("loop_blocked_share"),
    "pool_waits": _where("pool_waits"),
    "service_time_ms": _service_time_ms,
    "slowest_statement_ms": _slowest_statement_ms,
    "statements_alone": _where("statements_alone"),
    "statements_per_event": _where("statements_per_event"),
    "waiting_at_end": _where("waiting_at_end"),
}
WITH_PATTERN: dict[str, Callable[[Facts, re.Pattern[str]], float | None]] = {
    "bad_events": _bad_events,
    "calls_per_event": _calls_per_event,
    "fact": _fact,
    "failed_checks": _failed_checks,
    "missed": _missed,
}
FIGURES = tuple(sorted([*PLAIN, *WITH_PATTERN]))
