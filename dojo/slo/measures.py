"""The measures of a simulated kata: slo.yaml read strictly, and an exact decision on counts. Pure.

A file holds one `kind: Service` with the annotation `slo-dojo/data: simulated`, and one `kind: SLO`
for each measure, whose good and total are counted by the kata and described in words:

    good:
      metricSource:
        type: SLO-Dojo
        spec:
          events: pages for an incident that matters
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dojo.errors import BadSetting
from dojo.report import CheckResult, ObjectiveResult, Verdict
from dojo.slo.binomial import ALPHA, at_least, at_most, interval
from dojo.slo.documents import Document, read_documents
from dojo.slo.openslo import NAME, NAME_IN_WORDS, PREFIX, documents_by_kind, target_of
from dojo.slo.unsupported import GOOD, OBJECTIVE, RATIO, TOTAL, refuse_unsupported

__all__ = [
    *("Measure", "MeasureLevel", "MeasureObjective"),
    *("checks_hold", "green_beside", "judge_measure", "judge_measures", "overall"),
    *("parse_measures", "red_from", "says_simulated", "slo_verdict"),
]

SOURCE = "SLO-Dojo"
MOST_BAD = 1_000_000  # that are tried to find where red begins
DATA = "data"
SIMULATED = "simulated"
ANNOTATIONS = (DATA, "event")
KNOWN_KEYS = {  # of an SLO, by path; what OpenSLO has besides is refused
    "": ("apiVersion", "kind", "metadata", "spec"),
    "metadata": ("name", "displayName"),
    "spec": (
        *("description", "service", "indicator", "timeWindow", "budgetingMethod"),
        "objectives",
    ),
    "spec.indicator": ("metadata", "spec"),
    "spec.indicator.metadata": ("name", "displayName"),
    "spec.indicator.spec": ("ratioMetric",),
    RATIO: ("counter", "good", "total"),
    f"{RATIO}.good": ("metricSource",),
    f"{RATIO}.total": ("metricSource",),
    GOOD: ("type", "spec"),
    TOTAL: ("type", "spec"),
    f"{GOOD}.spec": ("events",),
    f"{TOTAL}.spec": ("events",),
    OBJECTIVE: ("displayName", "target", "targetPercent"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a kata counted: `good` of `total` events, and a sentence about the bad ones.

    `bad_adds_to_total`: each bad event is one event more, such as a needless page. Else the total
    is given, and a bad event is one that failed to be good, such as an incident that went by.
    """

    good: int
    total: int
    detail: str = ""
    bad_adds_to_total: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.good <= self.total:
            raise ValueError(f"good must be 0 to total, not {self.good} of {self.total}")


@dataclass(frozen=True, slots=True)
class MeasureObjective:
    """A target for a measure: `target` (a ratio) of all events good."""

    name: str
    display_name: str
    target: float
    good_events: str  # in words
    total_events: str


@dataclass(frozen=True, slots=True)
class MeasureLevel:
    """The measures of a simulated kata."""

    title: str
    description: str
    event: str  # what is judged, in the plural: "alerts"
    objectives: tuple[MeasureObjective, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the measures, in their order."""
        return tuple(objective.name for objective in self.objectives)


def says_simulated(text: str) -> bool:
    """Whether the text of a slo.yaml is that of a simulated kata; False if it can't be read."""
    try:
        documents = read_documents(text, "slo.yaml")
    except BadSetting:
        return False
    path = "metadata.annotations"
    annotations = [document.find(path) for document in documents]
    return any(isinstance(each, dict) and f"{PREFIX}{DATA}" in each for each in annotations)


def parse_measures(text: str, source: str = "slo.yaml") -> MeasureLevel:
    """Read the text of a simulated kata's slo.yaml.

    BadSetting on anything that is not as it must be: with `source`, the document by kind and name,
    and the field.
    """
    service, slos = documents_by_kind(read_documents(text, source), source, ANNOTATIONS)
    name = service.matching("metadata.name", NAME, NAME_IN_WORDS)
    path = f"metadata.annotations.{PREFIX}"
    if (data := service.text(f"{path}{DATA}")) != SIMULATED:
        raise service.wrong(f"the annotation {PREFIX}{DATA}", SIMULATED, data)
    objectives = tuple(_objective(slo, name) for slo in slos)
    names = [objective.name for objective in objectives]
    for number, slo in enumerate(slos):
        if names[number] in names[:number]:
            raise slo.wrong("metadata.name", "another name for each SLO", names[number])
    return MeasureLevel(
        title=service.text("metadata.displayName", default=name),
        description=service.text("spec.description", default=""),
        event=service.text(f"{path}event"),
        objectives=objectives,
    )


def _objective(slo: Document, service: str) -> MeasureObjective:
    """The one measure of a document of kind SLO."""
    name = slo.matching("metadata.name", NAME, NAME_IN_WORDS)
    refuse_unsupported(slo, SOURCE)
    for path, known in KNOWN_KEYS.items():
        _only(slo, path, known)
    if (named := slo.text("spec.service")) != service:
        raise slo.wrong("spec.service", f"{service}, the name of the Service", named)
    for source in (GOOD, TOTAL):
        if (kind := slo.text(f"{source}.type")) != SOURCE:
            raise slo.wrong(f"{source}.type", SOURCE, kind)
    display_name = slo.text("metadata.displayName", default=name)
    return MeasureObjective(
        name=name,
        display_name=slo.text(f"{OBJECTIVE}.displayName", default=display_name),
        target=target_of(slo),
        good_events=slo.text(f"{GOOD}.spec.events"),
        total_events=slo.text(f"{TOTAL}.spec.events"),
    )


def _only(slo: Document, path: str, known: Sequence[str]) -> None:
    """BadSetting on a key that is not known where it stands."""
    content = slo.find(path) if path else slo.content
    if not isinstance(content, dict):
        return  # what must be there, its reader misses
    for key in content:
        if key not in known:
            where = f"the keys of {path}" if path else "the keys"
            raise slo.wrong(where, f"among {', '.join(known)}", str(key))


def judge_measure(name: str, target: float, measure: Measure, measures: int) -> ObjectiveResult:
    """Hold the counts against the target, by an exact binomial test in one look.

    Met, where a true ratio that is just the target would give so many good events in at most 1 of
    1,000 draws; not met, where it would give so few in at most 1 of 1,000 divided by the number of
    the kata's measures; else undecided. Nothing counted is undecided.
    """
    good, total = measure.good, measure.total
    if _is_met(good, total, target):
        verdict = "met"
    elif total and at_most(good, total, target) <= ALPHA / measures:
        verdict = "not_met"
    else:
        verdict = "undecided"
    return ObjectiveResult(
        name=name,
        target=target,
        threshold_s=None,
        good=good,
        total=total,
        verdict=verdict,  # type: ignore[arg-type]  # mypy takes the three for any text
        interval=interval(good, total),
        bad_after_excuses=total - good,
        green_at_most=_most_bad(measure, target),
    )


def green_beside(measure: Measure, objective: ObjectiveResult) -> str:
    """What green allows where each bad event is one more; "" where the total is given."""
    good, allowed = measure.good, objective.green_at_most
    if not measure.bad_adds_to_total or not objective.bad or allowed < 0:
        return ""
    return f"With these {good:,} good ones green allows {allowed:,} bad ones."


def judge_measures(
    level: MeasureLevel, measures: Mapping[str, Measure]
) -> tuple[ObjectiveResult, ...]:
    """Each measure of a kata held against its target; `measures` by their names in slo.yaml."""
    count = len(level.objectives)
    return tuple(
        judge_measure(each.name, each.target, measures[each.name], count)
        for each in level.objectives
    )


def _is_met(good: int, total: int, target: float) -> bool:
    return total > 0 and at_least(good, total, target) <= ALPHA


def _most_bad(measure: Measure, target: float) -> int:
    """The most bad events with which a measure is met; -1 if none is few enough.

    Of as many events in all; if bad ones add to the total, beside as many good ones.
    """
    adds, good = measure.bad_adds_to_total, measure.good

    def met(bad: int) -> bool:
        total = good + bad if adds else measure.total
        return _is_met(total - bad, total, target)

    # from here on it is surely not met: no event is good, or no more of them than the target gives
    end = math.ceil(good / target) - good + 1 if adds else measure.total
    return bisect_left(range(end), True, key=lambda bad: not met(bad)) - 1


def red_from(measure: Measure, target: float, measures: int) -> int:
    """The fewest bad events with which a measure is not met; -1 if even all of them are too few.

    `measures`: how many the kata has.

    Of as many events in all; if bad ones add to the total, beside as many good ones.
    """
    adds, good, alpha = measure.bad_adds_to_total, measure.good, ALPHA / measures

    def not_met(bad: int) -> bool:
        total = good + bad if adds else measure.total
        return total > 0 and at_most(total - bad, total, target) <= alpha

    high = max(1, measure.total)
    while adds and not not_met(high) and high < MOST_BAD:
        high *= 2
    if not not_met(high):
        return -1
    return bisect_left(range(high), True, key=not_met)


def slo_verdict(objectives: Sequence[ObjectiveResult]) -> Verdict:
    """Of all measures together: met if each is, not met if one is not, else undecided."""
    verdicts = {objective.verdict for objective in objectives}
    if verdicts == {"met"}:
        return "met"
    return "not_met" if "not_met" in verdicts else "undecided"


def checks_hold(checks: Sequence[CheckResult]) -> bool | None:
    """Whether every check was made and holds; None if none failed and not all were made."""
    if any(check.failed for check in checks):
        return False
    return None if any(check.unchecked for check in checks) else True


def overall(slo: Verdict, checks: Sequence[CheckResult]) -> Verdict:
    """The attempt's verdict: nothing is met with a check that failed or was not made."""
    holds = checks_hold(checks)
    if holds is False or (holds is None and slo == "met"):
        return "not_met"
    return slo
