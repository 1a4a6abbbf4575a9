"""The SLI's pages and answers are right, and none is older than the published limit."""

from collections.abc import Callable, Sequence

from dojo import Burst, Evidence, Finding, Sample, Wrong

__all__ = ["answers_fresh", "answers_right"]

Run = Callable[[Evidence], Finding | None]


def answers_right(what: str, *steps: str, journey: str | None = None) -> Run:
    """Every answer to these steps shows what the shop's data imply, or once implied.

    An answer that is only too old is the matter of `answers_fresh`. `what` they are, in the plural;
    of which `journey`, if not the SLI's.
    """

    def run(evidence: Evidence) -> Finding | None:
        answers = _answered(evidence.burst, journey, steps)
        problems = _wrong(evidence, answers)
        wrong = [each for each in problems if not each.stale]
        if wrong:
            return Finding(
                False,
                f"{len(wrong):,} of {len(answers):,} {what} were wrong; none may be. One showed"
                f" {wrong[0].came}; it must show {wrong[0].expected}.",
            )
        if not answers:
            return None
        right = f"All {len(answers):,} {what} that came were right"
        if problems:
            right += f" when they were made, and {len(problems):,} of them too old to be shown"
        finding = Finding(True, f"{right}.")
        return evidence.weighed(finding, len(answers), _planned(evidence.burst, journey, steps))

    return run


def answers_fresh(*steps: str) -> Run:
    """None of the SLI's answers to these steps is older than the published limit."""

    def run(evidence: Evidence) -> Finding | None:
        answers, limit_s = _answered(evidence.burst, None, steps), evidence.burst.staleness_s
        stale = [each for each in _wrong(evidence, answers) if each.stale]
        if stale:
            return Finding(
                False,
                f"{len(stale):,} of {len(answers):,} pages were older than {limit_s:.3g} s; none"
                f" may be. One showed {stale[0].came}; by then it had to show {stale[0].expected}.",
            )
        if not answers:
            return None
        finding = Finding(
            True,
            f"None of {len(answers):,} pages was older than {limit_s:.3g} s: the limit, and as much"
            " time as other programs may have taken from the app.",
        )
        return evidence.weighed(finding, len(answers), _planned(evidence.burst, None, steps))

    return run


def _answered(burst: Burst, journey: str | None, steps: Sequence[str]) -> list[Sample]:
    samples = burst.steps(journey or burst.journey, *steps)
    return [each for each in samples if each.cause is None and each.status]


def _planned(burst: Burst, journey: str | None, steps: Sequence[str]) -> int:
    return burst.planned(journey or burst.journey, *steps)


def _wrong(evidence: Evidence, answers: Sequence[Sample]) -> list[Wrong]:
    keys = ((each.journey, each.step) for each in answers)
    return [evidence.wrong[key] for key in keys if key in evidence.wrong]
