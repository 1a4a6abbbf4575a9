"""Makes the pictures of docs/decision.md: what a learner sees of each outcome.

python -m tests.support.outcome_pictures [folder]

The reports are those of tests/support/outcomes.py. Each is drawn twice: as the terminal shows it at
80 columns, and as a page. The pictures go to docs/ unless a folder is named. Needs Chromium; no
kata is run.
"""

import io
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from dojo.output.html.page import render as render_page
from dojo.output.terminal.report import render
from dojo.report import Report
from tests.support.browser import chromium, launch
from tests.support.outcomes import OUTCOMES
from tests.support.project import ROOT

SHOWN = ("met", "not met", "undecided", "invalid", "broken")
COLUMNS = 80
PAGE_WIDTH = 900
PAGE_HEIGHT = 760  # the verdict, the objectives and the budget
MOST_BYTES = 200_000
TERMINAL = """<!DOCTYPE html><meta charset="utf-8"><style>
body {{ margin: 0; background: {background}; display: inline-block; padding: 12px 16px; }}
pre {{ margin: 0; font: 11px/1.3 "DejaVu Sans Mono", monospace; color: {foreground}; }}
{stylesheet}</style><pre><code>{code}</code></pre>"""


def terminal_page(report: Report) -> str:
    """What the terminal shows of a report, as HTML."""
    text = Text.from_ansi(render(report, COLUMNS, color=True))
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(text, end="")
    return console.export_html(theme=MONOKAI, code_format=TERMINAL)


def draw(browser: Browser, report: Report, name: str, folder: Path) -> None:
    """Both pictures of one report."""
    tab = browser.new_page(
        viewport={"width": PAGE_WIDTH, "height": PAGE_HEIGHT}, color_scheme="light"
    )
    tab.set_content(terminal_page(report))
    tab.locator("body").screenshot(path=folder / f"{name}-terminal.png")
    tab.set_content(render_page(report))
    tab.screenshot(path=folder / f"{name}-page.png")
    tab.close()
    for kind in ("terminal", "page"):
        path = folder / f"{name}-{kind}.png"
        if path.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{path} has {path.stat().st_size:,} bytes, over {MOST_BYTES:,}.")
        print(f"{path}: {path.stat().st_size:,} bytes")


def main() -> None:
    """Two pictures of each outcome."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright, chromium(), "--disable-lcd-text")
        for name in SHOWN:
            draw(browser, OUTCOMES[name], f"outcome-{name.replace(' ', '-')}", folder)
        browser.close()


if __name__ == "__main__":
    main()
