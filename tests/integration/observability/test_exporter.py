"""The load's own measurements, as Prometheus reads them."""

import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from dojo.errors import BadSetting
from dojo.kata.exposition import Exposition
from dojo.load.sample import Cause
from dojo.observability.exporter import METRIC, OUTCOMES, JourneyExporter, buckets
from dojo.observability.verdicts import BAD_EVENTS, BUDGET_EVENTS, CODES, GOOD_RATIO, VERDICT
from dojo.slo.openslo import Objective


@pytest.fixture
def exporter() -> Iterator[JourneyExporter]:
    with JourneyExporter.start((0.3, 0.6)) as started:
        yield started


def scrape(exporter: JourneyExporter) -> Exposition:
    response = httpx.get(f"http://{exporter.address}/metrics", trust_env=False)
    assert response.status_code == 200
    return Exposition.parse(response.text)


def test_good_and_total_can_be_read_off(exporter: JourneyExporter) -> None:
    """Right answers within the threshold are good; all journeys are the total."""
    for latency_s in (0.1, 0.3, 0.31, 2.0):
        exporter.observe("search", "right", latency_s)
    exporter.observe("search", Cause.WRONG_CONTENT, 0.05)
    exporter.observe("search", Cause.TIMEOUT, 5.0)
    exporter.observe("log_in", "right", 0.1)
    scraped = scrape(exporter)
    assert scraped.total(f"{METRIC}_bucket", journey="search", outcome="right", le="0.3") == 2
    assert scraped.total(f"{METRIC}_bucket", journey="search", outcome="right", le="0.6") == 3
    assert scraped.total(f"{METRIC}_count", journey="search") == 6
    assert scraped.total(f"{METRIC}_count", outcome="timeout") == 1


def test_an_expected_journey_starts_at_zero(exporter: JourneyExporter) -> None:
    """Every outcome is exported as 0 before the first event, so that Prometheus sees it grow."""
    exporter.expect("search")
    counts = [s for s in scrape(exporter).series if s[0] == f"{METRIC}_count"]
    assert {labels["outcome"] for _, labels, _ in counts} == set(OUTCOMES)
    assert {value for *_, value in counts} == {0}


def test_the_load_is_shown_while_it_goes_on(exporter: JourneyExporter) -> None:
    """Requests sent, answered and waiting are exported before anything is judged."""
    exporter.set_load(sent=30, answered=20, waiting=10)
    scraped = scrape(exporter)
    assert scraped.total("dojo_load_requests", state="sent") == 30
    assert scraped.total("dojo_load_requests", state="answered") == 20
    assert scraped.total("dojo_load_requests", state="waiting") == 10


def test_a_verdict_stands_beside_its_events(exporter: JourneyExporter) -> None:
    """The verdict's code, the bad events, the budget in events, and the share of good ones."""
    objective = Objective("quick", "95% quick", 0.95, 0.3, "search", "", "")
    labels = {"journey": "search", "slo": "quick"}
    exporter.begin([objective])
    scraped = scrape(exporter)
    assert scraped.total(VERDICT, **labels) == CODES["measuring"]
    assert not [name for name, *_ in scraped.series if name == BAD_EVENTS]
    exporter.judge(objective, "not_met", good=30, total=200)
    scraped = scrape(exporter)
    assert scraped.total(VERDICT, **labels) == CODES["not_met"]
    assert scraped.total(BAD_EVENTS, **labels) == 170
    assert scraped.total(BUDGET_EVENTS, **labels) == pytest.approx(10)
    assert scraped.total(GOOD_RATIO, **labels) == 0.15
    exporter.judge(objective, "no_events", good=0, total=0)
    assert not [name for name, *_ in scrape(exporter).series if name.startswith("dojo_slo")]


def test_an_unknown_outcome_is_refused(exporter: JourneyExporter) -> None:
    """Only "right" and the causes of bad events can be counted."""
    with pytest.raises(ValueError, match="'sluggish'"):
        exporter.observe("search", "sluggish", 1.0)


def test_every_threshold_is_a_bucket() -> None:
    """Thresholds join the advised buckets, each once and in order."""
    edges = buckets((1.5, 0.6, 1))
    assert {0.6, 1.0, 1.5} < set(edges)
    assert list(edges) == sorted(set(edges))


def test_a_taken_port_is_a_bad_setting(exporter: JourneyExporter) -> None:
    """The message has the port and what to do."""
    with pytest.raises(BadSetting, match=rf"{exporter.port}.*Free that port"):
        JourneyExporter.start((0.3,), port=exporter.port)


def test_the_port_is_free_afterwards() -> None:
    """A run leaves no listener and no thread behind, and the next one can have the same port."""
    before = threading.active_count()
    with JourneyExporter.start((0.3,)) as first:
        scrape(first)
    with JourneyExporter.start((0.3,), port=first.port) as second:
        assert second.port == first.port
    assert threading.active_count() <= before


def test_no_scrape_is_awaited_without_a_prometheus(exporter: JourneyExporter) -> None:
    """Without a Prometheus a run ends at once."""
    began = time.monotonic()
    assert not exporter.await_scrape(5)
    assert time.monotonic() - began < 1


def test_the_last_scrape_is_awaited(exporter: JourneyExporter) -> None:
    """A Prometheus that scrapes regularly gets the last figures."""
    scrape(exporter)
    late = threading.Timer(0.2, scrape, (exporter,))
    late.start()
    assert exporter.await_scrape(10)
    late.join()


def test_a_scrape_that_began_before_is_not_enough(exporter: JourneyExporter) -> None:
    """Only a scrape that began afterwards has the last figures."""
    scrape(exporter)
    assert not exporter.await_scrape(0.2)


def test_a_scrape_is_quick(exporter: JourneyExporter) -> None:
    """A scrape with all journeys of the shop is too short to disturb the load."""
    exporter.expect(*(f"journey_{number}" for number in range(6)))
    durations_s = []
    for _ in range(5):
        began = time.perf_counter()
        scrape(exporter)
        durations_s.append(time.perf_counter() - began)
    assert min(durations_s) < 0.2
