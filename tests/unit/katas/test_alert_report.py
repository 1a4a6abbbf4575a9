"""Kata 04's report: the year as a picture, the incidents, the rules."""

import re

import numpy as np
import pytest

from dojo.kata.simulated import Judgement
from dojo.sections import Code, Picture, Section, Table, shapes_within
from katas.alerts.calendar import when_text
from katas.alerts.explain import duration, share_text, why_it_rang, why_it_was_missed
from katas.alerts.incidents import KINDS, Incident
from katas.alerts.judgement import judge
from katas.alerts.outcomes import IncidentOutcome, judge_year
from katas.alerts.years import Year, draw_years
from tests.support.alert_designs import ALL, policies

SEED = 3
DESIGNS = ("the book's three", "shipped", "never")


@pytest.fixture(scope="module")
def year() -> Year:
    return next(draw_years(SEED, 1))


def judged(name: str, year: Year) -> Judgement:
    return judge([year], policies(ALL[name][0]))


def parts(judgement: Judgement) -> dict[str, Section]:
    return {section.anchor: section for section in judgement.sections}


def tables(judgement: Judgement) -> list[Table]:
    return [part for part in parts(judgement)["incidents"].parts if isinstance(part, Table)]


def titles(judgement: Judgement) -> list[str]:
    return [each.title for each in tables(judgement)]


def titled(title: str, judgement: Judgement) -> Table:
    """The table with that title, among the incidents."""
    (table,) = (each for each in tables(judgement) if each.title == title)
    return table


def pictured(judgement: Judgement) -> Picture:
    (picture,) = (p for p in parts(judgement)["year"].parts if isinstance(p, Picture))
    return picture


@pytest.mark.parametrize("name", DESIGNS)
def test_every_incident_that_mattered_is_a_row(name: str, year: Year) -> None:
    """In the order of time, with what it cost; missed ones are marked as bad."""
    table = parts(judged(name, year))["incidents"].parts[0]
    assert isinstance(table, Table)
    real = [each for each in year.incidents if each.kind.pace != "harmless"]
    assert [row[:2] for row in table.rows] == [
        [when_text(each.start), each.kind.name] for each in real
    ]
    if name == "never":
        assert set(table.marks) == {"bad"}
    if name == "the book's three":
        assert set(table.marks) == {"good"}


@pytest.mark.parametrize("name", DESIGNS)
def test_pages_for_anything_else_add_up(name: str, year: Year) -> None:
    """Each wrong page of the year stands in one row of the table."""
    table = titled("Wrong pages", judged(name, year))
    alerts = judge_year(policies(ALL[name][0]), year).alerts
    wrong = alerts.pages & ~alerts.right
    assert sum(int(row[3].replace(",", "")) for row in table.rows) == wrong.sum()
    at_night = wrong & alerts.at_night
    assert sum(int(row[4].replace(",", "")) for row in table.rows) == at_night.sum()


def test_the_first_wrong_page_of_each_kind_is_explained(year: Year) -> None:
    """With what was measured in its minute; what never rang needs no reason."""
    judgement = judged("shipped", year)
    rang = [row[0] for row in titled("Wrong pages", judgement).rows if row[3] != "0"]
    rows = titled("Why they rang", judgement).rows
    assert [what.rpartition(", ")[0] for what, _ in rows] == rang
    (why,) = (why for what, why in rows if what.startswith("deploy"))
    assert re.search(r"^page-1: .*x over 5m \(.* failed; from 6x\)$", why)
    assert "Why they rang" not in titles(judged("never", year))


def test_the_first_missed_incident_of_each_kind_is_explained(year: Year) -> None:
    """With the conditions that it never reached, of the policies that should have rung."""
    missed = titled("Why they were missed: the first of each kind", judged("never", year)).rows
    assert [what.partition(",")[0] for what, _ in missed] == list(
        dict.fromkeys(e.kind.name for e in year.incidents if e.kind.pace != "harmless")
    )
    assert all("x over 5m (needed: 1000x)" in why for _, why in missed)
    assert "Why they were missed: the first of each kind" not in titles(
        judged("the book's three", year)
    )


def test_why_an_incident_was_missed() -> None:
    """What each page asked for and never got; a policy may hold in parts and never as a whole."""
    total = np.full(28 * 1440 + 1440, 100, np.int32)
    bad = np.zeros_like(total)
    start = 28 * 1440
    bad[start : start + 30] = 50
    incident = Incident(KINDS[0], start, start + 120)
    year = Year(total, bad, [incident])
    outcome = IncidentOutcome(incident, 0.07, None, None, None, None, None)

    def why(*rows: tuple[str, float, str, str, float]) -> str:
        return why_it_was_missed(outcome, policies(rows), year)

    assert why(("ticket", 1, "1h", "", 0)) == "no policy pages"
    text = why(("page", 14.4, "1h", "5m", 0.1), ("ticket", 900, "1d", "", 0))
    assert text.endswith(": at most 7.4% of the budget in 1h (needed: 10%)")
    assert "ticket" not in text
    text = why(("page", 101, "5m", "1h", 0.01))
    assert "at most 100x over 5m (needed: 101x), at most 50x over 1h (needed: 101x)" in text
    assert why(("page", 2, "1d", "5m", 0)).endswith("never all of them together")


@pytest.mark.parametrize("name", DESIGNS)
def test_the_picture_shows_every_incident(name: str, year: Year) -> None:
    """One can point at each, and read why it rang or that nobody heard of it."""
    picture = pictured(judged(name, year))
    real = [each for each in year.incidents if each.kind.pace != "harmless"]
    for drawing in (picture.wide, picture.narrow):
        assert drawing is not None
        shapes = list(shapes_within(drawing))
        titles = {each.title for each in shapes if each.title}
        for incident in real:
            (text,) = (
                t
                for t in titles
                if t.startswith(incident.kind.name.capitalize()) and when_text(incident.start) in t
            )
            assert ("Nobody heard of it" in text) == (name == "never")
        rings = [each for each in shapes if ("class", "hollow") in each.attributes]
        assert bool(rings) == (name == "never")
        crosses = [each for each in shapes if ("class", "crosses") in each.attributes]
        assert bool(crosses) == (name == "shipped") or name == "the book's three"


@pytest.mark.parametrize("name", DESIGNS)
def test_no_shape_is_beyond_the_paper(name: str, year: Year) -> None:
    """Each point and each corner is on the drawing."""
    picture = pictured(judged(name, year))
    for drawing in (picture.wide, picture.narrow):
        assert drawing is not None
        for each in shapes_within(drawing):
            values = dict(each.attributes)
            for key in ("x", "x1", "x2", "cx"):
                assert 0 <= float(values.get(key, 0)) <= drawing.width, each
            for key in ("y", "y1", "y2", "cy"):
                assert 0 <= float(values.get(key, 0)) <= drawing.height, each
            for point in values.get("points", "").split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= drawing.width
                assert 0 <= y <= drawing.height


def test_the_terminal_has_a_column_for_each_week(year: Year) -> None:
    """Wrong pages, right ones, and incidents missed."""
    lines = {name: pictured(judged(name, year)).lines for name in DESIGNS}
    assert {len(each[1]) for each in lines.values()} == {52}
    assert set(lines["the book's three"][2]) == {"o", " "}
    assert "!" in lines["never"][2]
    assert set(lines["shipped"][2]) == {"x"}


def test_the_rules_are_those_of_the_export(year: Year) -> None:
    """As YAML, an alert for each policy."""
    (code,) = parts(judged("the book's three", year))["rules"].parts
    assert isinstance(code, Code)
    assert code.text.count("- alert: ") == 3
    assert 'slo:bad_events:ratio1h{kata="shop",slo="requests-succeed"} >= 0.072' in code.text


def test_why_it_rang_has_what_was_measured() -> None:
    """Burn rates with their counts, and the share of the budget, each with its bound."""
    total = np.full(28 * 1440 + 1440, 100, np.int32)
    bad = np.zeros_like(total)
    bad[-60:] = 50
    year = Year(total, bad, [])
    (policy, *_) = policies(ALL["the book's three"][0])
    assert why_it_rang(policy, year, len(total) - 1) == (
        "100x over 1h (3,000 of 6,000 failed; from 14.4x);"
        " 100x over 5m (250 of 500 failed; from 14.4x);"
        " 15% of the budget in 1h (from 2%)"
    )


def test_details_say_what_was_bad(year: Year) -> None:
    """One sentence about the bad ones, none where there are none."""
    measures = judged("shipped", year).measures
    assert "for a slow one, for which a ticket is enough" in measures["precision"].detail
    assert "a month" in measures["nights"].detail
    assert measures["tickets"].detail == "No ticket was opened."
    assert measures["recall"].detail == ""


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(12, "12m"), (60, "1h"), (75, "1h15m"), (1450, "24h10m"), (2880, "2d"), (3000, "2d2h")],
)
def test_durations(minutes: int, text: str) -> None:
    """As short as they can be read."""
    assert duration(minutes) == text


@pytest.mark.parametrize(
    ("share", "text"), [(None, "-"), (0.004, "0.4%"), (0.036, "3.6%"), (0.43, "43%")]
)
def test_shares(share: float | None, text: str) -> None:
    """Two digits."""
    assert share_text(share) == text
