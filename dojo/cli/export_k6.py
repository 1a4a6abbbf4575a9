"""`./run dojo export k6 01`: a kata's load and objectives as a script for k6."""

import os
import sys
from pathlib import Path
from random import Random
from typing import TextIO

import dojo.kata
from dojo.errors import BadSetting
from dojo.kata.finder import opened
from dojo.kata.k6_script import k6_script
from dojo.kata.portable_load import HasPortableLoad
from dojo.settings import Settings, state_folder
from dojo.slo.catalog import is_simulated, kata_folder, load_folders

__all__ = ["export_k6", "run"]

FOLDER = "k6"
CODE = Path(dojo.kata.__file__).with_name("k6_script.js")


def run(name: str, to: str | None, plan_seed: int, root: Path, stream: TextIO) -> None:
    """The command: write the script, and say how it is run."""
    folder = kata_folder(root, name)
    default = state_folder(root, os.environ) / FOLDER / f"{folder.name}.js"
    path = default if to is None else Path(to)
    text = export_k6(folder, plan_seed, root)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadSetting(
            f"{path} can't be written: {error}. Name another file with --to."
        ) from error
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    print(
        f"{shown}\n"
        f"Run it: k6 run -e BASE_URL=http://localhost:3000 {shown}\n"
        "Its first lines say what k6 says in another way than ./run pytest"
        f" katas/{folder.name}.",
        file=stream,
    )


def export_k6(folder: Path, plan_seed: int, root: Path) -> str:
    """The script of the kata in `folder`; BadSetting if the kata sends no load that can be sent."""
    if is_simulated(folder):
        names = ", ".join(each.name for each in load_folders(root))
        raise BadSetting(
            f"{folder.name} has no burst: it is judged on simulated data, so there is nothing for"
            f" k6 to send. Katas with a burst: {names}."
        )

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    cache_dir = Settings.read(root, os.environ).cache_dir
    with opened(folder, cache_dir, say) as found:
        if not isinstance(found.kata, HasPortableLoad):
            raise BadSetting(
                f"{folder.name} has no portable_load, which says what to send to a site that"
                " nothing was prepared on; see dojo/kata/portable_load.py."
            )
        portable = found.kata.portable_load(Random(plan_seed))
        code = CODE.read_text(encoding="utf-8")
        return k6_script(folder.name, found.level, portable, plan_seed, code)
