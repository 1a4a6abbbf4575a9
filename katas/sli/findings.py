"""All that is known of one hand-in, once its SELECT has been run on the drawn years. A value."""

from dataclasses import dataclass

from katas.sli.calendar_of_years import CALM, INCIDENTS
from katas.sli.counting import Weights, weights_of
from katas.sli.design import Slo
from katas.sli.judging import Counted, Seen, judge
from katas.sli.roles import Roles, roles_of
from katas.sli.years import Years

__all__ = ["KINDS", "Findings", "findings_of"]

KINDS = (*INCIDENTS, *CALM)


@dataclass(frozen=True, slots=True)
class Findings:
    """The drawn years, what the SLI counts in them, and what it says of each day."""

    years: Years
    slo: Slo
    counted: Counted
    seen: Seen
    weights: Weights
    roles: Roles


def findings_of(years: Years, counted: Counted, slo: Slo) -> Findings:
    """Judge the days, and find out what is counted."""
    weights = weights_of(counted, years)
    seen = judge(counted, slo, years.calendar)
    return Findings(years, slo, counted, seen, weights, roles_of(weights))
