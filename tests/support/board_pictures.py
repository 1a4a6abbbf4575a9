"""Makes pictures of the board: the shop as shipped, mended, and while a kata is run.

    python -m tests.support.board_pictures record FOLDER    # six minutes; keeps pages in FOLDER
    python -m tests.support.board_pictures draw FOLDER      # every state, width and color scheme
    python -m tests.support.board_pictures docs FOLDER      # the few that the documentation shows

The first holds the machine's lock, with an embedded Postgres; the others need Chromium. The font is
Inter where that is installed.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import chromium, launch
from tests.support.project import ROOT
from tests.support.up import Up, copied_app, dojo_up, get

__all__ = ["STATES", "draw", "record"]

KATA = "01-latency"
SOLUTIONS = sorted((ROOT / "katas").glob("*/.meta/solution.patch"))
ONE_FAULT = ROOT / "katas" / KATA / ".meta" / "faults" / "many_round_trips.patch"
STATES = ("nothing-yet", "shipped", "one-fault-left", "fixed", "during-a-run", "after-a-run")
WIDTHS = (360, 1250, 1600)
SCHEMES = ("light", "dark")
WINDOW_S = 66.0  # until the last minute holds nothing of what was before
BURST_WITHIN_S = 600.0
IN_DOCS = {  # by the picture's name: its state, width and scheme
    "board": ("shipped", 1250, "light"),
    "board-one-fault-left": ("one-fault-left", 1250, "light"),
    "board-fixed-dark": ("fixed", 1250, "dark"),
    "board-during-a-run": ("during-a-run", 1250, "light"),
    "board-phone": ("shipped", 360, "dark"),
}
MOST_BYTES = 250_000


def record(folder: Path) -> None:
    """Run the shop through all of its states; FOLDER/STATE.html and FOLDER/moments.json."""
    folder.mkdir(parents=True, exist_ok=True)
    app = copied_app(folder)
    options = ("--port", "0", "--board-port", "0", "--for", "30m", "--reload", "--app", str(app))
    moments: dict[str, float] = {}

    def keep(state: str) -> None:
        (folder / f"{state}.html").write_text(get(url), encoding="utf-8")
        moments[state] = time.time()
        print(f"{state}: {time.time():.0f}", flush=True)

    with dojo_up(folder / ".dojo", *options) as running:
        url = running.await_text(r"the board\s+(http://\S+)")[1]
        running.await_text("Ready in")
        keep("nothing-yet")
        with _watched(url):
            time.sleep(WINDOW_S)
            keep("shipped")
            _change(app, running, ONE_FAULT, *(p for p in SOLUTIONS if KATA not in str(p)))
            time.sleep(WINDOW_S)
            keep("one-fault-left")
            _change(app, running, *SOLUTIONS)
            time.sleep(WINDOW_S)
            running.await_that(lambda: "Met: all" in get(url))
            keep("fixed")
            place = len(running.output)
            with _kata_run(app, folder / ".dojo") as run:
                _await_burst(url)
                time.sleep(5.0)
                keep("during-a-run")
                run.wait()
            running.await_text("The shop goes on at", place)
            time.sleep(WINDOW_S / 2)
            keep("after-a-run")
    (folder / "moments.json").write_text(json.dumps(moments), encoding="utf-8")


def _await_burst(url: str) -> None:
    """Others on this machine may measure first."""
    until = time.monotonic() + BURST_WITHIN_S
    while "burst 1 of" not in get(url):
        if time.monotonic() > until:
            raise SystemExit("The kata's burst did not begin: record again.")
        time.sleep(1.0)


@contextmanager
def _watched(url: str) -> Iterator[None]:
    """A browser's stream of events, so that the load is as it is while somebody looks."""
    client = httpx.Client(trust_env=False, timeout=60)

    def read() -> None:
        try:
            with client.stream("GET", f"{url}/events") as answer:
                for _ in answer.iter_bytes():
                    pass
        except (httpx.HTTPError, OSError):  # the board has ended, or this client has
            return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield
    finally:
        client.close()


def _change(app: Path, running: Up, *patches: Path) -> None:
    """Put the shipped app with these patches in place of what is there, and wait for its start."""
    place = len(running.output)
    fresh = app.parent / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    copied_app(fresh)
    for patch in patches:
        command = ["git", "apply", "--unsafe-paths", f"--directory={fresh}", str(patch)]
        subprocess.run(command, cwd=fresh, check=True)
    for path in (fresh / "app").rglob("*"):
        target = app / path.relative_to(fresh / "app")
        if path.is_file() and (not target.is_file() or target.read_bytes() != path.read_bytes()):
            target.write_bytes(path.read_bytes())
    for path in (app / "migrations").glob("*.sql"):
        if not (fresh / "app" / "migrations" / path.name).is_file():
            path.unlink()
    running.await_text("the app was started anew", place)


def _kata_run(app: Path, state: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", f"katas/{KATA}", "--app", str(app)],
        cwd=ROOT,
        env={**os.environ, "DOJO_POSTGRES": "embedded", "DOJO_STATE": str(state)},
        stdout=subprocess.DEVNULL,
    )


def draw(browser: Browser, page: Path, width: int, scheme: str, target: Path) -> None:
    """The whole page, as it was kept; it asks nobody for anything more."""
    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=False,
    )
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.screenshot(path=target, full_page=True)
    context.close()


def main(job: str, folder: Path) -> None:
    if job == "record":
        record(folder)
        return
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium())
        if job == "docs":
            for name, (state, width, scheme) in IN_DOCS.items():
                target = ROOT / "docs" / f"{name}.png"
                draw(browser, folder / f"{state}.html", width, scheme, target)
                if target.stat().st_size > MOST_BYTES:
                    raise SystemExit(f"{target} has {target.stat().st_size:,} bytes.")
                print(f"{target}: {target.stat().st_size:,} bytes")
        else:
            for state in STATES:
                for width in WIDTHS:
                    for scheme in SCHEMES:
                        target = folder / f"{state}-{width}-{scheme}.png"
                        draw(browser, folder / f"{state}.html", width, scheme, target)
                        print(target)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("record", "draw", "docs"):
        raise SystemExit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]).resolve())
