"""What the parts of a shared cache are named after."""

import os
from pathlib import Path

import pytest

from dojo.postgres.embedded_binaries import data_home
from dojo.site.simulated_database import data_name


def test_each_clone_has_its_own_simulated_data() -> None:
    """Two clones never take each other's last run for theirs; the name fits Postgres' 63 bytes."""
    one, other = (data_name("04-alerts", Path(clone)) for clone in ("/one", "/other"))
    assert one != other
    assert one == data_name("04-alerts", Path("/one")) != data_name("05-sli", Path("/one"))
    longest = f"dojo_0123456789_{data_name('99-a-kata-with-a-long-name')}_new"
    assert len(longest) <= 63


@pytest.mark.parametrize("user", [0, 1000])
def test_each_major_version_has_its_own_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int
) -> None:
    """A clone with another Postgres leaves these data alone; a minor version shares them."""
    monkeypatch.setattr(os, "geteuid", lambda: user)
    homes = []
    for version in ("18.6.3", "18.7.0", "19.0.1"):
        monkeypatch.setattr("importlib.metadata.version", lambda _, v=version: v)
        homes.append(data_home(tmp_path))
    assert homes[0] == homes[1] != homes[2]
    assert homes[0].name.endswith("postgres-18")
