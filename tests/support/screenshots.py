"""Makes the pictures of reports that the README shows: two runs of a kata, the first unless named.

python -m tests.support.screenshots [--kata 04-alerts] [folder]

It runs the shipped app, then the reference fix on a copy, with an embedded Postgres; the pictures
go to docs/ unless a folder is named. Needs Chromium. The font is Inter where that is installed.
tests.support.board_pictures makes those of the board.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import chromium, launch
from tests.support.project import ROOT

# of each kata: the last section on its pictures, the first one or "" for the page from its top, and
# how the pictures' names begin
KATAS = {
    "01-latency": ("burst", "", "report"),
    "04-alerts": ("year", "", "alerts"),
    "05-sli": ("budget", "harm", "sli"),
}
WIDTH = 1000
MOST_BYTES = 450_000


def run(kata: Path, app: Path, state: Path) -> Path:
    """A run of the kata against an app; the path of its page."""
    subprocess.run(
        [sys.executable, "-m", "pytest", str(kata), "--app", str(app)],
        cwd=ROOT,
        env={**os.environ, "DOJO_POSTGRES": "embedded", "DOJO_STATE": str(state)},
        check=False,  # the shipped app fails; the page says so
    )
    return state / "reports" / kata.name / "latest.html"


def picture(
    browser: Browser, page: Path, expected: str, last: str, target: Path, first: str = ""
) -> None:
    """The page from its top, or the section with heading `first`, to the end of the one `last`."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 800}, color_scheme="light")
    tab = context.new_page()
    tab.goto(page.as_uri())
    verdict = tab.locator(".verdict strong").inner_text()
    if verdict.split(" ", 1)[1].upper() != expected:
        raise SystemExit(f"The run ended as {verdict!r}, not {expected!r}: run this again.")
    box = tab.locator(f"section[aria-labelledby={last}]").bounding_box()
    assert box is not None
    top = 0.0
    if first:
        first_box = tab.locator(f"section[aria-labelledby={first}]").bounding_box()
        assert first_box is not None
        top = first_box["y"] + 8  # below what ends the section before
    height = box["y"] + box["height"] + 24 - top
    clip = {"x": 0, "y": top, "width": WIDTH, "height": height}
    tab.screenshot(path=target, clip=clip, full_page=True)  # type: ignore[arg-type]
    context.close()
    report_size(target)


def report_size(target: Path) -> None:
    """Print how large a picture is; SystemExit if it is too large for the repository."""
    if target.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{target} has {target.stat().st_size:,} bytes, over {MOST_BYTES:,}.")
    print(f"{target}: {target.stat().st_size:,} bytes")


def main() -> None:
    """Two runs, two pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.screenshots")
    parser.add_argument("--kata", choices=KATAS, default="01-latency")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    kata, target = ROOT / "katas" / options.kata, options.folder
    last, start, name = KATAS[options.kata]
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        app = folder / "app"
        shutil.copytree(ROOT / "app", app, ignore=shutil.ignore_patterns("__pycache__"))
        not_met = run(kata, app, folder / "state")
        first = not_met.with_name("attempt-0001.html")
        patch = kata / ".meta" / "solution.patch"
        subprocess.run(["git", "apply", "-p1", str(patch)], cwd=folder, check=True)
        met = run(kata, app, folder / "state")
        with sync_playwright() as playwright:
            browser = launch(playwright, chromium())
            picture(browser, first, "NOT MET", last, target / f"{name}-not-met.png", start)
            picture(browser, met, "MET", last, target / f"{name}-met.png", start)
            browser.close()


if __name__ == "__main__":
    main()
