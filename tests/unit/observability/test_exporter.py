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


@pytest.fixture
def exporter() -> Iterator[JourneyExporter]:
    with JourneyExporter.start((0.3, 0.6)) as started:
        yield started


def scrape(exporter: JourneyExporter) -> Exposition:
    answer = httpx.get(f"http://{exporter.address}/metrics", trust_env=False)
    assert answer.status_code == 200
    return Exposition.parse(answer.text)


def test_good_and_total_can_be_read_off(exporter: JourneyExporter) -> None:
    """Right answers up to the threshold are good, whatever came of the others they are total."""
    for latency_s in (0.1, 0.3, 0.31, 2.0):
        exporter.observe("search", "right", latency_s)
    exporter.observe("search", Cause.WRONG_CONTENT, 0.05)
    exporter.observe("search", Cause.TIMEOUT, 5.0)
    exporter.observe("log_in", "right", 0.1)
    told = scrape(exporter)
    assert told.total(f"{METRIC}_bucket", journey="search", outcome="right", le="0.3") == 2
    assert told.total(f"{METRIC}_bucket", journey="search", outcome="right", le="0.6") == 3
    assert told.total(f"{METRIC}_count", journey="search") == 6
    assert told.total(f"{METRIC}_count", outcome="timeout") == 1


def test_an_expected_journey_stands_at_zero(exporter: JourneyExporter) -> None:
    """Every outcome is there before the first event, else its growth would never be seen."""
    exporter.expect("search")
    counts = [s for s in scrape(exporter).series if s[0] == f"{METRIC}_count"]
    assert {labels["outcome"] for _, labels, _ in counts} == set(OUTCOMES)
    assert {value for *_, value in counts} == {0}


def test_the_load_is_shown_while_it_goes_on(exporter: JourneyExporter) -> None:
    """What is sent, answered and awaited can be seen before anything is judged."""
    exporter.load(sent=30, answered=20, waiting=10)
    told = scrape(exporter)
    assert told.total("dojo_load_requests", state="sent") == 30
    assert told.total("dojo_load_requests", state="answered") == 20
    assert told.total("dojo_load_requests", state="waiting") == 10


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
    """The message names the port and says what to do."""
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


def test_nobody_is_awaited_who_never_came(exporter: JourneyExporter) -> None:
    """Without a Prometheus the end of a run is not held up."""
    began = time.monotonic()
    assert not exporter.await_scrape(5)
    assert time.monotonic() - began < 1


def test_the_last_figures_are_taken(exporter: JourneyExporter) -> None:
    """A Prometheus that scrapes is given the time to come once more."""
    scrape(exporter)
    late = threading.Timer(0.2, scrape, (exporter,))
    late.start()
    assert exporter.await_scrape(10)
    late.join()


def test_a_scrape_that_began_before_is_not_enough(exporter: JourneyExporter) -> None:
    """What is asked for is a scrape that has seen the last figures."""
    scrape(exporter)
    assert not exporter.await_scrape(0.2)


def test_all_series_are_quick_to_read(exporter: JourneyExporter) -> None:
    """A scrape with all journeys of the shop takes some milliseconds, not a pause in the load."""
    exporter.expect(*(f"journey_{number}" for number in range(6)))
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        scrape(exporter)
        spent.append(time.perf_counter() - began)
    assert min(spent) < 0.2
