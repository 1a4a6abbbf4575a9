"""/proc, read on recorded text and on folders made for it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.site.machine.processes import (
    Process,
    descendants,
    parse_schedstat,
    parse_stat,
    processes,
    run_queue_delay_s,
    thread_scheduling,
    title,
)

LINE = (
    "4711 (a (very) odd name) S 4700 4711 4711 0 -1 4194560 1129 2048 0 0 250 50 1000 500"
    " 25 5 12 0 98765 12345678 2048 18446744073709551615 1 1 0 0 0 0 0 16781312 17642 0 0 0 17"
    " 1 0 0 0 0 0 0 0 0 0 0 0 0 0"
)


def test_a_line_of_stat_is_read_by_its_fields() -> None:
    """Names may hold spaces and brackets; times are in seconds."""
    process = parse_stat(LINE)
    assert process is not None
    assert (process.pid, process.parent, process.name) == (4711, 4700, "a (very) odd name")
    assert (process.cpu_s, process.reaped_s) == (3.0, 15.0)
    assert (process.nice, process.policy, process.started) == (5, 0, 98765)
    assert not process.kernel


@given(st.text())
def test_what_is_no_line_of_stat_is_nothing(text: str) -> None:
    """Whatever stands there, reading it never raises."""
    assert parse_stat(text) is None or ")" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("543596 610713 2\n", 0.000610713), ("", 0.0), ("1", 0.0), ("a b c", 0.0)],
)
def test_a_thread_has_waited_what_its_schedstat_says(text: str, expected: float) -> None:
    """The second field, in nanoseconds; nothing where it can't be read."""
    assert parse_schedstat(text) == expected


def process(pid: int, parent: int) -> Process:
    return Process(pid, parent, pid, f"p{pid}", 0.0, 0.0, 0, 0, kernel=False)


def test_descendants_are_followed_to_the_last() -> None:
    """Children of children are a run's own, siblings of its root are not."""
    tree = {pid: process(pid, parent) for pid, parent in ((2, 1), (3, 2), (4, 3), (5, 1))}
    assert descendants([2], tree) == {2, 3, 4}
    assert descendants([], tree) == set()


def test_descendants_end_in_a_circle() -> None:
    """A pid that was taken anew while it was read must not hold anybody up."""
    assert descendants([2], {2: process(2, 3), 3: process(3, 2)}) == {2, 3}


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    folder = tmp_path / "4711"
    task = folder / "task" / "4712"
    task.mkdir(parents=True)
    (folder / "stat").write_text(LINE)
    (folder / "cmdline").write_bytes(b"busy\0--loop\x1b[31m\0" + b"x" * 100)
    (task / "stat").write_text(LINE)
    (task / "schedstat").write_text("1 2500000000 3\n")
    (task / "status").write_text("Name:\tx\nCpus_allowed_list:\t0-1\n")
    (tmp_path / "self").mkdir()
    (tmp_path / "12").mkdir()  # ended between two looks
    return tmp_path


def test_what_vanishes_while_it_is_read_is_left_out(proc: Path) -> None:
    """A folder without files is a process that has ended."""
    assert list(processes(proc)) == [4711]
    assert run_queue_delay_s(4711, proc) == {4712: 2.5}
    assert run_queue_delay_s(12, proc) == {}
    assert thread_scheduling(12, proc) == ()


def test_a_thread_says_what_it_asked_of_the_scheduler(proc: Path) -> None:
    """Nice value, policy and CPUs."""
    (asked,) = thread_scheduling(4711, proc)
    assert (asked.nice, asked.policy, asked.cpus) == (5, 0, "0-1")


def test_a_title_is_short_and_can_be_printed(proc: Path) -> None:
    """No escape sequence of somebody's command line reaches a terminal."""
    found = title(processes(proc)[4711], proc)
    assert found.startswith("busy --loop?[31m xxx")
    assert len(found) == 60
    assert found.endswith("…")


def test_a_machine_without_proc_has_no_processes(tmp_path: Path) -> None:
    """As on macOS."""
    assert processes(tmp_path / "none") == {}
