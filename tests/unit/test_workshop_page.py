"""docs/workshop.md is right about its timetable, the numbers of causes, and the table of a room."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from dojo.cli.one_fault import fault_patches
from dojo.cli.room import people_order, print_room
from dojo.cli.room_status import KataStatus, PersonStatus, read_status
from dojo.kata.hint_book import parse_hints
from dojo.slo.catalog import kata_folders
from tests.support.project import ROOT

PAGE = (ROOT / "docs" / "workshop.md").read_text(encoding="utf-8")
KATAS = {folder.name[:2]: folder for folder in kata_folders(ROOT)}
NOW = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)


def rows(pattern: str) -> list[list[str]]:
    """The cells of each row of the page's tables whose first cell matches."""
    cells = [line[1:-1].split("|") for line in PAGE.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in row] for row in cells if re.fullmatch(pattern, row[0].strip())
    ]


def kata(
    name: str, state: str, stuck_min: int = 0, took_min: int = 0, **more: object
) -> KataStatus:
    begun = NOW - timedelta(hours=1)
    fields = {
        "kata": name,
        "state": state,
        "verdict": "not_met",
        "attempts": 0 if state == "not started" else 4,
        "hints": 0,
        "one_fault": False,
        "best": None,
        "begun_at": begun,
        "solved_at": begun + timedelta(minutes=took_min) if state == "solved" else None,
        "progress_at": NOW - timedelta(minutes=stuck_min) if state == "started" else None,
        "last_at": NOW,
    }
    return KataStatus(**{**fields, **more})  # type: ignore[arg-type]


def person(name: str, *katas: KataStatus) -> PersonStatus:
    rest = [kata(each.name, "not started") for each in list(KATAS.values())[len(katas) :]]
    return PersonStatus(name, version="1.0", written_at=NOW, katas=(*katas, *rest))


def test_the_timetable_is_two_hours_without_a_gap() -> None:
    """Each line begins when the one before ends, and the last one ends after 120 minutes."""
    minute = 0
    for clock, minutes, *_ in rows(r"\d:\d\d"):
        hours, _, rest = clock.partition(":")
        assert int(hours) * 60 + int(rest) == minute, clock
        minute += int(minutes)
    assert minute == 120


@pytest.mark.parametrize("number", KATAS)
def test_every_kata_is_there_with_its_number_of_causes(number: str) -> None:
    """In the table of plans; what the facilitator names by `--to-fault` is what is left in."""
    (plan,) = rows(rf"{number} .+")
    assert int(plan[1]) == len(fault_patches(KATAS[number]))
    (causes,) = [row for row in rows(number) if len(row) == 6 and not row[1][0].isdigit()][:1]
    book = parse_hints((KATAS[number] / ".meta" / "hints.md").read_text(encoding="utf-8"))
    names = [cause.name.lower() for cause in book.causes][:5]
    assert [re.sub(r" \(.*\)$", "", cell) for cell in causes[1:] if cell] == names


def test_the_rest_of_kata_05s_causes_are_named_by_number() -> None:
    """They have no place in the table."""
    book = parse_hints((KATAS["05"] / ".meta" / "hints.md").read_text(encoding="utf-8"))
    page = " ".join(PAGE.split())
    for number, cause in enumerate(book.causes[5:], 6):
        assert f"{number} {cause.name.lower()}" in page


def test_the_table_of_a_room_is_as_it_is_printed() -> None:
    """At 80 columns, by the command itself."""
    people = [
        person("anna", kata("01-latency", "started", 18, hints=0, best=(0.0, 0.99), attempts=4)),
        person(
            "ben",
            kata("01-latency", "solved", took_min=25),
            kata("02-login-errors", "started", 4, hints=1, best=(0.647, 0.99), attempts=3),
        ),
        person(
            "carla",
            kata("01-latency", "solved", took_min=17),
            kata("02-login-errors", "solved", took_min=17),
        ),
        person(
            "dora",
            kata(
                "01-latency", "started", 26, hints=4, best=(0.798, 0.95), attempts=9, one_fault=True
            ),
        ),
        read_status("eve", b"{"),
    ]
    stream = io.StringIO()
    print_room(Console(file=stream, width=80), sorted(people, key=people_order))
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert "\n".join(lines) in PAGE, "\n".join(lines)
