"""A kata's patches change only the files of app/ that are the kata's own."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import ROOT

KATAS = sorted(path.parent.parent for path in (ROOT / "katas").glob("*/.meta/kata.toml"))
MIGRATION = re.compile(r"app/migrations/(\d{4})_\w+\.sql")


def declaration(kata: Path) -> dict[str, Any]:
    """The kata's .meta/kata.toml."""
    return tomllib.loads((kata / ".meta" / "kata.toml").read_text())


def patches(*folders: str) -> list[object]:
    """(kata, patch) for solution.patch and every patch in these folders of .meta/."""
    params: list[object] = []
    for kata in KATAS:
        meta = kata / ".meta"
        paths = [path for folder in folders for path in sorted((meta / folder).glob("*.patch"))]
        for path in (meta / "solution.patch", *paths):
            params.append(pytest.param(kata, path, id=f"{kata.name}-{path.stem}"))
    return params


def changes(patch: Path) -> list[tuple[str, bool]]:
    """(path, whether the patch adds it) for each file that a patch touches."""
    sections = re.split(r"^diff --git ", patch.read_text(), flags=re.MULTILINE)[1:]
    return [
        (section.splitlines()[0].rpartition(" b/")[2], "\nnew file mode " in section)
        for section in sections
    ]


def foreign(declared: dict[str, Any], files: list[tuple[str, bool]]) -> list[str]:
    """The files that are neither the kata's own nor new migrations with a number of its own."""
    strangers = []
    for name, is_new in files:
        migration = MIGRATION.fullmatch(name)
        is_own_migration = (
            migration is not None and is_new and int(migration[1]) in declared["migrations"]
        )
        if name not in declared["owns"] and not is_own_migration:
            strangers.append(name)
    return strangers


def test_every_kata_declares_what_it_owns() -> None:
    """Each folder with an slo.yaml has a .meta/kata.toml with a known status."""
    assert sorted(path.parent for path in (ROOT / "katas").glob("*/slo.yaml")) == KATAS
    for kata in KATAS:
        declared = declaration(kata)
        assert set(declared) == {"owns", "migrations", "status"}, kata.name
        assert declared["status"] in ("draft", "active"), kata.name


def test_every_owned_file_is_there() -> None:
    """A name in `owns` is a file of app/."""
    for kata in KATAS:
        for name in declaration(kata)["owns"]:
            assert name.startswith("app/"), f"{kata.name}: {name}"
            assert (ROOT / name).is_file(), f"{kata.name}: {name}"


@pytest.mark.parametrize("key", ["owns", "migrations"])
def test_nothing_is_owned_twice(key: str) -> None:
    """No file, and no number of a migration, belongs to two katas."""
    entries = [entry for kata in KATAS for entry in declaration(kata)[key]]
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize(("kata", "patch"), patches("faults", "fixes"))
def test_a_patch_touches_only_what_its_kata_owns(kata: Path, patch: Path) -> None:
    """Solution, faults and fixes; a cheat may change any file."""
    files = changes(patch)
    assert files
    assert foreign(declaration(kata), files) == []


def test_a_file_of_another_kata_is_noticed() -> None:
    """Shared files, old migrations and other katas' numbers are foreign; one's own are not."""
    declared = {"owns": ["app/home.py"], "migrations": [2]}
    own = [("app/home.py", False), ("app/migrations/0002_index.sql", True)]
    strangers = [
        ("app/database.py", False),
        ("app/new.py", True),
        ("app/migrations/0002_index.sql", False),
        ("app/migrations/0003_index.sql", True),
    ]
    assert foreign(declared, [*own, *strangers]) == [name for name, _ in strangers]


@pytest.mark.parametrize(("kata", "patch"), patches("faults", "fixes", "cheats"))
def test_a_patch_applies(kata: Path, patch: Path) -> None:
    """Every patch of .meta/ fits the app as it is shipped, and changes nothing but app/."""
    assert all(name.startswith("app/") for name, _ in changes(patch)), kata.name
    applied = subprocess.run(
        ["git", "apply", "--check", str(patch)], cwd=ROOT, capture_output=True, text=True
    )
    assert applied.returncode == 0, applied.stderr
