"""The report of kata 05, for SLIs of every sort, the odd ones too."""

import re
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.sli_candidates import BEST, CANDIDATES, SHIPPED, WRONG, Candidate
from dojo import Code, Judgement, Paragraph, Picture, Table
from katas.sli.calendar_of_years import CALM, INCIDENTS
from katas.sli.design import Slo
from katas.sli.findings import findings_of
from katas.sli.judgement import judgement_of
from katas.sli.judging import Counted
from katas.sli.shop_traffic import YEAR_DAYS, YEARS
from katas.sli.years import Years, draw

ODD = {
    "nothing counted": (np.zeros, np.zeros),
    "everything bad": (np.zeros, np.ones),
    "everything good": (np.ones, np.ones),
}


@pytest.fixture(scope="module")
def years() -> Years:
    return draw(23)


def judgement(years: Years, candidate: Candidate) -> Judgement:
    return judgement_of(findings_of(years, candidate.count(years), candidate.slo))


def reasons(shown: Judgement) -> dict[str, tuple[str, ...]]:
    """The rows of the tables of kinds, by kind."""
    (section,) = [each for each in shown.sections if each.anchor == "kinds"]
    tables = [part for part in section.parts if isinstance(part, Table) and part.marks]
    kinds = [*INCIDENTS, *CALM]
    rows = [tuple(row) for table in tables for row in table.rows]
    return dict(zip(kinds, rows, strict=True))


def test_the_shipped_sli_is_told_why_it_misses(years: Years) -> None:
    """Not in the log, counted as good, or spread too thin: each kind has its reason."""
    rows = reasons(judgement(years, SHIPPED))
    assert rows["lost"][3].startswith("not counted, or not in the log")
    assert rows["slow"][3] == "counted as good: full page in 1 to 3 s"
    assert rows["empty"][3] == "counted as good: empty page, with 200"
    assert rows["errors"][1] == "120 / 120"
    assert rows["trade"][3].startswith("spread too thin: still 99.9")


def test_too_many_bad_events_asked_for_is_a_reason(years: Years) -> None:
    """A group below target of which nothing is said."""
    rows = reasons(judgement(years, replace(BEST, slo=Slo(0.995, 40))))
    assert "but usually 14 bad events of " in rows["trade"][3]
    assert rows["trade"][3].endswith("; min_bad_events is 40")


def test_the_group_that_shows_it_best_is_named(years: Years) -> None:
    """The small group for its own trouble, all of them for what everybody met."""
    rows = reasons(judgement(years, BEST))
    assert rows["lost"][3] == "below your target; lowest: all requests together"
    for kind, group in (("home", "home"), ("empty", "search")):
        assert rows[kind][3] == f"below your target; lowest: group {group}"


def test_a_loud_calm_day_has_its_group_and_what_is_bad_in_it(years: Years) -> None:
    """Whom to look at, and which requests."""
    (left_bad,) = [each for each in CANDIDATES["wrong"] if each.name == "those who left bad"]
    rows = reasons(judgement(years, left_bad))
    assert "; commonest: person, 499: the visitor left" in rows["visitors leave"][3]


def test_few_bad_events_are_said_to_be_few(years: Years) -> None:
    """A checkout that failed by itself: one event, in the singular."""
    rows = reasons(judgement(years, replace(BEST, slo=Slo(0.995, 1))))
    reason = rows["ordinary"][3]
    assert reason.startswith("group checkout, usually 1 bad event of ")
    assert reason.endswith("%); commonest: person, 5xx from the app")


def test_other_numbers_of_bad_events_are_shown(years: Years) -> None:
    """One, half, yours, twice and four times as many."""
    (section,) = [each for each in judgement(years, BEST).sections if each.anchor == "bad-events"]
    (table,) = [part for part in section.parts if isinstance(part, Table)]
    assert [row[:2] for row in table.rows] == [
        ("1", ""),
        ("3", ""),
        ("6", "yours"),
        ("12", ""),
        ("24", ""),
    ]


def test_one_nine_lower_and_higher_are_shown(years: Years) -> None:
    """Around the learner's target, each with what it would see and spend."""
    (section,) = [each for each in judgement(years, BEST).sections if each.anchor == "nines"]
    (table,) = [part for part in section.parts if isinstance(part, Table)]
    assert [row[0] for row in table.rows] == ["95%", "99.5%", "99.95%"]


@pytest.mark.parametrize(
    ("name", "target"),
    [("nothing counted", 0.3), ("everything bad", 0.99999999), ("everything good", 0.0)],
)
def test_an_odd_sli_has_a_report_too(years: Years, name: str, target: float) -> None:
    """No figure and no picture of it breaks, whatever its numbers are."""
    good, total = (make((2, YEARS, YEAR_DAYS)) for make in ODD[name])
    counted = Counted(((None, None), ("trade", "checkout")), good, total)
    shown = judgement_of(findings_of(years, counted, Slo(target, 1)))
    assert {measure.total for measure in shown.measures.values()} == {120, 840, 6440, 260, 20}


def test_pictures_say_in_words_what_they_show(years: Years) -> None:
    """For who can't see them."""
    shown = judgement(years, CANDIDATES["honest"][0])
    pictures = [
        part for section in shown.sections for part in section.parts if isinstance(part, Picture)
    ]
    assert len(pictures) == 3
    assert "Of 840 incidents 8" in pictures[0].alt
    assert "A usual month spends" in pictures[2].alt


def test_a_few_days_that_came_out_wrong_are_counted(years: Years) -> None:
    """The reason beside a kind that is met is about those few, and says how many they are."""
    kinds = reasons(judgement(years, replace(BEST, slo=Slo(0.995, 9))))
    partly = [row for row in kinds.values() if not row[1].startswith("120 / ") and row[3]]
    assert any(re.match(r"the \d+ (missed|that (is|are) not): ", row[3]) for row in partly)


def test_the_day_to_look_at_is_of_the_kind_that_is_farthest_from_enough(years: Years) -> None:
    """Not of a kind that is met but for a day."""
    (no_routes,) = [each for each in WRONG if each.name == "without: routes"]
    section = next(each for each in judgement(years, no_routes).sections if each.anchor == "kinds")
    code = next(part for part in section.parts if isinstance(part, Code))
    assert code.title == "Look at such a day yourself (checkout, missed)"


def test_the_level_of_an_ordinary_day_is_told(years: Years) -> None:
    """Beside the budget, and of what most of its bad events are."""
    (partner,) = [each for each in WRONG if each.name == "without: who counts (the partner in)"]
    section = next(
        each for each in judgement(years, partner).sections if each.anchor == "what-counts"
    )
    text = " ".join(part.text for part in section.parts if isinstance(part, Paragraph))
    assert re.search(r"On an ordinary day \d\.\d\d% of your events are bad; your budget is", text)
    assert "Most of them: partner, full page in 1 to 3 s." in text


def test_other_targets_are_shown_after_green_alone(years: Years) -> None:
    """Each with its verdict, and how many months would spend all; yours is marked."""
    shown = {each.anchor: each for each in judgement(years, BEST).sections}
    (table,) = [part for part in shown["targets"].parts if isinstance(part, Table)]
    verdicts = {row[0]: row[1] for row in table.rows}
    assert verdicts["99.5%, yours"] == "green"
    assert verdicts["95%"].startswith("red: sees-")
    assert verdicts["99.95%"] == "red: quiet"
    assert "targets" not in {each.anchor for each in judgement(years, SHIPPED).sections}
