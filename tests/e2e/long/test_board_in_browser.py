"""The board of `dojo up` in a real browser: the shipped shop is red, and mended it turns green."""

import subprocess
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.support.project import ROOT
from tests.support.up import copied_app, dojo_up

RED_WITHIN_MS = 60_000
GREEN_WITHIN_MS = 300_000
SOLUTIONS = sorted((ROOT / "katas").glob("*/.meta/solution.patch"))


def test_the_board_turns_green_when_the_app_is_mended(tmp_path: Path, browser: Browser) -> None:
    """Read from the page as a person would, which also says when the app was started anew."""
    app = copied_app(tmp_path)
    options = ("--port", "0", "--board-port", "0", "--for", "15m", "--reload", "--app", str(app))
    with dojo_up(tmp_path / "state", *options) as running:
        url = running.await_text(r"the board\s+(http://\S+)")[1]
        running.await_text("Ready in")
        context = browser.new_context()
        problems: list[str] = []
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text))
        page.goto(url)
        headline = page.locator(".verdict strong")
        expect(headline).to_contain_text("Not met", timeout=RED_WITHIN_MS)
        for patch in SOLUTIONS:
            subprocess.run(
                ["git", "apply", "--unsafe-paths", f"--directory={tmp_path}", str(patch)],
                cwd=tmp_path,
                check=True,
            )
        expect(headline).to_contain_text("Met: all", timeout=GREEN_WITHIN_MS)
        expect(page.locator("path.restart").first).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        context.close()
        assert problems == []
