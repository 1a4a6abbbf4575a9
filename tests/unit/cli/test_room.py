"""`./run dojo room`: twenty people's status files as one table, whatever is in them."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dojo.cli import room
from dojo.cli.room_status import MOST_BYTES, read_status

KATAS = ("01-latency", "02-login-errors", "03-search", "04-alerts", "05-sli")
BEGAN, GREEN, NOW = (f"2026-11-27T{clock}:00+00:00" for clock in ("10:00", "10:21", "10:40"))


def kata(name: str, state: str = "not started", **more: Any) -> dict[str, Any]:
    """A kata of a status, as `./run dojo status --json` writes it."""
    begun = state != "not started"
    return {
        "kata": name,
        "title": "a story",
        "state": state,
        "attempts": 4 if begun else 0,
        "hints": 2 if begun else 0,
        "solved_at": GREEN if state == "solved" else None,
        "last_verdict": {"solved": "met", "started": "not_met"}.get(state),
        "last_at": NOW if begun else None,
        "begun_at": BEGAN if begun else None,
        "progress_at": GREEN if begun else None,
        "one_fault_since": None,
        "best": [
            {"objective": "95% within 100 ms", "target": 0.95, "sli": 0.97},
            {"objective": "99% within 300 ms", "target": 0.99, "sli": 0.804},
        ]
        if begun
        else [],
    } | more


def status(**states: Any) -> dict[str, Any]:
    """A status; `k01="solved"` or `k01={…}` says how far kata 01 is."""
    katas = []
    for name in KATAS:
        given = states.get(f"k{name[:2]}", "not started")
        more = given if isinstance(given, Mapping) else {"state": given}
        katas.append(kata(name, **more))
    return {"version": "1.0", "written_at": NOW, "katas": katas}


def write(folder: Path, name: str, content: object) -> str:
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def table(files: list[str]) -> str:
    stream = io.StringIO()
    room.run(files, stream)
    return stream.getvalue()


def test_who_is_stuck_for_longest_stands_first(tmp_path: Path) -> None:
    """Then those who get on, then those who have solved everything."""
    everything = status(**{f"k{name[:2]}": "solved" for name in KATAS})
    files = [
        write(tmp_path, "done", everything),
        write(
            tmp_path, "quick", status(k01="solved", k02={"state": "started", "progress_at": NOW})
        ),
        write(tmp_path, "stuck", status(k01={"state": "started", "progress_at": BEGAN})),
        write(tmp_path, "fresh", status()),
    ]
    lines = table(files).splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["stuck", "quick", "fresh", "done"]
    assert lines[1].split() == "stuck 0 of 5 01 80.4% of 99% 4 2 40 min".split()
    assert lines[2].split() == "quick 1 of 5 02 80.4% of 99% 4 2 0 min".split()
    assert "all solved" in lines[4]
    assert "01-latency: begun by 3, solved by 2, in 21 min (median)." in lines
    assert "Nothing has got better for ten minutes or more: 1." in lines


@pytest.mark.parametrize("columns", ["80", "60", "100"])
def test_twenty_people_at_80_columns(
    tmp_path: Path, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line each, nothing cut off, and the three files that are none below."""
    monkeypatch.setenv("COLUMNS", columns)
    long = {"state": "started", "attempts": 123, "hints": 14, "one_fault_since": NOW}
    files = [
        write(tmp_path, f"{index:02}-maximiliane", status(k01="solved", k02=long))
        for index in range(17)
    ]
    files += [
        write(tmp_path, "18-half", '{"katas": ['),
        write(tmp_path, "19-other", '{"version": 3}'),
        str(tmp_path / "20-nobody.json"),
    ]
    lines = table(files).splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert "…" not in "".join(lines)
    if columns != "60":
        assert sum(" 02* " in line and "-maximiliane " in line for line in lines) == 17
    assert "18-half: no JSON; no output of ./run dojo status --json" in lines
    assert "19-other: no output of ./run dojo status --json" in lines
    assert "20-nobody: there is no such file" in lines
    assert "20 files, 3 unreadable." in lines
    assert "* One cause was left in by reset --to-fault." in lines


def test_two_files_of_one_name(tmp_path: Path) -> None:
    """Their folders tell them apart."""
    text = table([write(tmp_path / each, "status", status()) for each in ("anna", "ben")])
    assert "anna/status.json" in text
    assert "ben/status.json" in text


def test_another_version_is_named(tmp_path: Path) -> None:
    """Figures of another release may not be comparable."""
    files = [write(tmp_path, "a", status()), write(tmp_path, "b", status() | {"version": "0.9"})]
    assert "Not everybody has the same version: 0.9, 1.0." in table(files)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b"\x00\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no output of"),
        (b'{"katas": {}}', "no output of"),
        (b'{"katas": []}', "names no kata"),
        (b'{"katas": [7]}', "can't be read"),
        (b'{"katas": [{"kata": "01", "state": "lost"}]}', "there is no state 'lost'"),
        (b" " * MOST_BYTES + b"1", "larger than 1 MB"),
        (json.dumps(status(k01={"state": "started", "last_at": "noon"})).encode(), "noon"),
        (
            json.dumps(status(k01={"state": "started", "begun_at": "2026-11-27"})).encode(),
            "no time zone",
        ),
        (json.dumps(status(k01={"state": "started", "attempts": None})).encode(), "can't be read"),
        (json.dumps(status(k01={"state": "started", "hints": 1e999})).encode(), "can't be read"),
    ],
)
def test_whatever_a_file_holds(content: bytes, problem: str) -> None:
    """It is a row with a reason, and no traceback."""
    assert problem in read_status("anna", content).problem


def test_a_file_can_not_write_to_the_terminal(tmp_path: Path) -> None:
    """No escape sequence and no line of its own, from a name, a kata or an error."""
    evil = "\x1b[2J\n[red]evil"
    files = [
        write(tmp_path, "a\x1b[2Jb", status(k01={"state": "started", "kata": evil})),
        write(tmp_path, "c", status(k01={"state": evil})),
        write(tmp_path, "d", status() | {"version": evil}),
    ]
    text = table(files)
    assert "\x1b" not in text
    assert "[red]evil" in text
    assert len(text.splitlines()) <= 10
