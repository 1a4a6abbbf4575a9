"""What there is to do once a kata is green: the question at the end of its README, the next kata.

Reads the katas' folders.
"""

from contextlib import suppress
from pathlib import Path

from dojo.errors import BadSetting
from dojo.kata.folder_reader import is_draft
from dojo.slo.catalog import kata_folders

__all__ = ["after_green", "question_command"]

HEADING = "## After green: one more question"


def after_green(root: Path, kata: str) -> tuple[str, ...]:
    """A line for each; none for what there is not."""
    lines = []
    with suppress(OSError, UnicodeDecodeError):
        text = (root / "katas" / kata / "README.md").read_text(encoding="utf-8")
        if HEADING in text:
            command = question_command(text)
            more = f": {command}" if command else ""
            lines.append(f"One more question, at the end of katas/{kata}/README.md{more}")
    with suppress(BadSetting, OSError):
        later = [each for each in kata_folders(root) if each.name > kata and not is_draft(each)]
        if later:
            lines.append(f"The next kata: {later[0].name}; what to do now: ./run dojo next")
    return tuple(lines)


def question_command(readme: str) -> str:
    """The first command of the question: an indented line of that section; "" if it has none."""
    section = readme.partition(HEADING)[2].partition("\n## ")[0]
    lines = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    return next((line for line in lines if "./run " in line), "")
