"""The page of `dojo watch` in a real browser: each new report loads by itself."""

import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from dojo.cli.report_server import ReportServer
from dojo.output import store
from tests.support.sample_reports import report

SHOWN_WITHIN_MS = 60_000


def await_scroll(page: Page, top: int) -> None:
    """Until the frame shows its page from so far down; its policy forbids scripts of others."""
    until = time.monotonic() + SHOWN_WITHIN_MS / 1000
    while page.evaluate("document.querySelector('iframe').contentWindow.scrollY") != top:
        assert time.monotonic() < until, "the place in the page was lost"
        page.wait_for_timeout(50)


def test_a_new_report_is_shown_where_the_reader_was(tmp_path: Path, browser: Browser) -> None:
    """The next attempt is there without a hand; the place in the page stays; no script fails."""
    first = replace(report(events=300, bad_ratio=0.5), kata="01-latency")
    latest = tmp_path / "01-latency" / "latest.html"
    context = browser.new_context(viewport={"width": 900, "height": 400})
    problems: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    with ReportServer("01-latency", latest) as server:
        page.goto(server.url)
        shown = page.frame_locator("iframe").locator("body")
        expect(shown).to_contain_text("under way", timeout=SHOWN_WITHIN_MS)
        store.save_page(replace(first, number=1), tmp_path)
        server.reported()
        expect(shown).to_contain_text("attempt 1", timeout=SHOWN_WITHIN_MS)
        page.frames[1].evaluate("window.scrollTo(0, 300)")
        store.save_page(replace(first, number=2), tmp_path)
        server.reported()
        expect(shown).to_contain_text("attempt 2", timeout=SHOWN_WITHIN_MS)
        await_scroll(page, 300)
        assert problems == []
    expect(page.get_by_role("status")).to_be_visible(timeout=SHOWN_WITHIN_MS)
    context.close()
