"""`./run dojo status`, `next` and `history`: what they say of the stored attempts."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from dojo.cli import history, next_kata, status
from dojo.cli.one_fault import fault_patches, note_help
from dojo.cli.progress_of_katas import KataProgress, progress_of_katas
from dojo.cli.room_status import read_status
from dojo.output import store
from dojo.slo.catalog import kata_folders
from tests.support.project import ROOT
from tests.support.sample_reports import report

WIDTHS = ("60", "80", "100", "140")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOJO_STATE", str(tmp_path))
    return tmp_path


def attempted(state: Path, *outcomes: Literal["met", "not_met", "undecided", "invalid"]) -> None:
    """Stored attempts at the first kata that ended so."""
    for number, verdict in enumerate(outcomes, 1):
        bad_ratio = 0.0 if verdict == "met" else 0.8
        stored = replace(
            report(events=300, bad_ratio=bad_ratio, seed=number),
            kata="01-latency",
            number=number,
            verdict=verdict,
        )
        store.save(stored, state / "reports")


def said(arguments: tuple[object, ...], command: object) -> str:
    stream = io.StringIO()
    command.run(*arguments, ROOT, stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def test_nothing_was_done_yet(state: Path) -> None:
    """Every kata is there, none is begun, and the first is what comes next."""
    text = said((False,), status)
    assert text.count("not started") == len(progress_of_katas(ROOT))
    assert "0 of " in text
    assert said((30,), next_kata).startswith("01-latency: ")
    assert "no attempt at 01-latency yet" in said(("01",), history)


def test_a_kata_that_is_solved(state: Path) -> None:
    """When, in which attempt, and how good; the next one is another."""
    attempted(state, "not_met", "met", "not_met")
    text = said((False,), status)
    assert "✓ 01-latency" in text
    assert "solved in attempt 2" in text
    assert "the last attempt: Not met" in text
    assert "100.0% at best" in text
    assert said((30,), next_kata).startswith("02-login-errors: ")


def test_a_kata_that_is_begun(state: Path) -> None:
    """It is gone on with, and an hour's rest changes nothing."""
    attempted(state, "not_met", "invalid")
    text = " ".join(said((30,), next_kata).split())
    assert text.startswith("01-latency: ")
    assert "Go on: 2 attempts, the last one invalid run." in text
    assert "./run dojo watch 01" in text
    assert "To come back: ./run dojo next" in text


@pytest.mark.parametrize(
    ("minutes", "words"), [(10, "enough to read, to see it red"), (20, "first cause"), (30, "")]
)
def test_less_than_half_an_hour(state: Path, minutes: int, words: str) -> None:
    """It says how far one comes in the time that there is."""
    text = " ".join(said((minutes,), next_kata).split())
    assert (f"{minutes} minutes are enough" in text) == bool(words)
    assert words in text


@pytest.mark.parametrize(
    ("simulated", "takes", "runs"), [(True, "20", "Each run"), (False, "30", "A red run")]
)
def test_how_long_a_kata_takes(simulated: bool, takes: str, runs: str) -> None:
    """One that is judged on drawn data has no burst to wait for."""
    lines = next_kata.advice([KataProgress("04-alerts", "", [], 0, simulated, None)], 30)
    assert lines[1].startswith(f"It takes about {takes} minutes")
    assert lines[2].startswith(runs)
    assert not any("are enough" in line for line in lines)


def test_all_are_solved() -> None:
    """Then there are other questions."""
    assert next_kata.advice([], 30)[0] == "Every kata is solved."


def test_status_for_programs(state: Path) -> None:
    """JSON with the same facts."""
    attempted(state, "not_met", "met")
    (kata, *others) = json.loads(said((True,), status))["katas"]
    assert (kata["kata"], kata["state"], kata["attempts"]) == ("01-latency", "solved", 2)
    assert kata["solved_in_attempt"] == 2
    assert [each["sli"] for each in kata["best"]] == [1.0] * len(kata["best"])
    assert {each["state"] for each in others} == {"not started"}


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("command", ["status", "next", "history"])
def test_it_holds_at_every_width(
    state: Path, columns: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is longer than the terminal, nothing is cut off, and names stay whole."""
    attempted(state, "not_met", "undecided", "invalid", "met", "not_met")
    monkeypatch.setenv("COLUMNS", columns)
    arguments = {"status": (False,), "next": (30,), "history": ("01",)}[command]
    module = {"status": status, "next": next_kata, "history": history}[command]
    lines = said(arguments, module).splitlines()
    assert max(len(line) for line in lines if "./run" not in line) <= int(columns)
    assert "…" not in "".join(lines)


def test_history_is_a_picture_and_a_table(state: Path) -> None:
    """A bar for each attempt and objective, longer for a better SLI; and a line of figures."""
    attempted(state, "not_met", "met")
    text = said(("01",), history)
    for objective in report().objectives:
        _, _, rest = text.partition(f"\n{objective.name}\n")
        first, second, *_ = rest.splitlines()
        assert first.count("█") < second.count("█")
        assert second.rstrip().endswith("300 / 300")
    assert "one alone" in text


def test_status_says_since_when_nothing_got_better(state: Path) -> None:
    """The time of the last attempt that was better than all before; one as good is none."""
    started = [f"2026-11-27T10:0{minute}:00+00:00" for minute in range(5)]
    bad_ratios = (0.9, 0.5, 0.5, 0.7, 0.5)
    for number, (at, ratio) in enumerate(zip(started, bad_ratios, strict=True), 1):
        stored = replace(
            report(events=300, bad_ratio=ratio, seed=7),
            kata="01-latency",
            number=number,
            verdict="not_met",
            started_at=at,
        )
        store.save(stored, state / "reports")
    (kata, *others) = json.loads(said((True,), status))["katas"]
    assert (kata["begun_at"], kata["progress_at"], kata["last_at"]) == (
        started[0],
        started[1],
        started[4],
    )
    assert {each["progress_at"] for each in others} == {None}


def test_status_says_that_one_cause_was_left_in(state: Path) -> None:
    """In words and in JSON, beside the version; a note that can't be read is none."""
    attempted(state, "not_met")
    assert json.loads(said((True,), status))["katas"][0]["one_fault_since"] is None
    note_help(state, "01-latency")
    whole = json.loads(said((True,), status))
    assert whole["katas"][0]["one_fault_since"]
    assert whole["version"]
    assert "one cause left in by reset --to-fault" in said((False,), status)
    (state / "one-fault" / "01-latency.json").write_text("{")
    assert "--to-fault" not in said((False,), status)


@pytest.mark.parametrize("folder", kata_folders(ROOT), ids=lambda folder: folder.name)
def test_each_cause_can_be_left_in(folder: Path) -> None:
    """Each cause of a kata's hints has the patch that `reset --to-fault` applies."""
    patches = fault_patches(folder)
    assert len(patches) >= 3
    assert [patch.name for patch in patches if not patch.is_file()] == []


def test_a_room_reads_what_status_writes(state: Path) -> None:
    """The status of one machine is a row of the facilitator's table."""
    attempted(state, "not_met", "met")
    person = read_status("anna", said((True,), status).encode())
    assert (person.problem, person.solved) == ("", 1)
    assert person.katas[0].solved_in is not None
    assert person.current is not None
    assert person.current.kata == "02-login-errors"
    assert len(person.katas) == len(kata_folders(ROOT))
