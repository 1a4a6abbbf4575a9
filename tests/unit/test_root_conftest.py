"""conftest.py of the project: what pytest has compiled of a kata is removed."""

import errno
import runpy
import shutil
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tests.support.project import ROOT


@pytest.fixture(params=[None, "elsewhere"])
def compiled(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A compiled kata in a copy of the project, also where PYTHONPYCACHEPREFIX puts it."""
    prefix = request.param and str(tmp_path / request.param)
    monkeypatch.setattr(sys, "pycache_prefix", prefix)
    shutil.copy(ROOT / "conftest.py", tmp_path)
    source = tmp_path / "katas" / "01-latency" / "test_latency.py"
    source.parent.mkdir(parents=True)
    plain = Path(cache_from_source(str(source)))
    plain.parent.mkdir(parents=True)
    plain.touch()
    compiled = plain.with_name(f"{plain.stem}-pytest-9.0.0.pyc")
    compiled.touch()
    return compiled


def test_what_pytest_compiled_is_removed_wherever_it_lies(compiled: Path, tmp_path: Path) -> None:
    """What Python compiled itself stays."""
    runpy.run_path(str(tmp_path / "conftest.py"))
    assert not compiled.exists()
    assert len(list(compiled.parent.iterdir())) == 1


def test_a_read_only_checkout_is_no_error(
    compiled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file stays."""

    def refuse(path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    runpy.run_path(str(tmp_path / "conftest.py"))
    assert compiled.exists()
