"""This attempt, as the next one will read it. Pure."""

from dojo.earlier_attempt import EarlierAttempt, GroupCount
from dojo.output.conditions import conditions
from dojo.output.time_went import pool_wait_s
from dojo.report import ErrorGroup, Report

__all__ = ["as_attempt", "group_count"]


def as_attempt(report: Report) -> EarlierAttempt:
    """What is remembered of it."""
    return EarlierAttempt(
        number=report.number,
        verdict=report.verdict,
        slis={objective.name: objective.sli for objective in report.objectives},
        latency_s=report.latency_s,
        service_time_s=report.service_time_s,
        statements_alone=report.where.statements_alone,
        verdicts={objective.name: objective.verdict for objective in report.objectives},
        slo=report.slo,
        site_works=report.site_works,
        conditions=conditions(report.environment),
        pace=report.pace,
        total=len(report.points),
        answered=sum(point.latency_s is not None for point in report.points),
        groups=tuple(group_count(group) for group in report.error_groups),
        steps=report.steps,
        journey_alone=report.journey_alone,
        pool_wait_s=pool_wait_s(report.where.pool_waits, report.where.pool_wait_ms),
        loop_blocked_share=report.where.loop_blocked_share,
        statements_per_event=report.where.statements_per_event,
        first_burst_s=min(report.planned_s, report.burst_s),
        points=report.points,
    )


def group_count(group: ErrorGroup) -> GroupCount:
    """What its events had in common, and how many they were."""
    return GroupCount(
        cause=group.cause,
        route=group.route,
        step=group.step,
        status=group.status,
        exception=group.exception,
        place=group.place,
        count=group.count,
    )
