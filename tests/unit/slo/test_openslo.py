"""dojo.slo.openslo: slo.yaml, read strictly."""

import re
from pathlib import Path

import pytest
import yaml

from dojo.errors import BadSetting
from dojo.slo.catalog import load_folders
from dojo.slo.openslo import APP_CORES, RUN_CORES, parse
from tests.support.project import ROOT

TEXT = (ROOT / "katas/01-latency/slo.yaml").read_text()
DOCUMENTS = list(yaml.safe_load_all(TEXT))
FIRST = "SLO page-loads-within-100ms: "
SERVICE = "Service home-page: "
RATIO = "spec.indicator.spec.ratioMetric"
GOOD, TOTAL = f"{RATIO}.good.metricSource", f"{RATIO}.total.metricSource"
TARGET = "target: 0.95"
RATE = 'rate-per-second: "80"'
QUERY = 'journey="page_load",outcome="right",le="0.1"'


def refusal(old: str, new: str) -> str:
    """The message that refuses kata 01's file with one text replaced."""
    assert old in TEXT
    with pytest.raises(BadSetting) as refused:
        parse(TEXT.replace(old, new, 1), "katas/x/slo.yaml")
    message = str(refused.value)
    assert message.startswith("katas/x/slo.yaml")
    return message


@pytest.mark.parametrize("path", [folder / "slo.yaml" for folder in load_folders(ROOT)], ids=str)
def test_every_kata_has_a_service_level(path: Path) -> None:
    """Each kata's file can be read, and its targets are ones that a service could have."""
    level = parse(path.read_text())
    assert level.objectives
    assert all(0.5 < objective.target < 1 for objective in level.objectives)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("openslo/v1", "openslo/v9", SERVICE + "apiVersion must be openslo/v1, not 'openslo/v9'."),
        ("kind: Service", "kind: Services", "kind must be Service or SLO, not 'Services'."),
        ("name: home-page", "title: x", "document 1: metadata.name is missing."),
        ("service: home-page", "service: other", FIRST + "spec.service must be home-page, the"),
        ("Occurrences", "Often", FIRST + "spec.budgetingMethod must be Occurrences, not 'Often'."),
        ("threshold_s: 0.1", "limit: 1", FIRST + f"{GOOD}.spec.threshold_s is missing."),
        ("metadata:", "metadata: [", "slo.yaml can't be read as YAML: "),
        ("objectives:", "goals:", FIRST + "spec.objectives must be a list of one objective."),
        ("- displayName: 95% of", "displayName: 95% of", "can't be read as YAML"),
        # two targets
        (TARGET, f"{TARGET}\n      target: 0.99", FIRST + "the key 'target' stands twice"),
        (
            TARGET,
            f"{TARGET}\n      targetPercent: 99",
            FIRST + "spec.objectives[0].target must be 0.99, as targetPercent says, not 0.95.",
        ),
        (
            "threshold_s: 0.3\n              query: sum",
            "threshold_s: 0.1\n              # sum",
            "SLO page-loads-within-300ms: "
            f"{GOOD}.spec.threshold_s must be another threshold than that of page-loads-within-100",
        ),
        ("page-loads-within-300ms", "page-loads-within-100ms", "metadata.name must be another nam"),
        # an unknown journey
        (
            "journey: page_load\n              query: sum(dojo_journey_duration_seconds_c",
            "journey: pageload\n              query: sum(dojo_journey_duration_seconds_c",
            FIRST + f"{TOTAL}.spec.journey must be page_load, as the good events' is, not 'pagelo",
        ),
        (
            "journey: page_load\n              threshold_s: 0.3",
            "journey: order\n              threshold_s: 0.3",
            f"SLO page-loads-within-300ms: {TOTAL}.spec.journey must be order",
        ),
        (
            QUERY,
            'journey="search",outcome="right",le="0.1"',
            FIRST + f"{GOOD}.spec.query must be of the journey page_load, not 'search'.",
        ),
        # names that PromQL can't hold
        (
            "name: page-loads-within-100ms",
            'name: page"loads',
            'SLO page"loads: metadata.name must be a name of at most 63 lower-case letters, digits',
        ),
        ("name: home-page", r'name: "home\npage"', "document 1: metadata.name must be a name of"),
        ("name: home-page", "name: " + "x" * 64, "metadata.name must be a name of at most 63"),
        (
            "journey: page_load\n              threshold_s",
            'journey: page"load\n              threshold_s',
            FIRST + f"{GOOD}.spec.journey must be a name of letters, digits and underscores, not",
        ),
        (f"sum(dojo_journey_duration_seconds_bucket{{{QUERY}}})", "up", "sum(counter{label"),
        (QUERY, 'le="0.1",x', FIRST + f'{GOOD}.spec.query must be sum(counter{{label="…"}}), not'),
        (QUERY, 'le="soon"', FIRST + f"{GOOD}.spec.query must be of a bucket le=<seconds>"),
        (QUERY, 'le="0.2"', FIRST + f'{GOOD}.spec.query must be of the one bucket le="0.1"'),
        # annotations of ours
        (
            "slo-dojo/event",
            "slo-dojo/evnt",
            SERVICE + "the annotation slo-dojo/evnt must be one of ours: slo-dojo/event, slo-dojo/",
        ),
        (
            "name: page-loads-within-100ms\nspec:",
            "name: page-loads-within-100ms\n  annotations: {slo-dojo/event: x}\nspec:",
            FIRST + "the annotation slo-dojo/event must be one of ours: none of slo-dojo's in an S",
        ),
        (
            "  annotations:\n    slo",
            "  annotations: [1]\n  other:\n    slo",
            "must be a mapping, no",
        ),
        (
            "    slo-dojo/event: page loads\n",
            "",
            SERVICE + "metadata.annotations.slo-dojo/event is",
        ),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, message: str) -> None:
    """The message has the file, the document by kind and name, the field, and what is expected."""
    assert message in refusal(old, new)


@pytest.mark.parametrize(
    "number",
    "nan .nan inf .inf -.inf 1e999 -1 0 -0.0 1_0 0x10 010 1:30 true yes null '' '1_2' ٣ [] {}"
    " 2020-01-01 '12s' 80/s '1_0' 'nan' 'inf' 1000000".split(),
)
@pytest.mark.parametrize(
    ("old", "field"),
    [
        (RATE, "slo-dojo/rate-per-second"),
        ('burst-seconds: "12"', "slo-dojo/burst-seconds"),
        ('staleness-seconds: "2"', "slo-dojo/staleness-seconds"),
        ("threshold_s: 0.1", f"{GOOD}.spec.threshold_s"),
        (TARGET, "spec.objectives[0].target"),
    ],
)
def test_what_is_no_number_is_refused(old: str, field: str, number: str) -> None:
    """A rate, a length, a threshold or a target is a decimal number above 0."""
    message = refusal(old, f"{old.split(':')[0]}: {number}")
    assert f"{field} must be a number" in message or f"{field} is missing" in message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        *(
            (
                "kind: Service",
                f"kind: {kind}",
                f"{kind} home-page: kind: OpenSLO has the kind {kind}",
            )
            for kind in (
                *("DataSource", "SLI", "AlertPolicy", "AlertCondition"),
                "AlertNotificationTarget",
            )
        ),
        *(
            ("Occurrences", method, FIRST + "spec.budgetingMethod: OpenSLO has the budgeting meth")
            for method in ("Timeslices", "RatioTimeslices")
        ),
        (
            TARGET,
            f"{TARGET}\n      timeSliceTarget: 0.9",
            "timeSliceTarget: OpenSLO has time slices",
        ),
        (
            TARGET,
            f"{TARGET}\n      timeSliceWindow: 1m",
            "timeSliceWindow: OpenSLO has time slices",
        ),
        (
            TARGET,
            f"{TARGET}\n    - target: 0.99",
            "OpenSLO has several objectives in one SLO (here 2",
        ),
        (TARGET, f"{TARGET}\n      op: lte", "spec.objectives[0].op: OpenSLO has a comparison"),
        (TARGET, f"{TARGET}\n      value: 3", "spec.objectives[0].value: OpenSLO has a value for"),
        (
            TARGET,
            f"{TARGET}\n      indicatorRef: x",
            "spec.objectives[0].indicatorRef: OpenSLO has",
        ),
        (
            TARGET,
            f"{TARGET}\n      indicator: {{a: 1}}",
            "[0].indicator: OpenSLO has composite SLOs",
        ),
        (TARGET, f"{TARGET}\n      compositeWeight: 1", "compositeWeight: OpenSLO has composite"),
        (
            TARGET,
            f"{TARGET}\n  alertPolicies: [x]",
            "spec.alertPolicies: OpenSLO has alert policies",
        ),
        ("  indicator:", "  indicatorRef: x\n  indicator:", "spec.indicatorRef: OpenSLO has a ref"),
        ("ratioMetric:", "thresholdMetric:", "thresholdMetric: OpenSLO has a thresholdMetric"),
        ("good:", "bad:", f"{RATIO}.bad: OpenSLO has a ratio of bad events"),
        ("good:", "raw: {a: 1}\n        good:", f"{RATIO}.raw: OpenSLO has a ratio computed"),
        ("good:", "rawType: success\n        good:", f"{RATIO}.rawType: OpenSLO has a ratio comp"),
        ("counter: true", "counter: false", f"{RATIO}.counter: OpenSLO has gauges"),
        ("type: Prometheus", "type: Datadog", f"{GOOD}.type: OpenSLO has sources like Datadog"),
        (
            "type: Prometheus",
            "metricSourceRef: x",
            FIRST
            + f"{GOOD}.metricSourceRef: OpenSLO has a reference to a DataSource, SLO Dojo doe",
        ),
    ],
)
def test_what_openslo_has_besides_is_refused_by_its_name(old: str, new: str, message: str) -> None:
    """Whoever knows OpenSLO reads what is not supported, and what to write instead."""
    words = refusal(old, new)
    assert message in words
    assert "SLO Dojo does not. " in words


@pytest.mark.parametrize("missing", ["Service", "SLO"])
def test_both_kinds_are_needed(missing: str) -> None:
    """A file without its Service, or without an SLO, says which is missing."""
    rest = [document for document in DOCUMENTS if document["kind"] != missing]
    with pytest.raises(BadSetting, match=f"document of kind {missing}"):
        parse(yaml.safe_dump_all(rest))


def test_two_services_are_refused() -> None:
    """A file is one kata's."""
    with pytest.raises(BadSetting, match="one document of kind Service, not 2"):
        parse(yaml.safe_dump_all([*DOCUMENTS, DOCUMENTS[0]]))


def test_a_key_that_stands_twice_is_refused_with_its_line() -> None:
    """YAML would take the last one in silence."""
    message = refusal("  service: home-page", "  service: home-page\n  service: home-page")
    assert message == (
        "katas/x/slo.yaml: SLO page-loads-within-100ms: the key 'service' stands twice"
        " in one mapping, again in line 24."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TARGET, "targetPercent: 95"),
        (TARGET, f"{TARGET}\n      targetPercent: 95"),
        (RATE, "rate-per-second: 80"),
        (RATE, "rate-per-second: 8.0e1"),
        ("threshold_s: 0.1", 'threshold_s: "0.1"'),
        ("        counter: true\n", ""),
        ("            type: Prometheus\n", ""),
        ("apiVersion", "---\n---\napiVersion"),
        ("  budgetingMethod", "  alertPolicies: []\n  budgetingMethod"),
        ("    slo-dojo/event", "    example.com/owner: team\n    slo-dojo/event"),
    ],
)
def test_other_ways_to_say_the_same(old: str, new: str) -> None:
    """What the standard lets one write otherwise means the same."""
    assert old in TEXT
    assert parse(TEXT.replace(old, new, 1)) == parse(TEXT)


def test_a_list_of_documents_is_the_documents() -> None:
    """The standard has them in a list as well as one after another."""
    assert parse(yaml.safe_dump(DOCUMENTS)) == parse(TEXT)
    assert parse(yaml.safe_dump_all([DOCUMENTS[0], DOCUMENTS[1:]])) == parse(TEXT)


@pytest.mark.parametrize(
    ("percent", "target"), [("99.9", 0.999), ("99.99", 0.9999), ("95", 0.95), ("99.95", 0.9995)]
)
def test_a_percentage_is_the_ratio_that_one_would_write(percent: str, target: float) -> None:
    """99.9 in a hundred is 0.999, not the float beside it."""
    level = parse(TEXT.replace(TARGET, f"targetPercent: {percent}"))
    assert level.objectives[0].target == target


def test_names_to_show_and_descriptions_may_be_missing() -> None:
    """The name stands for a display name that is not there; an SLO's own one goes before it."""
    text = "\n".join(
        line
        for line in TEXT.replace("- displayName: 95% of page loads within 100 ms\n      ", "- ")
        .replace("- displayName: 99% of page loads within 300 ms\n      ", "- ")
        .splitlines()
        if not line.strip().startswith(("displayName", "description"))
    )
    level = parse(text)
    assert (level.title, level.description) == ("home-page", "")
    assert level.objectives[0].display_name == "page-loads-within-100ms"
    named = text.replace("name: page-loads-within-100ms", "name: a\n  displayName: Most pages", 1)
    assert parse(named).objectives[0].display_name == "Most pages"


def test_without_queries_the_loads_own_counters_are_meant() -> None:
    """Good and total events are those that the load generator counts for the journey."""
    text = "\n".join(line for line in TEXT.splitlines() if "query:" not in line)
    objective = parse(text).objectives[0]
    assert (
        objective.good
        == 'dojo_journey_duration_seconds_bucket{journey="page_load",outcome="right",le="0.1"}'
    )
    assert objective.total == 'dojo_journey_duration_seconds_count{journey="page_load"}'


def with_cores(app: str = "", run: str = "") -> str:
    """The first kata's file with these annotations."""
    values = {"app-cores": app, "run-cores": run}
    given = "".join(f"    slo-dojo/{name}: {cores}\n" for name, cores in values.items() if cores)
    line = f"    slo-dojo/{RATE}\n"
    text = re.sub(r" *slo-dojo/(app|run)-cores: .*\n", "", TEXT)
    assert text.count(line) == 1
    return text.replace(line, line + given)


def test_what_the_reference_solution_needs_of_a_machine_may_be_missing() -> None:
    """Then it is what katas of this size need."""
    level = parse(with_cores())
    assert (level.app_cores, level.run_cores) == (APP_CORES, RUN_CORES)
    level = parse(with_cores('"0.43"', "0.6"))
    assert (level.app_cores, level.run_cores) == (0.43, 0.6)
    assert parse(with_cores(run='"1.5"')).app_cores == APP_CORES


@pytest.mark.parametrize("number", ["0", '"-1"', "many", "[]", "1000000"])
@pytest.mark.parametrize("name", ["app", "run"])
def test_cores_are_a_number_above_zero(name: str, number: str) -> None:
    """Anything else is refused by the annotation's name."""
    with pytest.raises(BadSetting, match=f"slo-dojo/{name}-cores must be"):
        parse(with_cores(**{name: number}))
