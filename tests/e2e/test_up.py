"""`dojo up`: addresses, load, figures and a clean end."""

import json
import re
import socket
from pathlib import Path

import pytest

from dojo.observability.targets import targets_folder
from tests.support.up import OBJECTIVES, dojo_up, get


def test_the_whole_of_it(tmp_path: Path) -> None:
    """Addresses, a line for each objective with real events, an exporter; then nothing is left."""
    with dojo_up(tmp_path, "--for", "6", "--port", "0", "--rate", "6") as running:
        page = get(running.url)
        load = running.await_text(r"its load sees\s+(http://\S+)")[1]
        running.await_text("Ready in")
        targets = {
            path.stem: json.loads(path.read_text())[0]["targets"]
            for path in targets_folder(tmp_path).glob("*.json")
        }
        running.note_processes()
        seen = get(load)
        assert running.end() == 0, running.output
        running.assert_nothing_left()
    assert "<html" in page
    assert set(targets) == {"shop", "dojo"}
    assert targets["dojo"] == [load.removeprefix("http://").removesuffix("/metrics")]
    assert 'dojo_journey_duration_seconds_count{journey="page_load"' in seen
    assert not list(targets_folder(tmp_path).glob("*.json"))
    for name in OBJECTIVES:
        figures = re.search(
            rf"{re.escape(name)}: \S+ good, (\d+) of (\d+) bad since the start", running.output
        )
        assert figures is not None, running.output
        assert int(figures[1]) <= int(figures[2])
        assert re.search(rf"(MET|TOO FEW|TOO CLOSE|NO EVENTS) +{re.escape(name)}", running.output)
    totals = [
        int(n) for n in re.findall(r"page loads.*of (\d+) bad since the start", running.output)
    ]
    assert totals
    assert max(totals) > 0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2])), 1).close()
