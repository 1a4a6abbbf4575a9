"""The report of a simulated kata as a page."""

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from dojo.earlier_attempt import EarlierAttempt
from dojo.output.html.simulated_page import render
from tests.support.sample_simulated import MET, NOT_MET, REFUSED, SIMULATED_OUTCOMES, UNDECIDED

VOID = {"meta", "link", "br"}
EARLIER = (EarlierAttempt(2, "not_met", {"precision": 0.25}, None, None),)


class Tags(HTMLParser):
    """Checks that tags are closed in their order, and notes names, ids and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags


@pytest.mark.parametrize("outcome", SIMULATED_OUTCOMES)
def test_the_page_is_well_formed_and_runs_nothing(outcome: str) -> None:
    """Whatever a file or a kata holds is text; every link within the page arrives."""
    html = render(SIMULATED_OUTCOMES[outcome], EARLIER)
    tags = parsed(html)
    assert "script" not in tags.names
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert "style" not in tags.attributes
    assert len(tags.ids) == len(set(tags.ids))
    assert {link.removeprefix("#") for link in tags.links if link.startswith("#")} <= set(tags.ids)
    assert "\x1b" not in html


def test_it_shows_each_measure_and_what_was_counted() -> None:
    """Ratio, counts, what green allows, and in words what is good."""
    html = render(NOT_MET)
    for words in ("38.3%", "80 / 209", "80 / 209</b> good, target 90%", "Good: right pages."):
        assert words in html
    assert "129 pages were for none." in html
    assert "19 of 209 bad; green allows 8; red begins at 3" in render(UNDECIDED)


def test_the_sections_of_the_kata_stand_between_measures_and_checks() -> None:
    """With a note in the margin, whole tables, code and pictures."""
    html = render(MET)
    order = [html.index(f'id="{each}"') for each in ("measures", "incidents", "checks", "attempts")]
    assert order == sorted(order)
    assert html.count("outage of 12 minutes") == 8
    assert "A page is right if an incident is under way." in html
    assert "on the page alone" in html


def test_a_picture_is_svg_for_wide_screens_and_for_narrow_ones() -> None:
    """What one reads when pointing at a mark is a title; text is escaped."""
    html = render(MET)
    wide = html[html.index('<svg class="wide"') : html.index("</svg>") + 6]
    root = ET.fromstring(wide)
    rect = root.find("./g/rect")
    assert rect is not None
    assert rect.attrib == {"x": "1", "width": "2.5", "class": "wash"}
    title = rect.find("title")
    assert title is not None
    assert (title.text or "").startswith("</title><script>")
    assert '<svg class="narrow" viewBox="0 0 340 40"' in html


def test_a_refused_file_is_shown_without_measures() -> None:
    """Its place, the reason, and the line with a mark at the column."""
    html = render(REFUSED)
    assert "app/ops/alerts.yaml:12:9: value must be" in html
    assert "12 |   value: &lt;/title&gt;" in html
    assert 'id="measures"' not in html


def test_earlier_attempts_stand_in_a_table() -> None:
    """The newest first; the first attempt says that there is none."""
    assert "25.0%" in render(MET, EARLIER)
    assert "This is the first attempt." in render(MET)
