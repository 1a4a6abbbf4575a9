"""The system's Chromium, driven by Playwright: what people see, as they see it."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

__all__ = ["browser", "chromium", "launch"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
# nothing of the browser's own may call home: machines without a network must see no errors
QUIET = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def chromium() -> str | None:
    """Where the system's Chromium is; None without one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch(playwright: Playwright, path: str | None, *args: str) -> Browser:
    """A headless browser with these arguments besides ours; `path` None: Playwright's own."""
    # root can't have Chromium's sandbox; the pages are our own, on loopback
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox, *args])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless browser; skips without Chromium, fails instead if DOJO_REQUIRE_CHROMIUM=1.

    As long as it is there Playwright's event loop runs in this thread, so no test of the module can
    start one of its own.
    """
    path = chromium()
    if path is None:
        problem = "no Chromium is on the PATH; Debian's package is called chromium"
        if os.environ.get("DOJO_REQUIRE_CHROMIUM") == "1":
            pytest.fail(f"DOJO_REQUIRE_CHROMIUM=1, but {problem}")
        pytest.skip(problem)
    with sync_playwright() as playwright:
        started = launch(playwright, path)
        yield started
        started.close()
