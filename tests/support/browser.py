"""The system's Chromium, driven by Playwright: what people see, as they see it."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

__all__ = ["browser"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
# nothing of the browser's own may call home: machines without a network must see no errors
QUIET = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless browser; skips without Chromium, fails instead if DOJO_REQUIRE_CHROMIUM=1."""
    path = next((path for name in NAMES if (path := shutil.which(name))), None)
    if path is None:
        problem = "no Chromium is on the PATH; Debian's package is called chromium"
        if os.environ.get("DOJO_REQUIRE_CHROMIUM") == "1":
            pytest.fail(f"DOJO_REQUIRE_CHROMIUM=1, but {problem}")
        pytest.skip(problem)
    # root can't have Chromium's sandbox; the pages are our own, on loopback
    args = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=args)
        yield started
        started.close()
