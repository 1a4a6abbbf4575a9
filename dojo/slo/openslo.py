"""slo.yaml: the service level of a kata, in OpenSLO v1, read strictly. Pure: text in, values out.

A file holds one `kind: Service` (the kata: its title, and the burst in annotations) and one
`kind: SLO` for each objective, with a ratioMetric whose good events name journey and threshold. Its
queries are sums of one counter each, so that rules and panels can query their growth.

What OpenSLO has besides is refused by dojo.slo.unsupported.
"""

import re
from dataclasses import dataclass

from dojo.errors import BadSetting
from dojo.slo.documents import DECIMAL, Document, read_documents
from dojo.slo.unsupported import GOOD, OBJECTIVE, TOTAL, refuse_other_kinds, refuse_unsupported

__all__ = [
    *("JOURNEYS", "NAME", "NAME_IN_WORDS", "PREFIX"),
    *("Objective", "ServiceLevel"),
    *("bucket_edge", "documents_by_kind", "journey_good", "journey_total", "parse", "target_of"),
]

JOURNEYS = "dojo_journey_duration_seconds"
PREFIX = "slo-dojo/"
ANNOTATIONS = (
    *("event", "rate-per-second", "burst-seconds", "staleness-seconds"),
    *("app-cores", "run-cores"),
)
APP_CORES, RUN_CORES = 0.5, 0.8  # CPU seconds a second, where slo.yaml does not say
NAME = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"  # RFC 1123, as OpenSLO wants it; PromQL can hold it
NAME_IN_WORDS = "a name of at most 63 lower-case letters, digits and dashes"
JOURNEY = r"[A-Za-z_][A-Za-z0-9_]*"
LABEL = r'\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(?:=~|!~|!=|=)\s*"[^"\\\n{}]*"\s*'
COUNTER = re.compile(
    rf"sum\(\s*([a-zA-Z_:][a-zA-Z0-9_:]*\{{{LABEL}(?:,{LABEL})*\}})\s*\)", re.ASCII
)
EDGE = re.compile(r'\ble="([^"]*)"')
OF_JOURNEY = re.compile(r'\bjourney="([^"]*)"')


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
    """A kata's objectives, and the burst under which they are measured."""

    title: str
    description: str
    event: str  # what one event is, in the plural: "page loads"
    journey: str
    rate_per_s: float
    burst_s: float
    staleness_s: float
    objectives: tuple[Objective, ...]
    app_cores: float = APP_CORES  # what the reference solution's app needs under this load …
    run_cores: float = RUN_CORES  # … and the whole run: load, proxy, Postgres and app

    @property
    def tightest_s(self) -> float:
        """The smallest threshold, in seconds."""
        return min(objective.threshold_s for objective in self.objectives)


def parse(text: str, source: str = "slo.yaml") -> ServiceLevel:
    """Read the text of a slo.yaml.

    BadSetting on anything that is not as it must be: with `source`, the document by kind and name,
    and the field.
    """
    service, slos = documents_by_kind(read_documents(text, source), source, ANNOTATIONS)
    name = service.matching("metadata.name", NAME, NAME_IN_WORDS)
    objectives = tuple(_objective(slo, name) for slo in slos)
    _differ(slos, objectives)
    return ServiceLevel(
        title=service.text("metadata.displayName", default=name),
        description=service.text("spec.description", default=""),
        event=service.text(f"metadata.annotations.{PREFIX}event"),
        journey=objectives[0].journey,
        rate_per_s=service.positive(f"metadata.annotations.{PREFIX}rate-per-second"),
        burst_s=service.positive(f"metadata.annotations.{PREFIX}burst-seconds"),
        staleness_s=service.positive(f"metadata.annotations.{PREFIX}staleness-seconds"),
        objectives=objectives,
        app_cores=service.positive(f"metadata.annotations.{PREFIX}app-cores", APP_CORES),
        run_cores=service.positive(f"metadata.annotations.{PREFIX}run-cores", RUN_CORES),
    )


def documents_by_kind(
    documents: list[Document], source: str, annotations: tuple[str, ...]
) -> tuple[Document, list[Document]]:
    """The Service and the SLOs, of the right version and with no annotation misspelt.

    `annotations`: those that the Service may have, without their prefix.
    """
    services: list[Document] = []
    slos: list[Document] = []
    for document in documents:
        version, kind = document.text("apiVersion"), document.text("kind")
        if version != "openslo/v1":
            raise document.wrong("apiVersion", "openslo/v1", version)
        refuse_other_kinds(document, kind)
        if kind not in ("Service", "SLO"):
            raise document.wrong("kind", "Service or SLO", kind)
        (services if kind == "Service" else slos).append(document)
        known = annotations if kind == "Service" else ()
        _known_annotations(document, known)
    if len(services) != 1:
        raise BadSetting(
            f"{source}: there must be one document of kind Service, not {len(services)}."
        )
    if not slos:
        raise BadSetting(f"{source}: there must be at least one document of kind SLO.")
    return services[0], slos


def _known_annotations(document: Document, known: tuple[str, ...]) -> None:
    path = "metadata.annotations"
    if document.find(path) is None:
        return
    for key in document.mapping(path):
        if isinstance(key, str) and key.startswith(PREFIX) and key[len(PREFIX) :] not in known:
            names = ", ".join(PREFIX + name for name in known) or "none of slo-dojo's in an SLO"
            raise document.wrong(f"the annotation {key[:80]}", f"one of ours: {names}")


def _objective(slo: Document, service: str) -> Objective:
    """The one objective of a document of kind SLO."""
    name = slo.matching("metadata.name", NAME, NAME_IN_WORDS)
    refuse_unsupported(slo)
    if (named := slo.text("spec.service")) != service:
        raise slo.wrong("spec.service", f"{service}, the name of the Service", named)
    path = f"{GOOD}.spec"
    threshold_s = slo.positive(f"{path}.threshold_s")
    journey = slo.matching(f"{path}.journey", JOURNEY, "a name of letters, digits and underscores")
    good = _counter(slo, f"{path}.query") or journey_good(journey, threshold_s)
    if EDGE.findall(good) != [bucket_edge(threshold_s)]:
        edge = f'the one bucket le="{bucket_edge(threshold_s)}", as threshold_s is'
        raise slo.wrong(f"{path}.query", f"of {edge}", good)
    slo.mapping(f"{TOTAL}.spec")
    total = _counter(slo, f"{TOTAL}.spec.query") or journey_total(journey)
    _one_journey(slo, journey, good, total)
    return Objective(
        name=name,
        display_name=slo.text(
            f"{OBJECTIVE}.displayName", default=slo.text("metadata.displayName", default=name)
        ),
        target=target_of(slo),
        threshold_s=threshold_s,
        journey=journey,
        good=good,
        total=total,
    )


def target_of(slo: Document) -> float:
    """`target`, or `targetPercent` as a ratio; both only if they agree."""
    ratio, percent = f"{OBJECTIVE}.target", f"{OBJECTIVE}.targetPercent"
    if slo.find(percent) is None:
        return slo.positive(ratio, below=1)
    target = round(slo.positive(percent, below=100) / 100, 12)
    if slo.find(ratio) is not None and abs(slo.positive(ratio, below=1) - target) > 1e-9:
        raise slo.wrong(ratio, f"{target:g}, as targetPercent says", slo.find(ratio))
    return target


def _one_journey(slo: Document, journey: str, good: str, total: str) -> None:
    """BadSetting if total, or a query, counts journeys of another name."""
    path = f"{TOTAL}.spec.journey"
    if (counted := slo.text(path, default=journey)) != journey:
        raise slo.wrong(path, f"{journey}, as the good events' is", counted)
    for source, counter in ((GOOD, good), (TOTAL, total)):
        for label in OF_JOURNEY.findall(counter):
            if label != journey:
                raise slo.wrong(f"{source}.spec.query", f"of the journey {journey}", label)


def _differ(slos: list[Document], objectives: tuple[Objective, ...]) -> None:
    """BadSetting unless the SLOs have one journey, and each a name and a threshold of its own."""
    first = objectives[0]
    for number, (slo, objective) in enumerate(zip(slos, objectives, strict=True)):
        if objective.journey != first.journey:
            path = f"{GOOD}.spec.journey"
            raise slo.wrong(path, f"{first.journey}, as in {first.name}", objective.journey)
        for other in objectives[:number]:
            if objective.name == other.name:
                raise slo.wrong("metadata.name", "another name for each SLO", objective.name)
            if objective.threshold_s == other.threshold_s:
                message = f"another threshold than that of {other.name}: one has one target"
                raise slo.wrong(f"{GOOD}.spec.threshold_s", message, objective.threshold_s)


def _counter(slo: Document, path: str) -> str | None:
    """The counter in a query, sum(counter{…}), its buckets as clients write them; None without."""
    if slo.find(path) is None:
        return None
    query = slo.text(path)
    match = COUNTER.fullmatch(query)
    if match is None:
        raise slo.wrong(path, 'sum(counter{label="…"})', query)
    for edge in EDGE.findall(match[1]):
        if not DECIMAL.fullmatch(edge):
            raise slo.wrong(path, "of a bucket le=<seconds>", edge)
    return EDGE.sub(lambda edge: f'le="{bucket_edge(float(edge[1]))}"', match[1])


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
