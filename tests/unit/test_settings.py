"""What can be set from outside."""

from pathlib import Path

import pytest

from dojo.errors import BadSetting
from dojo.settings import Settings
from tests.support.project import ROOT


def test_a_folder_without_an_app_is_refused(tmp_path: Path) -> None:
    """The message says how to get the shipped app back."""
    with pytest.raises(BadSetting, match=r"\./run dojo reset"):
        Settings.read(ROOT, {}, str(tmp_path))
