"""The metrics that say what became of an objective, and the codes of verdicts. Pure.

Prometheus can count, and it can't make an exact binomial test: so the grader publishes its verdict,
and the dashboard contradicts no report.
"""

from collections.abc import Mapping

__all__ = [
    *("BAD_EVENTS", "BUDGET_EVENTS", "CODES", "GOOD_RATIO", "LABELS"),
    *("VERDICT", "WORDS", "figures_of", "good_ratio_of", "verdict_of"),
]

VERDICT = "dojo_slo_verdict"
# by name in the order in which Prometheus gives them, and the dashboard shows them
BAD_EVENTS = "dojo_slo_bad_events"
BUDGET_EVENTS = "dojo_slo_budget_events"
GOOD_RATIO = "dojo_slo_good_ratio"
LABELS = ("journey", "slo")

CODES: Mapping[str, int] = {
    "not_met": 0,
    "met": 1,
    "undecided": 2,
    "too_few": 3,
    "invalid": 4,
    "measuring": 5,
}
WORDS: Mapping[str, str] = {
    "not_met": "NOT MET",
    "met": "MET",
    "undecided": "TOO CLOSE",
    "too_few": "TOO FEW",
    "invalid": "INVALID",
    "measuring": "MEASURING",
}


def verdict_of(journey: str, slo: str) -> str:
    """The selector of an objective's verdict."""
    return f'{VERDICT}{{journey="{journey}",slo="{slo}"}}'


def good_ratio_of(journey: str, slo: str) -> str:
    """The selector of an objective's share of good events."""
    return f'{GOOD_RATIO}{{journey="{journey}",slo="{slo}"}}'


def figures_of(journey: str, slo: str) -> str:
    """The selector of the figures beside the verdict; their names tell them apart."""
    names = "|".join((BAD_EVENTS, BUDGET_EVENTS, GOOD_RATIO))
    return f'{{__name__=~"{names}",journey="{journey}",slo="{slo}"}}'
