"""Reads the files that a learner of a simulated kata edits, whatever may lie at their places."""

import re
from collections.abc import Iterable
from pathlib import Path

from dojo.errors import FileRefused
from dojo.kata.simulated import LearnerFile

__all__ = ["MOST_BYTES", "read_learner_files"]

MOST_BYTES = 64 << 10
_NEWLINE = re.compile("\r\n?")  # lines are counted as editors count them
BACK = "get the shipped one back with: ./run dojo reset"


def read_learner_files(app_dir: Path, names: Iterable[str]) -> dict[str, LearnerFile]:
    """The files by their names, such as app/ops/alerts.yaml; FileRefused on the first unfit one."""
    return {name: _read(app_dir / name.removeprefix("app/"), name) for name in names}


def _read(path: Path, name: str) -> LearnerFile:
    try:
        if not path.is_file():
            what = "is no file" if path.exists() else "is missing"
            raise FileRefused(name, f"it {what}; {BACK}")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FileRefused(
                name, f"it has {size:,} bytes; at most {MOST_BYTES:,} are read. Make it shorter"
            )
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileRefused(name, f"it can't be read ({error.strerror}); {BACK}") from error
    return LearnerFile(name, _text(content, name))


def _text(content: bytes, name: str) -> str:
    if (place := content.find(b"\0")) >= 0:
        raise FileRefused(name, "it is no text: there is a zero byte", _line(content, place))
    try:
        return _NEWLINE.sub("\n", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = _line(content, error.start)
        raise FileRefused(name, "it is no text in UTF-8", line) from error


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1
