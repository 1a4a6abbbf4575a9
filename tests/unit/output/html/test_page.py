"""The report as a page: what it says, and what it never lets through."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dojo.burst_figures import SegmentSli
from dojo.earlier_attempt import EarlierAttempt
from dojo.output.figures import burn_rate
from dojo.output.html.page import render
from dojo.report import Report
from tests.support.random_reports import attempts, reports
from tests.support.sample_reports import HOSTILE, earlier_attempts, invalid_report, report

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """A page, read strictly: every element is closed, by its own tag and in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, names)
        self.tags.append(tag)
        self.attributes.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_verdict_comes_first_and_the_facts_follow() -> None:
    """Verdict, objectives and measurement, good and total, and the formulas are on the page."""
    sample = report(bad_ratio=0.3)
    page = Page(render(sample))
    first = sample.objectives[0]
    assert page.tags.count("h1") == 1
    at = [
        page.text.find(text) for text in ("Not met", "objectives are not met", "SLI = good / total")
    ]
    assert -1 not in at
    assert at == sorted(at)
    assert f"{first.good:,} / {first.total:,}" in page.text
    assert burn_rate(first.burn_rate) in page.text
    for fact in ("SELECT column", "KeyError", "pages_fresh", "timeout", "--plan-seed 7"):
        assert fact in page.text


def test_segments_are_shown_beside_the_total() -> None:
    """Good and total and the SLI of each; an invalid run shows none."""
    segments = (SegmentSli(f"old {HOSTILE}", 0, 134), SegmentSli("new", 77, 77))
    page = Page(render(replace(report(), segments=segments)))
    text = " ".join(page.text.split())
    assert "By segment: a total hides its parts" in text
    assert "0 / 1340.0%" in text
    assert "77 / 77100.0%" in text
    assert "By segment" not in Page(render(replace(invalid_report(), segments=segments))).text


def test_an_invalid_run_says_so_first() -> None:
    """It has a page as well, which begins with why it says nothing about the app."""
    page = Page(render(invalid_report()))
    at = page.text.find("This run says nothing about the app")
    reason = page.text.find("more than 25 ms late")
    assert 0 < at < reason < page.text.find("The objectives, and what")


def test_earlier_attempts_stand_beside_this_one() -> None:
    """Each earlier attempt is a row, and this one is the first of them."""
    page = Page(render(replace(report(), number=4), earlier_attempts()))
    assert re.search(r"attempt 1: 25\.0%.*attempt 4: 100\.0%", page.text)
    assert "The next one will be compared with it" not in page.text
    assert "The next one will be compared with it" in Page(render(report())).text


def test_an_invalid_run_is_not_compared_with_earlier_ones() -> None:
    """Its figures say nothing, so they are in no comparison."""
    sample = replace(invalid_report(), number=4)
    assert "attempt 4:" not in Page(render(sample, earlier_attempts())).text


@pytest.mark.parametrize("bad_ratio", [0.0, 0.4])
def test_what_comes_from_the_app_is_text(bad_ratio: float) -> None:
    """Markup in titles, answers, log lines and statements adds no element and no attribute."""
    harmless, hostile = "x" * len(HOSTILE), HOSTILE
    pages = [Page(render(report(200, bad_ratio, text=sample))) for sample in (harmless, hostile)]
    assert pages[1].tags == pages[0].tags
    assert [sorted(names) for _, names in pages[1].attributes] == [
        sorted(names) for _, names in pages[0].attributes
    ]
    assert "script" not in pages[1].tags
    assert "img" not in pages[1].tags
    assert "window.ran = 1; alert(1)" in pages[1].text


def test_the_policy_allows_its_own_style_and_nothing_else() -> None:
    """No script, no frame, no font, no address: the page could not call anybody."""
    page = Page(render(report()))
    policy = next(
        names["content"]
        for tag, names in page.attributes
        if tag == "meta" and names.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["style-src"].startswith("'sha256-")
    assert set(rules) == {"default-src", "style-src", "img-src", "base-uri", "form-action"}
    assert rules["img-src"] == "data:"
    for _, names in page.attributes:
        assert not [name for name in names if name.startswith("on") or name in ("style", "src")]
        assert names.get("href", "#").startswith(("#", "data:", "attempt-"))


def test_headings_are_in_order_and_plots_have_words() -> None:
    """No level is left out; every picture has a title and a description, or is decoration."""
    text = render(report(bad_ratio=0.3), earlier_attempts())
    page = Page(text)
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [names["id"] for _, names in page.attributes if "id" in names]
    assert len(ids) == len(set(ids))
    pictures = [names for tag, names in page.attributes if tag == "svg"]
    plots = [names for names in pictures if names.get("role") == "img"]
    assert len(plots) >= 12
    assert all("aria-hidden" in names for names in pictures if names not in plots)
    for names in plots:
        for reference in names["aria-labelledby"].split():
            words = re.search(rf'<(title|desc) id="{reference}">([^<]+)<', text)
            assert words, reference
    links = [names["href"] for tag, names in page.attributes if tag == "a"]
    inner = {link.removeprefix("#") for link in links if link.startswith("#")}
    assert inner <= set(ids)
    assert set(links) - {f"#{each}" for each in inner} == {
        f"attempt-{number:04d}.html" for number in (1, 2)
    }
    assert 'lang="en"' in text


@pytest.mark.parametrize(("events", "bad_ratio"), [(1000, 0.0), (1000, 0.9), (10_000, 0.5)])
def test_a_page_is_under_300_kb(events: int, bad_ratio: float) -> None:
    """However many events there were, and however long the app's log lines are."""
    sample = report(events, bad_ratio, text=" long" * 2000)
    ours = {"title": "T", "event": "loads", "next_steps": (), "environment": {}}
    sample = replace(sample, **ours)  # type: ignore[arg-type]
    assert len(render(sample, earlier_attempts(30)).encode()) < 300_000


@settings(max_examples=60)
@given(reports, st.lists(attempts, max_size=4))
def test_any_report_is_a_whole_page(sample: Report, earlier: list[EarlierAttempt]) -> None:
    """Whatever was measured, the page is well formed, can be written, and shows every objective."""
    text = render(sample, earlier)
    assert text.encode()
    assert not re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text)
    assert "nan" not in " ".join(re.findall(r' d="([^"]*)"', text))
    page = Page(text)
    assert page.tags.count("article") == len(sample.objectives)
    for objective in sample.objectives:
        assert f"{objective.good:,} / {objective.total:,}" in page.text
