"""Makes pictures of the board: the shop as shipped, mended, and while a kata is run.

    python -m tests.support.board_pictures record FOLDER    # six minutes; keeps pages in FOLDER
    python -m tests.support.board_pictures record-shipped FOLDER   # the first half of it
    python -m tests.support.board_pictures record-mended FOLDER    # the second half of it
    python -m tests.support.board_pictures draw FOLDER      # every state, width and color scheme
    python -m tests.support.board_pictures docs FOLDER      # the few that the documentation shows

The first three hold the machine's lock, with an embedded Postgres; the others need Chromium. The
font is Inter where that is installed.
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

KATA = "01-latency"
SOLUTIONS = sorted((ROOT / "katas").glob("*/.meta/solution.patch"))
ONE_FAULT = ROOT / "katas" / KATA / ".meta" / "faults" / "many_round_trips.patch"
STATES = ("nothing-yet", "shipped", "one-fault-left", "fixed", "during-a-run", "after-a-run")
WIDTHS = (360, 1250, 1600)
SCHEMES = ("light", "dark")
WINDOW_S = 66.0  # until the last minute holds nothing of what was before
WAIT_S = 600.0
IN_DOCS = {  # by the picture's name: its state, width and scheme
    "board": ("shipped", 1250, "light"),
    "board-one-fault-left": ("one-fault-left", 1250, "light"),
    "board-fixed-dark": ("fixed", 1250, "dark"),
    "board-during-a-run": ("during-a-run", 1250, "light"),
    "board-phone": ("shipped", 360, "dark"),
}
MOST_BYTES = 250_000
JOBS = ("record", "record-shipped", "record-mended", "draw", "docs")


def record_shipped(folder: Path) -> None:
    """Run the shop as it is shipped; FOLDER/STATE.html and its moment in FOLDER/moments.json."""
    with dojo_up(folder / ".dojo", "--port", "0", "--board-port", "0", "--for", "30m") as running:
        url = _await_ready(running)  # the first visit is due a second later
        _keep(folder, "nothing-yet", url)
        with _watched(url):
            time.sleep(WINDOW_S)
            _keep(folder, "shipped", url)


def record_mended(folder: Path) -> None:
    """The same for the shop with one fault, with none, and while a kata is run."""
    shutil.rmtree(folder / "app", ignore_errors=True)
    app = copied_app(folder)
    _patch(app, ONE_FAULT, *(patch for patch in SOLUTIONS if KATA not in str(patch)))
    options = ("--port", "0", "--board-port", "0", "--for", "30m", "--reload", "--app", str(app))
    with dojo_up(folder / ".dojo", *options) as running:
        url = _await_ready(running)
        with _watched(url):
            time.sleep(WINDOW_S)
            _keep(folder, "one-fault-left", url)
            _mend(app, running)
            time.sleep(WINDOW_S)
            _await_text("Met: all", url)
            _keep(folder, "fixed", url)
            place = len(running.output)
            with _kata_run(app, folder / ".dojo") as run:
                _await_text("burst 1 of", url)
                time.sleep(5.0)
                _keep(folder, "during-a-run", url)
                run.wait()
            while "The shop goes on at" not in running.output[place:]:
                time.sleep(1.0)
            time.sleep(WINDOW_S / 2)
            _keep(folder, "after-a-run", url)


def _keep(folder: Path, state: str, url: str) -> None:
    (folder / f"{state}.html").write_text(get(url), encoding="utf-8")
    file = folder / "moments.json"
    moments = json.loads(file.read_text()) if file.is_file() else {}
    file.write_text(json.dumps({**moments, state: time.time()}, indent=1), encoding="utf-8")
    print(f"{state}: {time.time():.0f}", flush=True)


def _await_ready(running: Up) -> str:
    """Wait until nobody else measures and the shop runs; the board's address."""
    until = time.monotonic() + WAIT_S
    while "the board" not in running.output and time.monotonic() < until:
        time.sleep(0.02)
    return running.await_text(r"the board\s+(http://\S+)")[1]


def _await_text(text: str, url: str) -> None:
    """Wait for the board to say so; others on this machine may measure first, or be busy."""
    until = time.monotonic() + WAIT_S
    while text not in get(url):
        if time.monotonic() > until:
            raise SystemExit(f"The board did not say {text!r}: record again.")
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


def _patch(app: Path, *patches: Path) -> None:
    for patch in patches:
        command = ["git", "apply", "--unsafe-paths", f"--directory={app.parent}", str(patch)]
        subprocess.run(command, cwd=app.parent, check=True)


def _mend(app: Path, running: Up) -> None:
    """Put the app with every solution in place of what is there, and wait for its start."""
    place = len(running.output)
    fresh = app.parent / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    _patch(copied_app(fresh), *SOLUTIONS)
    for path in (fresh / "app").rglob("*"):
        target = app / path.relative_to(fresh / "app")
        if path.is_file() and (not target.is_file() or target.read_bytes() != path.read_bytes()):
            target.write_bytes(path.read_bytes())
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
    if job.startswith("record"):
        folder.mkdir(parents=True, exist_ok=True)
        if job != "record-mended":
            record_shipped(folder)
        if job != "record-shipped":
            record_mended(folder)
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
    if len(sys.argv) != 3 or sys.argv[1] not in JOBS:
        raise SystemExit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]).resolve())
