"""dojo.cli.report_server: the newest report, on loopback."""

from pathlib import Path

import httpx

from dojo.cli.report_server import ReportServer


def test_the_newest_report_is_served(tmp_path: Path) -> None:
    """The page asks which attempt is the newest, and gets the report as it was stored."""
    latest = tmp_path / "latest.html"
    with ReportServer("01-latency", latest) as server, httpx.Client(base_url=server.url) as http:
        page = http.get("/")
        assert page.status_code == 200
        assert "01-latency" in page.text
        assert "script-src 'sha256-" in page.text
        before = http.get("/attempt").text
        assert "under way" in http.get("/report").text
        latest.write_text("<p>first")
        server.reported()
        assert http.get("/attempt").text != before
        assert http.get("/report?attempt=1").text == "<p>first"
        assert http.get("/elsewhere").status_code == 404
        assert http.get("/", headers={"Host": "example.org"}).status_code == 421
