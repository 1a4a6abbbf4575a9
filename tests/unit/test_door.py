"""The public door: `from dojo import …` is all that a kata needs."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import dojo
from tests.support.project import ROOT

EXPORTED = {
    *("Burst", "Check", "Cookies", "Evidence", "Finding", "Flow", "Item", "Journey", "Judged"),
    *(
        "Kata",
        "Load",
        "PortableLoad",
        "Sample",
        "ServiceTime",
        "Site",
        "SqlAnswer",
        "SqlStep",
        "Step",
        "Visit",
    ),
    *("Write", "Wrong"),
    *("metrics_agree", "read_items", "seed_intact", "text_of", "versions"),
}
FOR_SIMULATED_KATAS = {
    *("AlertCondition", "AlertPolicy", "Measurement", "read_alert_policies", "shop_alert_rules"),
    *("MeasureLevel", "judge_measures", "measure_level"),
    *("Code", "Column", "DataCheck", "Drawing", "FileRefused", "Judgement", "LearnerDatabase"),
    *("LearnerFile", "Linear", "Log", "Measure", "Paragraph", "Picture", "Section", "Shape"),
    *("SimulatedKata", "Table", "YamlNode"),
    *("copy_rows", "count_of", "read_yaml", "read_yaml_document", "shape"),
}
EXPORTED |= FOR_SIMULATED_KATAS
HEAVY = ("pytest", "_pytest", "psycopg", "httpx")
KATA_FILES = sorted([*ROOT.glob("katas/*/*.py"), *ROOT.glob("katas/shop/*/*.py")])


def dojo_imports(path: Path) -> dict[str, set[str]]:
    """What a file imports of `dojo`: the names by the module that it names."""
    names: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dojo":
            names.setdefault(node.module or "", set()).update(each.name for each in node.names)
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.name.split(".")[0] == "dojo":
                    names.setdefault(each.name, set())
    return names


def test_the_door_exports_these_names() -> None:
    """A new name at the door, or one less, is a decision and no accident."""
    assert set(dojo.__all__) == EXPORTED
    assert sorted(dojo.__all__) == dojo.__all__
    assert set(dir(dojo)) >= EXPORTED


def test_the_type_checker_sees_the_same_names() -> None:
    """The imports for the checker name the modules from which the names are really loaded."""
    typed = {
        name: module
        for module, names in dojo_imports(ROOT / "dojo" / "__init__.py").items()
        for name in names
    }
    assert typed == dojo._MODULES
    assert set(typed) == EXPORTED


@pytest.mark.parametrize("name", sorted(EXPORTED))
def test_every_name_is_the_one_of_its_module(name: str) -> None:
    """What comes through the door is the very thing that its module defines, and not a copy."""
    value = getattr(dojo, name)
    assert value is getattr(import_module(dojo._MODULES[name]), name)
    assert value.__module__ == dojo._MODULES[name]


def test_an_unknown_name_is_an_import_error() -> None:
    """A misspelt name fails as it would with any module."""
    with pytest.raises(ImportError, match="Brust"):
        exec("from dojo import Brust")
    with pytest.raises(AttributeError, match="Brust"):
        dojo.Brust  # type: ignore[attr-defined] # noqa: B018


@pytest.mark.parametrize("path", KATA_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_katas_come_in_by_the_door(path: Path) -> None:
    """A kata imports nothing from inside the grader."""
    imported = dojo_imports(path)
    assert set(imported) <= {"dojo"}
    assert imported.get("dojo", set()) <= EXPORTED


def test_every_export_for_a_load_is_used() -> None:
    """The door is no wider than the katas need; what is left is there for who writes a new one."""
    used = {name for path in KATA_FILES for name in dojo_imports(path).get("dojo", set())}
    assert EXPORTED - FOR_SIMULATED_KATAS - used == {"Kata"}


@pytest.mark.parametrize("name", ["dojo", "dojo.load.generator"])
def test_coming_in_loads_little(name: str) -> None:
    """Neither `import dojo` nor a child process loads pytest or a client of anything."""
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {name}, sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "dojo" in loaded
    assert not [each for each in loaded if each.split(".")[0] in HEAVY]
