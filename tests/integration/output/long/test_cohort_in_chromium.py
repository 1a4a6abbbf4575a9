"""The page of a cohort in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dojo.output.html.cohort_page import render
from tests.support.cohorts import COHORT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1250])
def test_it_fits_and_fetches_nothing(
    width: int, scheme: str, browser: Browser, tmp_path: Path
) -> None:
    """No sidewise scrolling, no message of the browser's, each submission to be seen."""
    page = tmp_path / "cohort.html"
    page.write_text(render(COHORT), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    try:
        tab = context.new_page()
        messages: list[str] = []
        tab.on("console", lambda message: messages.append(message.text))
        tab.goto(page.as_uri())
        assert messages == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        for row in COHORT.rows:
            assert tab.get_by_text(row.name, exact=True).locator("visible=true").count() >= 1
    finally:
        context.close()
