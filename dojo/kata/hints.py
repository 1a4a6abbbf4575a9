"""The next hint of a kata, one more each time. Reads hints.md, and stores how many were given."""

import re
from pathlib import Path

from dojo.errors import BadSetting

__all__ = ["next_hint"]


def next_hint(kata_folder: Path, state_dir: Path) -> str:
    """The next hint of a kata's hints.md, whose sections begin with `## `.

    Past the last one it says so, shows the last one again and names the explained solution.
    """
    try:
        text = (kata_folder / "hints.md").read_text(encoding="utf-8")
    except OSError as error:
        raise BadSetting(f"{kata_folder.name} has no hints that can be read: {error}") from error
    hints = [part.strip() for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]
    if not hints:
        raise BadSetting(f"{kata_folder.name}/hints.md has no section that begins with '## '.")
    counter = state_dir / "hints" / kata_folder.name
    try:
        given = int(counter.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        given = 0
    number = min(max(given, 0) + 1, len(hints))
    counter.parent.mkdir(parents=True, exist_ok=True)
    counter.write_text(str(number), encoding="utf-8")
    head = f"Hint {number} of {len(hints)}: {hints[number - 1]}"
    if given >= len(hints):
        solution = kata_folder / ".meta" / "solution.md"
        return (
            f"{head}\n\nThat was the last one. A reference fix, explained: {solution}\n"
            f"To begin the hints again: rm {counter}"
        )
    return head
