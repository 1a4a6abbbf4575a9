"""The katas of a project as folders, and the service level that stands in each one's slo.yaml.

The one place that says which folder is a kata and of which kind, and the one that reads these
files. Knows no kata's code; dojo.kata.finder does.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from dojo.errors import BadSetting
from dojo.slo.measures import MeasureLevel, parse_measures, says_simulated
from dojo.slo.openslo import ServiceLevel, parse

__all__ = [
    "argument_path",
    *("is_kata", "is_simulated", "kata_folder", "kata_folders", "load_folders", "measure_level"),
    *("missing_kata", "no_such_kata", "service_level", "service_levels", "thresholds_s"),
]

SLO_FILE = "slo.yaml"


def is_kata(folder: Path) -> bool:
    """Whether a folder is a kata's: it has a slo.yaml."""
    return (folder / SLO_FILE).is_file()


def kata_folders(root: Path) -> list[Path]:
    """The katas of the project at `root`, by their numbers; BadSetting if there is none."""
    folders = sorted(path.parent for path in (root / "katas").glob(f"*/{SLO_FILE}"))
    if not folders:
        raise BadSetting(
            f"There is no kata in {root / 'katas'} (no NN-name/{SLO_FILE})."
            " See git checkout katas/."
        )
    return folders


def is_simulated(folder: Path) -> bool:
    """Whether a kata is judged on simulated data and sends no load; False if nobody can tell."""
    try:
        return says_simulated(_slo_text(folder))
    except BadSetting:
        return False


def load_folders(root: Path) -> list[Path]:
    """The katas that send a load, by their numbers; BadSetting if there is no kata at all."""
    return [folder for folder in kata_folders(root) if not is_simulated(folder)]


def kata_folder(root: Path, name: str) -> Path:
    """The kata that somebody calls 01, 1, latency, 01-latency or katas/01-latency.

    BadSetting, which names those that there are, if it is none or several.
    """
    folders = kata_folders(root)
    short = name.strip().rstrip("/").removeprefix("./").removeprefix("katas/")
    for folder in folders:
        if folder.name == short:
            return folder
    matches = [each for each in folders if _is_called(each.name, short)]
    if len(matches) == 1:
        return matches[0]
    raise BadSetting(no_such_kata(name, [folder.name for folder in folders]))


def _is_called(kata: str, short: str) -> bool:
    number, _, title = kata.partition("-")
    if short.isascii() and short.isdigit():
        return number.isdigit() and int(number) == int(short)
    return title == short or (short != "" and title.startswith(short.lower()))


def no_such_kata(name: str, names: Sequence[str]) -> str:
    """What to say where somebody names a kata that there is not."""
    close = get_close_matches(name.rstrip("/").removeprefix("katas/"), names, 1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return f"There is no kata {name!r}.{meant} The katas are: {', '.join(names)}."


def argument_path(folder: Path, argument: str) -> Path:
    """The path of an argument such as katas/01-latency/test_latency.py::test_x."""
    return (folder / argument.partition("::")[0]).resolve()


def missing_kata(root: Path, folder: Path, arguments: Sequence[str]) -> str | None:
    """What to say of an argument that is a path of a kata that there is not; None if none is."""
    katas = root / "katas"
    for path in (argument_path(folder, argument) for argument in arguments):
        if katas in path.parents and not path.exists():
            kata = katas / path.relative_to(katas).parts[0]
            if not kata.exists():
                return no_such_kata(kata.name, [each.name for each in kata_folders(root)])
    return None


def service_level(folder: Path) -> ServiceLevel:
    """The service level of a kata that sends a load; BadSetting if its slo.yaml can't be used."""
    return parse(_slo_text(folder), f"katas/{folder.name}/{SLO_FILE}")


def measure_level(folder: Path) -> MeasureLevel:
    """The measures of a simulated kata; BadSetting if its slo.yaml can't be used."""
    return parse_measures(_slo_text(folder), f"katas/{folder.name}/{SLO_FILE}")


def _slo_text(folder: Path) -> str:
    path = folder / SLO_FILE
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} can't be read: {error}. See git checkout katas/.") from error


def service_levels(root: Path) -> dict[str, ServiceLevel]:
    """The service level of each kata that sends a load, by the name of its folder."""
    return {folder.name: service_level(folder) for folder in load_folders(root)}


def thresholds_s(levels: Mapping[str, ServiceLevel]) -> tuple[float, ...]:
    """Every threshold of an objective, in seconds, each once, ascending."""
    return tuple(sorted({o.threshold_s for level in levels.values() for o in level.objectives}))
