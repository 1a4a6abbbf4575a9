"""`./run dojo next`: which kata to take up now, how long it takes, how to stop and come back."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dojo.cli.progress_of_katas import KataProgress, progress_of_katas
from dojo.output.attempt_figures import outcome
from dojo.output.figures import count_of

__all__ = ["advice", "run"]

WHOLE_KATA_MIN = 30  # what people who walked the katas took: 7 to 40 minutes
SIMULATED_KATA_MIN = 20  # a run takes seconds, so most of it is to read and to think
READING_MIN = 5
SHORT_MIN = 15  # in less, nobody finds a first cause


def run(minutes: int, root: Path, stream: TextIO) -> None:
    """The command: reads the stored attempts, and runs nothing."""
    width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    console = Console(file=stream, width=width, highlight=False, markup=False)
    first, *lines = advice(progress_of_katas(root), minutes)
    console.print(Text(first, style="bold"))
    for line in lines:
        console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))


def advice(katas: Sequence[KataProgress], minutes: int) -> list[str]:
    """What to do, a step a line; the first line says which kata."""
    kata = next((each for each in katas if each.state == "started"), None) or next(
        (each for each in katas if each.state == "not started"), None
    )
    if kata is None:
        return [
            "Every kata is solved.",
            "At the end of each kata's README.md is one more question.",
            "One of them once more, from the start: ./run dojo reset 01",
            "Other ways to solve one, explained: katas/01-latency/.meta/solution.md",
        ]
    number = kata.kata.partition("-")[0]
    lines = [_first_line(kata), *_time(kata, minutes)]
    lines.append(f"1. Read katas/{kata.kata}/README.md: the story, the objectives, the contract.")
    lines.append(f"2. ./run dojo watch {number}  runs it now, and again at every save of app/.")
    lines.append(f"3. Ten minutes without a new idea? ./run dojo hint {number}")
    lines.append(
        "To stop: Ctrl-C. Your changes stay in app/ and your attempts in .dojo/; there is nothing"
        " to save."
    )
    lines.append("To come back: ./run dojo next")
    return lines


def _first_line(kata: KataProgress) -> str:
    if not kata.attempts and not kata.broken:
        return f"{kata.kata}: {kata.title}. You have not begun it."
    attempts = count_of(len(kata.attempts), "attempt")
    run = "run" if kata.broken else "one"
    return f"{kata.kata}: {kata.title}. Go on: {attempts}, the last {run} {_last(kata)}."


def _last(kata: KataProgress) -> str:
    if kata.broken is not None:
        return f"broke off without a report ({kata.broken.fault})"
    words = outcome(kata.attempts[-1])
    return words[0].lower() + words[1:] if not words.startswith("SLO") else words


def _time(kata: KataProgress, minutes: int) -> list[str]:
    """How long it takes, and how far one comes in less."""
    whole = SIMULATED_KATA_MIN if kata.simulated else WHOLE_KATA_MIN
    lines = [f"It takes about {whole} minutes, {READING_MIN} of them to read."]
    seconds = [each.total_s for each in kata.attempts if each.total_s > 0]
    if seconds:
        lines.append(f"Your last run took {seconds[-1]:.0f} s.")
    elif kata.simulated:
        lines.append("Each run takes about ten seconds, red or green.")
    else:
        lines.append("A red run takes about ten seconds, a green one half a minute.")
    if minutes < SHORT_MIN:
        what = "what is wrong" if kata.simulated else "where the time goes"
        lines.append(
            f"{minutes} minutes are enough to read, to see it red and to find {what};"
            " leave the fix for the next time."
        )
    elif minutes < whole:
        lines.append(f"{minutes} minutes are enough for a first cause; most katas have some more.")
    return lines
