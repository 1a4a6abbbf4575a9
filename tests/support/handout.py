"""docs/handout.md as a page to print: python -m tests.support.handout handout.pdf

It needs Chromium. Two sheets in Markdown would be a surprise at the copier, so a test counts them.
"""

import re
import sys
from pathlib import Path

from markdown_it import MarkdownIt
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import chromium, launch
from tests.support.project import ROOT

__all__ = ["HANDOUT", "html_of", "page_count", "print_pdf"]

HANDOUT = ROOT / "docs" / "handout.md"
STYLE = """
@page { size: A4; margin: 12mm 14mm; }
body { font: 9.5pt/1.35 Inter, "DejaVu Sans", Arial, sans-serif; color: #000; margin: 0; }
h1 { font-size: 15pt; margin: 0 0 4pt; }
h2 { font-size: 11pt; margin: 8pt 0 3pt; }
p, ol { margin: 3pt 0; }
ol { padding-left: 14pt; }
code { font: 8.5pt "DejaVu Sans Mono", Menlo, Consolas, monospace; }
table { border-collapse: collapse; width: 100%; }
th { display: none; }
td { border-top: 0.5pt solid #999; padding: 1.5pt 8pt 1.5pt 0; vertical-align: top; }
td:first-child { white-space: nowrap; }
h2:nth-of-type(2) + table td:first-child { white-space: normal; width: 40%; }
"""


def html_of(markdown: str) -> str:
    """A page of its own: no script, nothing from elsewhere."""
    body = MarkdownIt("commonmark").enable("table").render(markdown)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>SLO Dojo</title>'
        f"<style>{STYLE}</style>{body}</html>"
    )


def print_pdf(browser: Browser, markdown: str) -> bytes:
    """The page as a PDF on A4."""
    page = browser.new_page()
    page.set_content(html_of(markdown))
    try:
        return page.pdf(prefer_css_page_size=True)
    finally:
        page.close()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF of Chromium's has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def main() -> None:
    """Print the handout to the file that is named."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tests.support.handout FILE.pdf")
    if (path := chromium()) is None:
        raise SystemExit("There is no Chromium on the PATH: print docs/handout.md from an editor.")
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        pdf = print_pdf(browser, HANDOUT.read_text(encoding="utf-8"))
        browser.close()
    Path(sys.argv[1]).write_bytes(pdf)
    print(f"{sys.argv[1]}: {page_count(pdf)} page(s)")


if __name__ == "__main__":
    main()
