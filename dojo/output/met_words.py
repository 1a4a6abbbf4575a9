"""Which words of reports a learner has met, on disk: .dojo/words.json."""

import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

__all__ = ["add", "met"]


def met(state_dir: Path) -> frozenset[str]:
    """The words that were explained before; none if the file can't be read."""
    try:
        return frozenset(map(str, json.loads(_file(state_dir).read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError, RecursionError):
        return frozenset()


def add(state_dir: Path, words: Collection[str]) -> None:
    """Note that these were explained. Where that can't be written they are explained again."""
    if not words:
        return
    with suppress(OSError):
        text = json.dumps(sorted(met(state_dir).union(words)))
        _file(state_dir).write_text(text, encoding="utf-8")


def _file(state_dir: Path) -> Path:
    return state_dir / "words.json"
