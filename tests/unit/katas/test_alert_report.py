"""Kata 04's report: the year as a picture, the incidents, the rules."""

import re

import numpy as np
import pytest

from dojo.kata.simulated import Judgement
from dojo.sections import Code, Paragraph, Picture, Section, Table, shapes_within
from katas.alerts.calendar import date_text, time_text, when_text
from katas.alerts.explain import duration, figure_text, share_text, why_it_rang, why_missed
from katas.alerts.incidents import KINDS, Incident
from katas.alerts.judgement import judge
from katas.alerts.outcomes import judge_year
from katas.alerts.years import Year, draw_years
from tests.support.alert_designs import ALL, policies

SEED = 3
TICKETS = "tickets for everything"
MISSED = "Why they were missed, in all the years"
DESIGNS = ("the book's three", "shipped", "never")


@pytest.fixture(scope="module")
def years() -> list[Year]:
    return list(draw_years(SEED, 2))


@pytest.fixture(scope="module")
def year(years: list[Year]) -> Year:
    return years[0]


def judged(name: str, year: Year) -> Judgement:
    return judge([year], policies(ALL[name][0]))


def parts(judgement: Judgement) -> dict[str, Section]:
    return {section.anchor: section for section in judgement.sections}


def tables(judgement: Judgement) -> list[Table]:
    return [part for part in parts(judgement)["unwanted"].parts if isinstance(part, Table)]


def titles(judgement: Judgement) -> list[str]:
    return [each.title for each in tables(judgement)]


def titled(title: str, judgement: Judgement) -> Table:
    """The table with that title, among what should not have been."""
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
    assert [row[:3] for row in table.rows] == [
        [date_text(each.start), time_text(each.start), each.kind.name] for each in real
    ]
    if name == "never":
        assert set(table.marks) == {"bad"}
    if name == "the book's three":
        assert set(table.marks) == {"good"}


@pytest.mark.parametrize(("title", "name"), [("pages", "shipped"), ("tickets", TICKETS)])
def test_what_was_sent_for_nothing_adds_up(title: str, name: str, years: list[Year]) -> None:
    """Each wrong one of all the years stands in one row; a kind without any has none."""
    table = titled(f"Wrong {title}, in all the years", judge(years, policies(ALL[name][0])))
    all_alerts = [judge_year(policies(ALL[name][0]), year).alerts for year in years]
    wrong = [(each.pages == (title == "pages")) & ~each.right for each in all_alerts]

    def column(place: int) -> list[int]:
        return [int(row[place].replace(",", "")) for row in table.rows]

    assert min(column(3)) > 0
    assert sum(column(3)) == sum(flags.sum() for flags in wrong)
    if title == "pages":
        at_night = [(f & a.at_night).sum() for f, a in zip(wrong, all_alerts, strict=True)]
        assert sum(column(4)) == sum(at_night)


def test_what_was_not_sent_for_nothing_has_no_table(years: list[Year]) -> None:
    """Neither the rows nor the reasons."""
    assert not [each for each in titles(judge(years, policies(ALL["never"][0]))) if "rong" in each]


def test_the_first_wrong_page_of_each_kind_is_explained(years: list[Year]) -> None:
    """With what was measured in its minute, and which year it was if not the one that is shown."""
    judgement = judge(years, policies(ALL["shipped"][0]))
    rang = [row[0] for row in titled("Wrong pages, in all the years", judgement).rows]
    rows = titled("Why they rang", judgement).rows
    assert [what.rpartition(", ")[0] for what, _ in rows] == rang
    (why,) = (why for what, why in rows if what.startswith("deploy"))
    assert re.search(r"^page-1: .*x over 5m \(.* failed; from 6x\)$", why)
    quiet = Year(years[0].total, np.zeros_like(years[0].bad), [])
    rows = titled("Why they rang", judge([quiet, years[1]], policies(ALL["shipped"][0]))).rows
    assert all(what.endswith(" of year 2") for what, _ in rows)


def test_missed_incidents_of_all_years_are_explained_by_kind(years: list[Year]) -> None:
    """With how many there were, and what they reached of each condition that should have held."""
    missed = titled(MISSED, judge(years, policies(ALL["never"][0]))).rows
    assert [what.partition(":")[0] for what, _ in missed] == [
        kind.name for kind in KINDS if kind.pace != "harmless"
    ]
    for what, _ in missed:
        count = sum(i.kind.name == what.partition(":")[0] for y in years for i in y.incidents)
        assert what.endswith(f" for {count} of {count}")
    assert all("x over 5m (needed: 1000x)" in why for _, why in missed)
    assert MISSED not in titles(judge(years, policies(ALL["the book's three"][0])))


def test_why_an_incident_was_missed() -> None:
    """What each page asked for and never got; a policy may hold in parts and never as a whole."""
    total = np.full(28 * 1440 + 1440, 100, np.int32)
    bad = np.zeros_like(total)
    start = 28 * 1440
    bad[start : start + 30] = 50
    incident = Incident(KINDS[0], start, start + 120)
    year = Year(total, bad, [incident])
    quiet = Year(total, np.zeros_like(bad), [incident])

    def why(*rows: tuple[str, float, str, str, float]) -> str:
        return why_missed([(year, incident)], policies(rows))

    assert why(("ticket", 1, "1h", "", 0)) == "no policy pages"
    text = why(("page", 14.4, "1h", "5m", 0.1), ("ticket", 900, "1d", "", 0))
    assert text.endswith(": at most 7.4% of the budget in 1h (needed: 10%)")
    assert "ticket" not in text
    text = why(("page", 101, "5m", "1h", 0.01))
    assert "at most 100x over 5m (needed: 101x), at most 50x over 1h (needed: 101x)" in text
    assert why(("page", 2, "1d", "5m", 0)).endswith("never all of them together")
    several = why_missed(
        [(year, incident), (quiet, incident)], policies([("page", 2, "1d", "5m", 0)])
    )
    assert "at most 0x over 1d (needed: 2x) in 1 of 2, " in several
    assert several.endswith("never all of them together in 1 of 2")
    several = why_missed(
        [(year, incident), (quiet, incident)], policies([("page", 0, "1h", "", 0.1)])
    )
    assert several.endswith(": at most 0% to 7.4% of the budget in 1h (needed: 10%)")


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
    assert all("Apr May Jun  Jul" in each[2] for each in lines.values())
    marks = {name: [set(line) - {" "} for line in each] for name, each in lines.items()}
    assert [{"o"}, {"t"}] == marks["the book's three"][3:5]
    assert {"!"} == marks["never"][3]
    assert [{"o"}, {"x"}] == marks["shipped"][3:5]
    assert "o a right page" not in lines["never"]
    assert all(line.strip() for each in lines.values() for line in each)


def test_an_overspent_day_has_a_sign_of_its_own(year: Year) -> None:
    """Next to nothing is left, and less than nothing is left, are two things."""
    bad = year.bad.copy()
    bad[60 * 1440 : 60 * 1440 + 300] = year.total[60 * 1440 : 60 * 1440 + 300]
    overspent = judged("never", Year(year.total, bad, year.incidents))
    assert "▼" in pictured(overspent).lines[1]
    texts = [p.text for p in parts(overspent)["year"].parts if isinstance(p, Paragraph)]
    assert "breaks its SLO" in texts[0]


@pytest.mark.parametrize(
    ("value", "limit", "text"),
    [(1.96, 2, "1.96"), (1.9999, 2, "1.9999"), (2.04, 2, "2"), (2.041, 2.04, "2.04"), (1, 2, "1")],
)
def test_a_figure_stays_on_its_side_of_a_limit(value: float, limit: float, text: str) -> None:
    """No rounding makes two sides equal, or changes them."""
    assert figure_text(value, limit) == text


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
