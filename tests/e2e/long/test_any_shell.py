"""A kata that is solved is green whatever the shell has left over from elsewhere."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.failures.environment_rows import EVERYTHING
from tests.support.kata_run import KATAS, run_katas, undisturbed
from tests.support.project import ROOT

ONLY_PATH = ("env", "-i", f"PATH={os.environ['PATH']}")


@pytest.mark.parametrize(
    ("prefix", "variables"),
    [(ONLY_PATH, {}), ((), EVERYTHING)],
    ids=["only PATH", "everything at once"],
)
def test_the_first_reference_fix_is_green(
    prefix: tuple[str, ...], variables: Mapping[str, str], tmp_path: Path
) -> None:
    """By `./run`, with nothing but PATH, and with proxies, PG*, PYTHON*, PIP_* and a C locale."""
    kata = KATAS[0]
    settings = {"DOJO_POSTGRES": "embedded", "DOJO_STATE": str(tmp_path / "state")}
    words = (*prefix, *(f"{name}={value}" for name, value in settings.items()))
    run = undisturbed(
        lambda: run_katas(
            tmp_path,
            [kata],
            [kata / ".meta" / "solution.patch"],
            environment=variables,
            prefix=(*(words if prefix else ()), str(ROOT / "run")),
        )
    )
    assert run.returncode == 0, run.output
    assert run.report is not None, run.output
    assert run.report["verdict"] == "met"
