"""Makes the pictures of reports that the README shows: two runs of the first kata.

python -m tests.support.screenshots [folder]

It runs the shipped app, then the reference fix on a copy, with an embedded Postgres; the pictures
go to docs/ unless a folder is named. Needs Chromium. The font is Inter where that is installed.
tests.support.board_pictures makes those of the board.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import chromium, launch
from tests.support.project import ROOT

KATA = ROOT / "katas" / "01-latency"
WIDTH = 1000
MOST_BYTES = 250_000


def run(app: Path, state: Path) -> Path:
    """A run of the kata against an app; the path of its page."""
    subprocess.run(
        [sys.executable, "-m", "pytest", str(KATA), "--app", str(app)],
        cwd=ROOT,
        env={**os.environ, "DOJO_POSTGRES": "embedded", "DOJO_STATE": str(state)},
        check=False,  # the shipped app fails; the page says so
    )
    return state / "reports" / KATA.name / "latest.html"


def picture(browser: Browser, page: Path, expected: str, last: str, target: Path) -> None:
    """The page from its top to the end of the section with heading `last`."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 800}, color_scheme="light")
    tab = context.new_page()
    tab.goto(page.as_uri())
    verdict = tab.locator(".verdict strong").inner_text()
    if verdict.split(" ", 1)[1].upper() != expected:
        raise SystemExit(f"The run ended as {verdict!r}, not {expected!r}: run this again.")
    box = tab.locator(f"section[aria-labelledby={last}]").bounding_box()
    assert box is not None
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": box["y"] + box["height"] + 24}
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
    target = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = folder / "app"
        shutil.copytree(ROOT / "app", app, ignore=shutil.ignore_patterns("__pycache__"))
        not_met = run(app, folder / "state")
        first = not_met.with_name("attempt-0001.html")
        patch = KATA / ".meta" / "solution.patch"
        subprocess.run(["git", "apply", "-p1", str(patch)], cwd=folder, check=True)
        met = run(app, folder / "state")
        with sync_playwright() as playwright:
            browser = launch(playwright, chromium())
            picture(browser, first, "NOT MET", "burst", target / "report-not-met.png")
            picture(browser, met, "MET", "burst", target / "report-met.png")
            browser.close()


if __name__ == "__main__":
    main()
