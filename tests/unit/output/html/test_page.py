"""The report as a page: what it says, and what it never lets through."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dojo.load.sample import Cause
from dojo.output.html.page import render, style
from dojo.output.html.words import clean, conclusion, times
from dojo.report import (
    Attempt,
    BadExample,
    CheckResult,
    ErrorGroup,
    Lateness,
    ObjectiveResult,
    Percentiles,
    Point,
    Report,
    StatementCost,
    StepTime,
    WhereTimeWent,
)
from tests.support.sample_reports import (
    HOSTILE,
    earlier_attempts,
    invalid_report,
    objective,
    report,
    report_of,
)

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
    """Verdict, promise and measurement, good and total, and the formulas are on the page."""
    told = report(bad_ratio=0.3)
    page = Page(render(told))
    first = told.objectives[0]
    assert page.tags.count("h1") == 1
    at = [page.text.find(text) for text in ("Not met", "Promised: 99%", "SLI = good / total")]
    assert -1 not in at
    assert at == sorted(at)
    assert f"{first.good:,} / {first.total:,}" in page.text
    assert times(first.burn_rate) in page.text
    for fact in ("SELECT column", "KeyError", "pages_fresh", "timeout", "--plan-seed 7"):
        assert fact in page.text


def test_an_invalid_run_says_so_first() -> None:
    """It has a page as well, which begins with why it says nothing about the app."""
    page = Page(render(invalid_report()))
    told = page.text.find("This run says nothing about the app")
    reason = page.text.find("more than 25 ms late")
    assert 0 < told < reason < page.text.find("What was promised")


def test_earlier_attempts_stand_beside_this_one() -> None:
    """Each earlier attempt is a row, and this one is the first of them."""
    page = Page(render(replace(report(), number=4), earlier_attempts()))
    assert re.search(r"attempt 1: 25\.0%.*attempt 4: 100\.0%", page.text)
    assert "The next will be held beside it" not in page.text
    assert "The next will be held beside it" in Page(render(report())).text


def test_an_invalid_run_is_not_held_beside_earlier_ones() -> None:
    """Its figures say nothing, so they are in no comparison."""
    told = replace(invalid_report(), number=4)
    assert "attempt 4:" not in Page(render(told, earlier_attempts())).text


@pytest.mark.parametrize("bad_ratio", [0.0, 0.4])
def test_what_comes_from_the_app_is_text(bad_ratio: float) -> None:
    """Markup in titles, answers, log lines and statements adds no element and no attribute."""
    harmless, hostile = "x" * len(HOSTILE), HOSTILE
    pages = [Page(render(report(200, bad_ratio, told=told))) for told in (harmless, hostile)]
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
        assert names.get("href", "#").startswith(("#", "data:"))


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
    shown = [names for names in pictures if names.get("role") == "img"]
    assert len(shown) >= 12
    assert all("aria-hidden" in names for names in pictures if names not in shown)
    for names in shown:
        for reference in names["aria-labelledby"].split():
            words = re.search(rf'<(title|desc) id="{reference}">([^<]+)<', text)
            assert words, reference
    links = [names["href"] for tag, names in page.attributes if tag == "a"]
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert 'lang="en"' in text


@pytest.mark.parametrize(("events", "bad_ratio"), [(1000, 0.0), (1000, 0.9), (10_000, 0.5)])
def test_a_page_is_under_300_kb(events: int, bad_ratio: float) -> None:
    """However many events there were, and however long the app's log lines are."""
    told = report(events, bad_ratio, told=" long" * 2000)
    told = replace(told, title="T", event="loads", next_steps=(), environment={})  # not the app's
    assert len(render(told, earlier_attempts(30)).encode()) < 300_000


def luminance(color: str) -> float:
    """Relative luminance by WCAG 2.2, of a color as #rrggbb."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_defined() -> None:
    """Black on white is 21; the grey that is known to just pass does so."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_text_color_is_readable_in_every_scheme() -> None:
    """At least 4.5:1 on each ground that it stands on: light, dark, and on paper."""
    schemes = re.findall(r":root \{([^}]+)\}", style())
    assert len(schemes) == 3
    for scheme in schemes:
        color = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", scheme))
        for ink in ("ink", "soft", "good", "bad", "doubt"):
            for ground in ("paper", "card"):
                assert contrast(color[ink], color[ground]) >= 4.5, (ink, ground, scheme)
        for fill in ("good", "bad", "doubt"):
            assert contrast(color["on-fill"], color[fill]) >= 4.5, (fill, scheme)


def test_control_characters_are_taken_out() -> None:
    """Colors of a terminal, zeros, halves of pairs and marks that turn text round are no text."""
    assert clean("a\x1b[31mb\x00c\ud800d\u202ee\tf\n") == "a b c d e\tf\n"


def test_the_conclusion_names_the_worst_objective_and_the_failed_checks() -> None:
    """A sentence says what was promised, what came, and which checks failed."""
    told = conclusion(report(bad_ratio=0.3))
    assert told.startswith("Promised: 99% of page loads within 300 ms. Measured: ")
    assert told.endswith("The site no longer does its job: pages_fresh.")
    assert conclusion(report()) == "Every objective is met, and the site still does its job."
    near = objective(tuple(Point(n, 0.01 if n else 9, None) for n in range(40)), 0.95, 0.1)
    assert "within noise" in conclusion(replace(report(bad_ratio=0.3), objectives=(near,)))
    assert "Nothing was measured" in conclusion(report_of(()))


texts = st.text(st.characters(exclude_categories=()), max_size=30)
counts = st.integers(0, 10**6)
floats_s = st.one_of(st.just(0.0), st.floats(1e-6, 1e5))
perhaps_s = st.none() | floats_s
percents = st.builds(Percentiles, floats_s, floats_s, floats_s, floats_s)
causes = st.sampled_from([str(cause) for cause in Cause]) | texts
lines = st.lists(texts, max_size=3).map(tuple)
ratios = st.floats(0, 1)


@st.composite
def objectives(draw: st.DrawFn) -> ObjectiveResult:
    total = draw(counts)
    return ObjectiveResult(
        name=draw(texts),
        target=draw(st.floats(0.01, 0.99999)),
        threshold_s=draw(st.none() | st.floats(1e-3, 100)),
        good=draw(st.integers(0, total)),
        total=total,
        verdict=draw(st.sampled_from(["met", "not_met", "inconclusive"])),
        interval=(draw(ratios), draw(ratios)),
    )


def some(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=3).map(tuple)


reports = st.builds(
    Report,
    *(texts, texts, texts, st.sampled_from(["met", "not_met", "invalid"]), texts, counts, counts),
    *(floats_s, floats_s, floats_s, some(objectives())),
    some(st.builds(CheckResult, texts, st.booleans(), texts)),
    st.dictionaries(causes, counts, max_size=4),
    st.none() | percents,
    points=st.lists(st.builds(Point, floats_s, perhaps_s, st.none() | causes), max_size=40).map(
        tuple
    ),
    examples=some(
        st.builds(BadExample, causes, counts, texts, st.none() | counts, texts, texts, lines)
    ),
    error_groups=some(
        st.builds(
            *(ErrorGroup, causes, texts, st.none() | counts, texts, texts, counts, texts, lines)
        )
    ),
    steps=some(st.builds(StepTime, texts, counts, counts, st.none() | percents)),
    where=st.builds(
        WhereTimeWent,
        perhaps_s,
        some(st.builds(StatementCost, texts, counts, floats_s, floats_s, counts)),
        *(perhaps_s, st.none() | counts, st.none() | counts, perhaps_s),
    ),
    service_time_s=perhaps_s,
    lateness=st.none() | st.builds(Lateness, floats_s, floats_s, floats_s, counts, counts),
    invalid_because=lines,
    timings_s=st.dictionaries(texts, floats_s, max_size=3),
    environment=st.dictionaries(st.sampled_from(["postgres", "python", "cpus"]), texts, max_size=3),
    previous=st.none(),
    next_steps=lines,
)
attempts = st.builds(
    Attempt,
    *(counts, texts, st.dictionaries(texts, ratios, max_size=3), st.none() | percents),
    *(perhaps_s, perhaps_s),
)


@settings(max_examples=60)
@given(reports, st.lists(attempts, max_size=4))
def test_any_report_is_a_whole_page(told: Report, earlier: list[Attempt]) -> None:
    """Whatever was measured, the page is well formed, can be written, and shows every objective."""
    text = render(told, earlier)
    assert text.encode()
    assert not re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text)
    assert "nan" not in " ".join(re.findall(r' d="([^"]*)"', text))
    page = Page(text)
    assert page.tags.count("article") == len(told.objectives)
    for one in told.objectives:
        assert f"{one.good:,} / {one.total:,}" in page.text
