"""`./run dojo hint 01`: one more hint, as `./run pytest katas/01-latency --hint` gives it."""

import os
from pathlib import Path
from typing import TextIO

from dojo.kata.hints import hints_of
from dojo.settings import state_folder
from dojo.slo.catalog import kata_folder

__all__ = ["run"]


def run(name: str, number: int | None, root: Path, stream: TextIO) -> None:
    """The command: hint `number` again, or the next one, below the kata's name."""
    folder, state_dir = kata_folder(root, name), state_folder(root, os.environ)
    for text in hints_of([folder], state_dir, "" if number is None else str(number)):
        print(text.strip(), file=stream)
