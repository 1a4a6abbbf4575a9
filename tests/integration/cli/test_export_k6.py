"""`./run dojo export k6`: the scripts of the katas themselves."""

import io
import json
import re
from pathlib import Path

import pytest

from dojo.cli.export_k6 import export_k6, run
from dojo.errors import BadSetting
from dojo.slo.catalog import is_simulated, kata_folders, load_folders, service_level
from tests.support.project import ROOT

SIMULATED = [folder.name for folder in kata_folders(ROOT) if is_simulated(folder)]


@pytest.mark.parametrize("kata", load_folders(ROOT), ids=lambda kata: kata.name)
def test_every_kata_with_a_burst_has_a_script(kata: Path) -> None:
    """Its journeys, with content to look for, and the thresholds of its slo.yaml."""
    text, level = export_k6(kata, 1, ROOT), service_level(kata)
    objectives = json.loads(re.findall(r"^const OBJECTIVES = (.*);$", text, re.MULTILINE)[0])
    assert [each["target"] for each in objectives] == [each.target for each in level.objectives]
    block = text.partition(f'new SharedArray("{level.journey}"')[2].partition("])")[0]
    journeys = [json.loads(line[:-1]) for line in text.splitlines() if line.startswith("[{")]
    assert len(journeys) > level.rate_per_s * level.burst_s
    assert '"texts"' in block
    assert str(ROOT) not in text


@pytest.mark.parametrize("kata", SIMULATED)
def test_a_kata_without_a_burst_says_so(kata: str) -> None:
    """And which katas have one."""
    with pytest.raises(BadSetting, match=r"no burst.*01-latency, 02-login-errors, 03-search"):
        run(kata[:2], None, 1, ROOT, io.StringIO())


def test_the_file_is_named_and_how_it_is_run(tmp_path: Path) -> None:
    """Or why it can't be written."""
    path, stream = tmp_path / "deep" / "load.js", io.StringIO()
    run("01", str(path), 1, ROOT, stream)
    assert path.read_text(encoding="utf-8").startswith("// 01-latency")
    assert f"k6 run -e BASE_URL=http://localhost:3000 {path}" in stream.getvalue()
    with pytest.raises(BadSetting, match="can't be written"):
        run("01", str(path / "below"), 1, ROOT, stream)
