"""`./run dojo new NN-name [--simulated]`: makes a new kata's folder out of katas/shop/template/.

What it makes runs at once and is red. It is a draft: `./run dojo check` names what is missing.
"""

import re
from pathlib import Path
from string import Template
from typing import TextIO

from dojo.errors import BadSetting
from dojo.kata.folder_reader import read_kata_toml
from dojo.slo.catalog import kata_folders

__all__ = ["make_kata", "run"]

TEMPLATE = Path("katas") / "shop" / "template"
NAME = re.compile(r"(?P<number>[0-9]{2})-(?P<title>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)", re.ASCII)
LEARNER_FILE = "../../app/ops/$module.yaml"  # from the kata's folder
MOST_LETTERS = 40  # slo.yaml names the service after it, and OpenSLO allows 63
# Each file of the template, and where it goes; $module stands for the name with underscores.
PLACES = {
    "README.md": "README.md",
    "slo.yaml": "slo.yaml",
    "hints.md": ".meta/hints.md",
    "kata.py": "test_$module.py",
    "kata.toml": ".meta/kata.toml",
}
SIMULATED_TEMPLATE = TEMPLATE / "simulated"
SIMULATED_PLACES = {**PLACES, "schema.sql": "schema.sql", "learner.yaml": LEARNER_FILE}


def run(name: str, root: Path, stream: TextIO, *, simulated: bool = False) -> None:
    """The command: make the folder, and say what comes next."""
    paths = make_kata(root, name, simulated=simulated)
    for path in paths:
        print(path.relative_to(root), file=stream)
    missed = "the measure misses its target" if simulated else "the shop misses the objective"
    print(
        f"\nA draft of a kata, which runs already:\n"
        f"    ./run pytest katas/{name}      red: {missed}\n"
        f"    ./run dojo check {name}        what is missing\n"
        f"How to go on is in CONTRIBUTING.md, under 'Adding a kata'.",
        file=stream,
    )


def make_kata(root: Path, name: str, *, simulated: bool = False) -> list[Path]:
    """Write the files of a new kata and return their paths; BadSetting if it can't be made.

    `simulated`: a kata that is judged on simulated data and sends no load.
    """
    match = NAME.fullmatch(name)
    if match is None or len(name) > MOST_LETTERS:
        raise BadSetting(
            f"{name!r} is no name for a kata. Take two digits, a dash, and a name of small letters,"
            f" digits and dashes, {MOST_LETTERS} characters in all at most: 06-checkout."
        )
    folders = kata_folders(root)
    _require_free(root, name, [folder.name for folder in folders])
    taken = [number for folder in folders for number in read_kata_toml(folder).migrations]
    migration = max(taken, default=1) + 1
    values = {
        "folder": name,
        "number": match["number"],
        "name": match["title"],
        "title": match["title"].replace("-", " "),
        "module": match["title"].replace("-", "_"),
        "migration": str(migration),
        "next_migration": f"{migration:04}",
    }
    folder = root / "katas" / name
    template = SIMULATED_TEMPLATE if simulated else TEMPLATE
    paths = []
    try:
        for source, place in (SIMULATED_PLACES if simulated else PLACES).items():
            path = (folder / Template(place).substitute(values)).resolve()
            text = (root / template / source).read_text(encoding="utf-8")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(Template(text).substitute(values), encoding="utf-8")
            paths.append(path)
    except OSError as error:
        raise BadSetting(f"{folder} can't be written: {error}.") from error
    return paths


def _require_free(root: Path, name: str, katas: list[str]) -> None:
    """BadSetting unless neither the folder nor its number is taken."""
    if (root / "katas" / name).exists():
        raise BadSetting(f"katas/{name} is there already. Remove it, or take another name.")
    numbers = {kata[:2]: kata for kata in katas}
    if name[:2] in numbers:
        free = next(n for n in (f"{i:02}" for i in range(1, 101)) if n not in numbers)
        raise BadSetting(
            f"katas/{numbers[name[:2]]} has the number {name[:2]} already."
            f" The next free one: {free}-{name[3:]}."
        )
