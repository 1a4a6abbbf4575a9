"""Kata 04's tables: what every design of the tables, and each patch, is called on drawn years."""

import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from dojo.errors import FileRefused
from dojo.kata.alert_policy_file import ALERTS_FILE, read_alert_policies
from dojo.kata.simulated import LearnerFile
from dojo.slo.alert_policy import AlertPolicy
from tests.support.alert_designs import ALL, Draw, draw, judge_designs, policies
from tests.support.project import ROOT

SEED = 2026
META = ROOT / "katas" / "04-alerts" / ".meta"
PATCHES = {
    str(path.relative_to(META).with_suffix("")): path for path in sorted(META.rglob("*.patch"))
}
REFUSED = [name for name in PATCHES if "/refused__" in name]
JUDGED = [name for name in PATCHES if name not in REFUSED]


@cache
def table() -> Draw:
    """Every design on one draw of twenty years."""
    return draw(SEED, ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_design_is_called_what_it_is(name: str) -> None:
    """Every honest design is met, and every other one missed by the measures of its own."""
    results = {each.name: (each.verdict, each.good, each.total) for each in table().of(name)}
    assert table().as_expected(name), results


def patched(path: Path, folder: Path) -> LearnerFile:
    """The shipped file with a patch applied."""
    target = folder / ALERTS_FILE
    target.parent.mkdir(parents=True)
    target.write_text((ROOT / ALERTS_FILE).read_text())
    subprocess.run(["git", "apply", str(path)], cwd=folder, check=True)
    return LearnerFile(ALERTS_FILE, target.read_text())


@pytest.fixture(scope="module")
def patch_results(tmp_path_factory: pytest.TempPathFactory) -> Draw:
    """Each patch that can be judged, on another draw of twenty years."""
    designs: Mapping[str, list[AlertPolicy]] = {
        name: read_alert_policies(patched(PATCHES[name], tmp_path_factory.mktemp("patch")))
        for name in JUDGED
    }
    return judge_designs(SEED + 1, designs)


@pytest.mark.parametrize("name", JUDGED)
def test_a_patch_is_called_what_its_name_says(patch_results: Draw, name: str) -> None:
    """The solution and the fixes are met; faults and cheats are missed by the measure they name."""
    results = {each.name: each.verdict for each in patch_results.of(name)}
    _, _, own = name.rpartition("/")
    measure, named, _ = own.partition("__")
    if named:
        assert results[measure] == "not_met", results
    else:
        assert set(results.values()) == {"met"}, results


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_says_too_much_is_refused(tmp_path: Path, name: str) -> None:
    """With the line, before anything is drawn."""
    with pytest.raises(FileRefused) as refusal:
        read_alert_policies(patched(PATCHES[name], tmp_path))
    assert refusal.value.line


def test_the_shipped_policies_are_those_of_the_table() -> None:
    """What the table says of them holds for the file."""
    text = (ROOT / ALERTS_FILE).read_text()
    shipped = read_alert_policies(LearnerFile(ALERTS_FILE, text))
    assert [each.conditions for each in shipped] == [
        each.conditions for each in policies(ALL["shipped"][0])
    ]
