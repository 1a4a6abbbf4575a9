"""`./run dojo hint 01`: one more hint, as `./run pytest katas/01-latency --hint` gives it."""

import os
from pathlib import Path
from typing import TextIO

from dojo.kata.hints import next_hint
from dojo.settings import state_folder
from dojo.slo.catalog import kata_folder

__all__ = ["run"]


def run(name: str, root: Path, stream: TextIO) -> None:
    """The command: the hint, below the kata's name."""
    folder = kata_folder(root, name)
    hint = next_hint(folder, state_folder(root, os.environ))
    print(f"{folder.name}\n\n{hint}", file=stream)
