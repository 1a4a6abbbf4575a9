"""Which of the seed's files stay in a folder."""

import os
from pathlib import Path

from seed.stored import WRITTEN_WITHIN_S, drop_old


def test_two_datasets_are_kept_and_what_is_being_written(tmp_path: Path) -> None:
    """Before a new file the newest one stays, and a half-written one unless it was given up."""
    ages_s = {
        "shelf-a.sqlite": 30,
        "shelf-b.sqlite": 20,
        "shelf-c.sqlite": 40,
        "shelf-d.4711": 10,
        "shelf-e.12": WRITTEN_WITHIN_S + 60,
        "search-a.pickle": 90,
    }
    for name, age_s in ages_s.items():
        (tmp_path / name).write_text("")
        written = (tmp_path / name).stat().st_mtime - age_s
        os.utime(tmp_path / name, (written, written))
    drop_old(tmp_path, "shelf-*")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["search-a.pickle", "shelf-b.sqlite", "shelf-d.4711"]
