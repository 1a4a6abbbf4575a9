"""Several bursts as one, for a kata: on one clock and with one numbering of journeys. Pure."""

from dataclasses import replace

from dojo.kata.burst import Burst, SqlAnswer
from dojo.load.plan import Journey, Step
from dojo.load.sample import Sample

__all__ = ["joined"]


def joined(before: Burst, later: Burst, later_s: float) -> Burst:
    """`before` with a burst that began `later_s` after the first one; its journeys are new.

    The pages of the earlier ones are judged, so their bodies go; what was written stays. Metrics
    are those before the first burst and after the last, and the staleness is the larger one: theft
    made it so, and what was written in either burst may be as old.
    """
    first_new = len(before.plan.journeys)
    return replace(
        later,
        plan=replace(
            later.plan,
            journeys=(
                *before.plan.journeys,
                *(_begun_later(journey, later_s) for journey in later.plan.journeys),
            ),
        ),
        samples=(
            *(_without_page(sample, before.step_of(sample)) for sample in before.samples),
            *(_shifted(sample, first_new, later_s) for sample in later.samples),
        ),
        before=before.before,
        staleness_s=max(before.staleness_s, later.staleness_s),
        first_new=first_new,
        sql_answers=(
            *before.sql_answers,
            *(_sent_later(answer, later_s) for answer in later.sql_answers),
        ),
        began_at_s=before.began_at_s,
    )


def _begun_later(journey: Journey, later_s: float) -> Journey:
    return replace(journey, intended_s=journey.intended_s + later_s)


def _sent_later(answer: SqlAnswer, later_s: float) -> SqlAnswer:
    return replace(answer, sent_s=answer.sent_s + later_s, done_s=answer.done_s + later_s)


def _without_page(sample: Sample, step: Step) -> Sample:
    return replace(sample, body=b"") if step.method == "GET" and sample.body else sample


def _shifted(sample: Sample, journeys: int, later_s: float) -> Sample:
    return replace(
        sample,
        journey=sample.journey + journeys,
        intended_s=sample.intended_s + later_s,
        sent_s=None if sample.sent_s is None else sample.sent_s + later_s,
        done_s=None if sample.done_s is None else sample.done_s + later_s,
    )
