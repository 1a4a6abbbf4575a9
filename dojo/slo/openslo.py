"""slo.yaml: what is promised. OpenSLO v1, read strictly; no clock and no I/O beyond the text given.

A file holds one `kind: Service` (the kata: its title, and the burst in annotations) and one
`kind: SLO` for each objective, with a ratioMetric whose good events name journey and threshold. Its
queries are sums of one counter each, so that rules and panels can ask for their growth.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from dojo.errors import BadSetting

__all__ = ["Objective", "ServiceLevel", "bucket_edge", "journey_good", "journey_total", "parse"]

JOURNEYS = "dojo_journey_duration_seconds"
COUNTER = re.compile(r"sum\(\s*([a-zA-Z_:][a-zA-Z0-9_:]*\{[^{}]+\})\s*\)")
EDGE = re.compile(r'\ble="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Objective:
    """A target for the SLI: `target` (a ratio) of all events good, within `threshold_s`."""

    name: str
    display_name: str
    target: float
    threshold_s: float
    journey: str
    good: str  # the Prometheus counter of good events, such as requests_bucket{le="0.1"} …
    total: str  # … and of all of them; what the load itself counts, unless slo.yaml has a query


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """All that a kata promises, and the burst under which it is measured."""

    title: str
    description: str
    event: str  # what one event is, in the plural: "page loads"
    journey: str
    rate_per_s: float
    burst_s: float
    staleness_s: float
    objectives: tuple[Objective, ...]

    @property
    def tightest_s(self) -> float:
        """The smallest threshold, in seconds."""
        return min(objective.threshold_s for objective in self.objectives)


def parse(text: str, source: str = "slo.yaml") -> ServiceLevel:
    """Read the text of a slo.yaml; BadSetting names the place of whatever is wrong with it."""
    try:
        documents = [document for document in yaml.safe_load_all(text) if document is not None]
    except yaml.YAMLError as error:
        raise BadSetting(f"{source} is no YAML: {error}") from error
    read = _Reader(source)
    services = [d for d in documents if isinstance(d, dict) and d.get("kind") == "Service"]
    slos = [d for d in documents if isinstance(d, dict) and d.get("kind") == "SLO"]
    if len(services) != 1 or not slos or len(documents) != 1 + len(slos):
        raise read.wrong("the file", "one document of kind Service and at least one of kind SLO")
    for document in documents:
        if document.get("apiVersion") != "openslo/v1":
            raise read.wrong("apiVersion", "openslo/v1", document.get("apiVersion"))
    service = services[0]
    objectives = tuple(_objective(read, slo) for slo in slos)
    names = {objective.name for objective in objectives}
    if len(names) < len(objectives):
        raise read.wrong("metadata.name", "a different name for each SLO")
    name = read.text(service, "metadata.name")
    for slo in slos:
        if read.text(slo, "spec.service") != name:
            raise read.wrong("spec.service", name, read.text(slo, "spec.service"))
    journeys = {objective.journey for objective in objectives}
    if len(journeys) != 1:
        raise read.wrong("spec.indicator…spec.journey", "the same journey in every SLO")
    return ServiceLevel(
        title=read.text(service, "metadata.displayName"),
        description=read.text(service, "spec.description"),
        event=read.text(service, "metadata.annotations.slo-dojo/event"),
        journey=journeys.pop(),
        rate_per_s=read.positive(service, "metadata.annotations.slo-dojo/rate-per-second"),
        burst_s=read.positive(service, "metadata.annotations.slo-dojo/burst-seconds"),
        staleness_s=read.positive(service, "metadata.annotations.slo-dojo/staleness-seconds"),
        objectives=objectives,
    )


def _objective(read: "_Reader", slo: Mapping[str, Any]) -> Objective:
    where = "spec.indicator.spec.ratioMetric.good.metricSource.spec"
    if read.text(slo, "spec.budgetingMethod") != "Occurrences":
        raise read.wrong("spec.budgetingMethod", "Occurrences")
    read.at(slo, "spec.indicator.spec.ratioMetric.total.metricSource.spec")
    objectives = read.at(slo, "spec.objectives")
    if not isinstance(objectives, list) or len(objectives) != 1:
        raise read.wrong("spec.objectives", "a list of one objective")
    target = read.positive(objectives[0], "target")
    if not target < 1:
        raise read.wrong("spec.objectives[0].target", "a ratio between 0 and 1", target)
    threshold_s = read.positive(slo, f"{where}.threshold_s")
    journey = read.text(slo, f"{where}.journey")
    good = read.counter(slo, where) or journey_good(journey, threshold_s)
    edges = EDGE.findall(good)
    if edges != [bucket_edge(threshold_s)]:
        wanted = f'about the one bucket le="{bucket_edge(threshold_s)}", as threshold_s is'
        raise read.wrong(f"{where}.query", wanted, good)
    return Objective(
        name=read.text(slo, "metadata.name"),
        display_name=read.text(objectives[0], "displayName"),
        target=target,
        threshold_s=threshold_s,
        journey=journey,
        good=good,
        total=read.counter(slo, where.replace("good", "total")) or journey_total(journey),
    )


def bucket_edge(threshold_s: float) -> str:
    """The label `le` of a histogram's bucket, as Prometheus' clients write it: 1 is "1.0"."""
    return repr(float(threshold_s))


def journey_good(journey: str, threshold_s: float) -> str:
    """The load's own counter of journeys that ended right and in time."""
    edge = bucket_edge(threshold_s)
    return f'{JOURNEYS}_bucket{{journey="{journey}",outcome="right",le="{edge}"}}'


def journey_total(journey: str) -> str:
    """The load's own counter of all journeys."""
    return f'{JOURNEYS}_count{{journey="{journey}"}}'


@dataclass(frozen=True, slots=True)
class _Reader:
    """Picks values out of a document by their dotted path."""

    source: str

    def wrong(self, path: str, wanted: str, got: object = None) -> BadSetting:
        came = "" if got is None else f", not {got!r}"
        return BadSetting(f"{self.source}: {path} must be {wanted}{came}. See openslo/v1.")

    def at(self, document: object, path: str) -> Any:
        value: Any = document
        for key in path.split("."):
            if not isinstance(value, dict) or key not in value:
                raise BadSetting(f"{self.source}: {path} is missing (no {key!r}).")
            value = value[key]
        return value

    def text(self, document: object, path: str) -> str:
        value = self.at(document, path)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(path, "a text", value)
        return value.strip()

    def counter(self, document: object, where: str) -> str | None:
        """The counter in `where`.query, sum(metric{…}), with bucket edges as clients write them.

        None without a query.
        """
        if "query" not in self.at(document, where):
            return None
        query = self.text(document, f"{where}.query")
        match = COUNTER.fullmatch(query)
        if match is None:
            raise self.wrong(f"{where}.query", "sum(counter{label=…})", query)
        try:
            return EDGE.sub(lambda edge: f'le="{bucket_edge(float(edge[1]))}"', match[1])
        except ValueError:
            raise self.wrong(f"{where}.query", "about a bucket, le=<seconds>", query) from None

    def positive(self, document: object, path: str) -> float:
        value = self.at(document, path)
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise self.wrong(path, "a number", value) from None
        if isinstance(value, bool) or not 0 < number < 1e6:
            raise self.wrong(path, "a number above 0", value)
        return number
