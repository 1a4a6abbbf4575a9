"""A running site that Prometheus can scrape."""

import json
import re
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from dojo.errors import BadSetting
from dojo.kata.exposition import Exposition
from dojo.load.sample import Cause
from dojo.observability.exporter import METRIC, JourneyExporter
from dojo.observability.targets import targets_folder
from dojo.observability.telemetry import dashboard_url, observed, prometheus_port, publish
from dojo.postgres.server import Server
from dojo.slo.sli import Event, tally

NOBODY = "127.0.0.1:1"


def scrape(address: str) -> Exposition:
    return Exposition.parse(httpx.get(f"http://{address}/metrics", trust_env=False).text)


def test_app_and_load_are_targets_during_the_run(tmp_path: Path, server: Server) -> None:
    """The files name the app and an exporter with Postgres' figures, and are gone afterwards."""
    threads = threading.active_count()
    messages: list[str] = []
    with observed(tmp_path, NOBODY, server.dsn(), (0.3,), {"kata": "x"}, messages.append):
        files = {p.stem: json.loads(p.read_text()) for p in targets_folder(tmp_path).iterdir()}
        assert files["shop"][0]["targets"] == [NOBODY]
        assert files["shop"][0]["labels"] == {"job": "shop", "kata": "x"}
        assert files["dojo"][0]["labels"] == {"job": "dojo", "instance": "dojo"}
        address = files["dojo"][0]["targets"][0]
        assert scrape(address).total("dojo_load_requests") == 0
        assert any(name == "dojo_postgres_connections" for name, *_ in scrape(address).series)
    assert list(targets_folder(tmp_path).iterdir()) == []
    assert messages == []
    assert threading.active_count() <= threads
    with pytest.raises(httpx.ConnectError):
        scrape(address)


def test_who_looks_is_told_where_the_run_is(tmp_path: Path, server: Server) -> None:
    """A run that a Prometheus scraped to its end ends with a link to its time on the dashboard."""
    messages: list[str] = []
    began_ms = 1000 * time.time()

    def scrape_to_the_end(address: str) -> None:
        with suppress(httpx.HTTPError):
            while True:
                scrape(address)
                time.sleep(0.05)

    with observed(tmp_path, NOBODY, server.dsn(), (0.3,), {}, messages.append) as exporter:
        scrape(exporter.address)
        scraper = threading.Thread(target=scrape_to_the_end, args=(exporter.address,))
        scraper.start()
    scraper.join()
    (message,) = messages
    times = re.search(r"http://127.0.0.1:4000/d/slo-dojo\?from=(\d+)&to=(\d+)$", message)
    assert times is not None, message
    assert int(times[1]) <= began_ms <= 1000 * time.time() <= int(times[2])


def test_grafana_may_be_at_another_port() -> None:
    """DOJO_GRAFANA_PORT, which compose.yaml reads as well; the times are in milliseconds."""
    url = dashboard_url(100.0, 120.0, {"DOJO_GRAFANA_PORT": "4001"})
    assert url == "http://127.0.0.1:4001/d/slo-dojo?from=95000&to=125000"


def test_a_run_goes_on_without_targets(tmp_path: Path, server: Server) -> None:
    """A run goes on if targets can't be written, and a message says what to do."""
    (tmp_path / "prometheus").write_text("a file")
    messages: list[str] = []
    with observed(tmp_path, NOBODY, server.dsn(), (0.3,), {}, messages.append) as exporter:
        assert scrape(exporter.address).series
    assert len(messages) == 1
    assert "DOJO_STATE" in messages[0]


@pytest.mark.parametrize("text", ["x", "0", "70000", "-1"])
def test_an_impossible_port_is_a_bad_setting(text: str) -> None:
    """The message names the variable."""
    assert prometheus_port({}) == 9090
    assert prometheus_port({"DOJO_PROMETHEUS_PORT": "9099"}) == 9099
    with pytest.raises(BadSetting, match="DOJO_PROMETHEUS_PORT"):
        prometheus_port({"DOJO_PROMETHEUS_PORT": text})


def test_the_exported_figures_are_the_graders_own() -> None:
    """At each threshold, good and total of the histogram are those of the verdict."""
    events = [
        Event(0, "page_load", 0.0, 0.1, None),
        Event(1, "page_load", 1.0, 0.3, None),
        Event(2, "page_load", 2.0, 0.4, None),
        Event(3, "page_load", 3.0, 0.05, Cause.WRONG_CONTENT),
        Event(4, "page_load", 4.0, None, Cause.TIMEOUT),
        Event(5, "page_load", 9.0, None, Cause.NOT_SENT),
        Event(6, "search", 1.0, 0.05, None),
    ]
    with JourneyExporter.start((0.1, 0.3)) as exporter:
        publish(exporter, events, ended_s=6.0)
        scraped = scrape(exporter.address)
    for threshold_s in (0.1, 0.3):
        good = scraped.total(
            f"{METRIC}_bucket", journey="page_load", outcome="right", le=str(threshold_s)
        )
        total = scraped.total(f"{METRIC}_count", journey="page_load")
        assert (good, total) == tally(events, "page_load", threshold_s)
    assert scraped.total(f"{METRIC}_sum", outcome="timeout") == 2.0  # it waited from 4 to 6
    assert scraped.total(f"{METRIC}_sum", outcome="not_sent") == 0.0
