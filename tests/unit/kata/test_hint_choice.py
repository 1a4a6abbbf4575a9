"""Which hint comes next."""

import json
from pathlib import Path
from typing import Any

import pytest

from dojo.kata.hint_book import HintBook, parse_hints, sections_of
from dojo.kata.hint_choice import EXPLANATION, Hint, cause_count, choose, text_of
from tests.support.project import ROOT

TEXT = "## General: all\nLook.\n\n" + "".join(
    f"## Cause: {name}\nfault: {name}\nwhen: {figure} > 3\n"
    f"### Nudge\n{name} 1\n### Pointer\n{name} 2\n### Almost there\n{name} 3\n"
    for name, figure in (("pool", "pool_waits"), ("many", "statements_per_event"))
)
BOOK = parse_hints(TEXT + "## Also: other\nRead.\n")
RECORDED = sorted((ROOT / "katas").glob("*/.meta/recorded.json"))


def report(pool_waits: int = 0, statements_per_event: int = 0) -> dict[str, Any]:
    """A report with these figures."""
    return {"where": {"pool_waits": pool_waits, "statements_per_event": statements_per_event}}


def answered(facts: dict[str, Any], answers: int, events: int) -> dict[str, Any]:
    """The report, of a burst of so many events."""
    points = [(0.0, 0.1 if place < answers else None, None) for place in range(events)]
    return {**facts, "points": points}


def all_hints(book: HintBook, reports: list[dict[str, Any]]) -> list[Hint]:
    """What a learner gets who asks until nothing comes."""
    given: list[Hint] = []
    while (hint := choose(book, given, reports)) is not None:
        assert hint not in given
        given.append(hint)
    return given


def test_before_any_run_there_are_only_general_hints() -> None:
    """Everything else answers to a report."""
    assert all_hints(BOOK, []) == [Hint("all")]


def test_hints_go_from_general_to_the_explanation() -> None:
    """Cause by cause in the book's order, the explanation last; then what else there is."""
    depths = ("Nudge", "Pointer", "Almost there", EXPLANATION)
    assert all_hints(BOOK, [report(9, 9)]) == [
        Hint("all"),
        *(Hint("pool", depth) for depth in depths),
        *(Hint("many", depth) for depth in depths),
        Hint("other"),
    ]


def test_a_general_hint_with_a_rule_waits_for_a_report_that_fits() -> None:
    """Then it comes before the causes."""
    book = parse_hints("## General: asks\nwhen: pool_waits > 5\nLook.\n\n" + TEXT)
    assert all_hints(book, []) == [Hint("all")]
    assert choose(book, [Hint("all")], [report(4)]) == Hint("pool", "Nudge")
    assert choose(book, [Hint("all")], [report(9)]) == Hint("asks")


def test_the_last_report_decides() -> None:
    """A cause that is gone is hinted at no more, however many of its hints are left."""
    given = [Hint("all"), Hint("pool", "Nudge")]
    assert choose(BOOK, given, [report(9, 9)]) == Hint("pool", "Pointer")
    assert choose(BOOK, given, [report(9, 9), report(0, 9)]) == Hint("many", "Nudge")
    assert choose(BOOK, given, [report(9, 9), report(0, 9), report(9, 0)]) == Hint(
        "pool", "Pointer"
    )
    assert choose(BOOK, given, [report()]) == Hint("other")


def test_how_many_causes_there_are_is_said_once_one_is_gone() -> None:
    """Before that the number would be a part of the puzzle given away."""
    assert cause_count(BOOK, []) == ""
    assert cause_count(BOOK, [report(9, 9)]) == ""
    assert cause_count(BOOK, [report(9), report(9, 9)]) == ""
    sentence = cause_count(BOOK, [report(9), report(0, 9)])
    assert "are about 2 causes" in sentence
    assert "Signs of 1 of them were in an earlier report" in sentence
    assert "Signs of 2 " in cause_count(BOOK, [report(9), report(0, 9), report()])


def test_a_cause_is_not_gone_where_nobody_is_answered() -> None:
    """A wrong turn after which the site answers fewer empties the signs of what is still there."""
    first = answered(report(0, 9), 20, 246)
    forty_connections = answered(report(0, 1), 2, 247)
    fewer_still = answered(report(), 0, 247)
    assert cause_count(BOOK, [first, forty_connections]) == ""
    assert cause_count(BOOK, [fewer_still | {"where": first["where"]}, fewer_still]) == ""
    for mended in (answered(report(), 40, 247), answered(report(), 837, 960)):
        assert "Signs of 1 " in cause_count(BOOK, [first, mended])
        assert "Signs of 1 " in cause_count(BOOK, [first, mended, forty_connections])
    assert "Signs of 1 " in cause_count(BOOK, [answered(first, 960, 960), mended])
    assert cause_count(BOOK, [answered(first, 960, 960), forty_connections]) == ""


def test_a_hint_is_shown_by_its_place() -> None:
    """A hint that the book no longer has is none."""
    explanations = {"pool": "Why."}
    assert text_of(BOOK, Hint("all"), explanations) == "Look."
    assert text_of(BOOK, Hint("pool", "Pointer"), explanations) == "pool 2"
    assert text_of(BOOK, Hint("pool", EXPLANATION), explanations) == "Why."
    for gone in (Hint("gone"), Hint("pool"), Hint("pool", "Deep"), Hint("many", EXPLANATION)):
        assert text_of(BOOK, gone, explanations) is None


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.parents[1].name)
def test_with_any_faults_left_the_hint_is_about_one_of_them(path: Path) -> None:
    """Recorded runs of every set of faults: what a report shows is in the app, and is shown."""
    book = parse_hints((path.parent / "hints.md").read_text())
    recorded = json.loads(path.read_text())
    faults = {fault for cause in book.causes for fault in cause.faults}
    assert len(recorded) == 2 ** len(faults) - 1
    for name, facts in recorded.items():
        left = set(name.split("+"))
        assert left <= faults
        likely = {fault for cause in book.likely(facts) for fault in cause.faults}
        assert likely, f"{name}: nothing is hinted at"
        assert likely <= left, name
        hint = choose(book, [Hint(section.name) for section in book.general], [facts])
        assert hint is not None
        chosen = next(cause for cause in book.causes if cause.name == hint.section)
        assert left.intersection(chosen.faults)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.parents[1].name)
def test_who_fixes_one_after_another_meets_every_cause(path: Path) -> None:
    """Each order of mending what is hinted at ends with nothing left."""
    book = parse_hints((path.parent / "hints.md").read_text())
    explained = sections_of((path.parent / "solution.md").read_text())
    recorded = {
        frozenset(name.split("+")): facts for name, facts in json.loads(path.read_text()).items()
    }
    left = frozenset(fault for cause in book.causes for fault in cause.faults)
    while left:
        cause = book.likely(recorded[left])[0]
        assert explained[cause.name]
        left -= set(cause.faults)


def test_every_kata_with_faults_has_recorded_runs() -> None:
    """A kata whose hints nobody has held against runs would be left out above."""
    assert [path.parents[1].name for path in RECORDED][:3] == [
        "01-latency",
        "02-login-errors",
        "03-search",
    ]


def test_a_fault_of_the_alerts_is_hinted_at_by_its_measure() -> None:
    """A fault is named after the measure that misses by it; just its cause answers to that."""
    meta = ROOT / "katas" / "04-alerts" / ".meta"
    book = parse_hints((meta / "hints.md").read_text())
    for patch in (meta / "faults").glob("*.patch"):
        measure = patch.stem.partition("__")[0]
        facts = {
            "objectives": [
                {"name": measure, "good": 0, "total": 1, "target": 0.9, "verdict": "not_met"}
            ],
            "facts": {"pages_a_month": 9, "wrong_pages_by_day_a_month": 5},
        }
        (cause,) = book.likely(facts)
        assert cause.faults == (patch.stem,)


@pytest.mark.parametrize(
    ("recall", "nights", "first"),
    [
        (0.94, 0.96, "a ratio of next to nothing"),
        (0.5, 0.9934, "one pace for everything"),
        (0.5, 0.5, "one pace for everything"),  # both miss clearly: the book's order
    ],
)
def test_what_misses_by_most_is_hinted_at_first(recall: float, nights: float, first: str) -> None:
    """An alert that wakes people for nothing, before one that is nearly sure to ring."""
    book = parse_hints((ROOT / "katas" / "04-alerts" / ".meta" / "hints.md").read_text())
    objectives = [
        {"name": name, "good": good, "total": 1, "target": target, "verdict": "not_met"}
        for name, good, target in (("recall", recall, 0.95), ("nights", nights, 0.9934))
    ]
    assert book.likely({"objectives": objectives})[0].name == first
