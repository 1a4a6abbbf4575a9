"""The report as a page, in a real browser: what runs, what is fetched, what can be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dojo.burst_figures import Percentiles, Point
from dojo.output.html.page import render
from dojo.report import Report
from tests.support.outcomes import OUTCOMES
from tests.support.sample_reports import (
    HOSTILE,
    earlier_attempts,
    invalid_report,
    report,
    report_of,
)

LATEST = "attempt-0003.html"
# every text that is shown, with the contrast of its color against the nearest ground below it
CONTRASTS = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const text = walker.currentNode, element = text.parentElement;
    if (!text.textContent.trim() || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    let under = element, ground = [0, 0, 0, 0];
    while (under && ground[3] === 0) {
      const parts = parse(getComputedStyle(under).backgroundColor);
      ground = [...parts.slice(0, 3), parts[3] ?? 1];
      under = under.parentElement;
    }
    const [high, low] = [light(ink), light(ground)].sort((a, b) => b - a);
    texts.push([text.textContent.trim().slice(0, 40), (high + 0.05) / (low + 0.05)]);
  }
  return texts;
}"""

# every label of a plot that is shown and stands out of its picture, and by how many pixels
STICKING_OUT = """() => [...document.querySelectorAll("svg[role=img]")].flatMap(plot => {
  const box = plot.getBoundingClientRect();
  return [...plot.querySelectorAll("text")].map(label => {
    const at = label.getBoundingClientRect();
    const out = Math.max(box.left - at.left, at.right - box.right, box.top - at.top);
    return [label.textContent, box.width ? Math.round(out) : 0];
  }).filter(([, out]) => out > 2);
})"""


@dataclass
class Visit:
    """A page that is open, and what the browser said and asked for meanwhile."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)


OpenReport = Callable[..., Visit]


@pytest.fixture
def open_report(browser: Browser, tmp_path: Path) -> Iterator[OpenReport]:
    """open_report(report or text, **options of the browser's context): opened from its file."""
    contexts: list[BrowserContext] = []

    def open_page(content: Report | str, **options: Any) -> Visit:
        text = render(content, earlier_attempts()) if isinstance(content, Report) else content
        path = tmp_path / LATEST
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1000, "height": 800}, **options})
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.page.on("console", lambda message: visit.messages.append(message.text))
        visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
        visit.page.on("dialog", lambda dialog: visit.messages.append(f"dialog: {dialog.message}"))
        context.on("request", lambda request: visit.requested.append(request.url))
        visit.page.goto(path.as_uri(), wait_until="load")
        return visit

    yield open_page
    for context in contexts:
        context.close()


def plots(visit: Visit, kind: str) -> list[Any]:
    return [plot for plot in visit.page.locator(f"svg.{kind}").all() if plot.is_visible()]


@pytest.mark.parametrize("sample", [report(), report(bad_ratio=0.4), invalid_report()])
def test_nothing_is_fetched_and_nothing_complains(open_report: OpenReport, sample: Report) -> None:
    """The browser asks for the file alone, and its console stays empty."""
    visit = open_report(sample)
    assert [url for url in visit.requested if not url.startswith("data:")] == [visit.page.url]
    assert visit.messages == []


def test_markup_of_the_app_is_shown_and_does_not_run(open_report: OpenReport) -> None:
    """Scripts and handlers in answers, log lines and statements are text: nothing runs or loads."""
    visit = open_report(report(bad_ratio=0.4, text=HOSTILE))
    assert visit.messages == []
    assert visit.page.evaluate("[window.ran, document.scripts.length, document.images.length]") == [
        None,
        0,
        0,
    ]
    assert len(visit.requested) - sum(url.startswith("data:") for url in visit.requested) == 1
    assert "<script>window.ran = 1; alert(1)</script>" in visit.page.inner_text("main")


def test_the_policy_stops_a_script_that_got_in(open_report: OpenReport) -> None:
    """Even if markup came through, the policy in the page's head would not let it run."""
    hole = "<script>window.ran = 1</script><img src=/x onerror='window.ran = 1'>"
    visit = open_report(render(report()).replace("<main>", f"<main>{hole}"))
    assert visit.page.evaluate("document.scripts.length") == 1
    assert visit.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in visit.messages)


@pytest.mark.parametrize("width", [320, 360, 700, 1000, 1600])
def test_no_width_needs_scrolling_sideways(open_report: OpenReport, width: int) -> None:
    """From a small phone to a wide screen, everything is within the window."""
    long = replace(report(bad_ratio=0.4, text="m" * 300), title="The site is slow to load")
    for sample in (report(bad_ratio=0.4), long, OUTCOMES["broken"]):
        visit = open_report(sample, viewport={"width": width, "height": 700})
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "kind"), [(360, "narrow"), (1000, "wide")])
def test_each_screen_has_plots_of_its_size(open_report: OpenReport, width: int, kind: str) -> None:
    """A phone gets plots drawn for it, so that their letters stay as large as the text's."""
    visit = open_report(report(bad_ratio=0.4), viewport={"width": width, "height": 700})
    other = "wide" if kind == "narrow" else "narrow"
    assert len(plots(visit, kind)) == 4
    assert plots(visit, other) == []
    for plot in plots(visit, kind):
        scale = plot.evaluate(
            "svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
        )
        assert scale * 12 >= 10.5  # CSS pixels of a letter


@pytest.mark.parametrize("width", [320, 1000])
def test_no_label_stands_out_of_its_picture(open_report: OpenReport, width: int) -> None:
    """However many events there are, and however long the words beside a line."""
    late = Percentiles(12.3, 36.1, 36.1, 36.1, ("p50", "p95", "p99", "max"))
    many = replace(report(events=20_000, bad_ratio=0.5), latency_s=late)
    for sample in (report(), report(bad_ratio=0.05), many, OUTCOMES["undecided"]):
        visit = open_report(sample, viewport={"width": width, "height": 700})
        assert visit.page.evaluate(STICKING_OUT) == []
        visit.page.context.close()


def test_plots_are_there_without_javascript(open_report: OpenReport) -> None:
    """They are drawn in SVG by the grader, not by the browser."""
    visit = open_report(report(bad_ratio=0.4), java_script_enabled=False)
    drawn = plots(visit, "wide") + plots(visit, "both")
    assert len(drawn) == 4 + 2 + 4
    for plot in drawn:
        box = plot.bounding_box()
        assert box is not None
        assert box["width"] > 150
        assert box["height"] > 80


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sample", [report(), report(bad_ratio=0.4), invalid_report()])
def test_every_text_can_be_read(open_report: OpenReport, sample: Report, scheme: str) -> None:
    """Whatever is shown has a contrast of at least 4.5:1 against what is below it."""
    visit = open_report(sample, color_scheme=scheme)
    texts = visit.page.evaluate(CONTRASTS)
    assert len(texts) > 100
    assert [(text, ratio) for text, ratio in texts if ratio < 4.5] == []


def test_dark_is_dark(open_report: OpenReport) -> None:
    """The page follows the scheme of the system."""
    ground = "getComputedStyle(document.body).backgroundColor"
    light = open_report(report(), color_scheme="light").page.evaluate(ground)
    dark = open_report(report(), color_scheme="dark").page.evaluate(ground)
    assert light == "rgb(251, 250, 247)"
    assert dark == "rgb(20, 23, 27)"


def test_it_prints_in_black_on_white(open_report: OpenReport) -> None:
    """On paper it is light in every scheme, without what only a screen needs, and all there."""
    visit = open_report(report(bad_ratio=0.4), color_scheme="dark")
    visit.page.emulate_media(media="print", color_scheme="dark")
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert not visit.page.locator("nav").is_visible()
    assert len(plots(visit, "wide")) == 4
    assert not [text for text, ratio in visit.page.evaluate(CONTRASTS) if ratio < 4.5]
    assert visit.page.pdf(format="A4").startswith(b"%PDF")


def test_the_keyboard_reaches_everything(open_report: OpenReport) -> None:
    """First the way past the links, then the links, then each table that may scroll."""
    visit = open_report(report(bad_ratio=0.4))
    reached = []
    for _ in range(30):
        visit.page.keyboard.press("Tab")
        name = "document.activeElement.getAttribute('href') || document.activeElement.ariaLabel"
        reached.append(visit.page.evaluate(name))
        if len(reached) == 1:
            box = visit.page.locator(".skip").bounding_box()
            assert box is not None
            assert box["x"] >= 0
    assert reached[:3] == ["#objectives", "#objectives", "#burst"]
    assert {"The attempts as a table", "Response times of each step", "#attempts"} <= set(reached)
    visit.page.locator("nav a", has_text="Attempts").press("Enter")
    assert visit.page.url.endswith("#attempts")


@pytest.mark.parametrize(
    "point",
    [Point(6, 0.05, None), Point(6, 0.5, "slow"), Point(6, None, "timeout")],
    ids=["good", "bad", "lost"],
)
def test_a_single_event_shows_as_a_mark(open_report: OpenReport, point: Point) -> None:
    """The plot of one event differs from the same plot without its mark."""
    text = render(report_of((point,)))
    assert text.count("marker-start=") == 2  # for wide screens and for narrow ones
    with_mark = open_report(text).page.locator("svg.wide").first.screenshot()
    without = open_report(text.replace("marker-start=", "data-off=")).page
    assert without.locator("svg.wide").first.screenshot() != with_mark
