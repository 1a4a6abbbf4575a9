"""dojo.kata.folder_content: the app's buckets and a patch's files, from their texts."""

import pytest

from app.instrumentation.metrics import BUCKETS_S
from dojo.kata.folder_content import Patch, changed_files, histogram_buckets_s
from tests.support.project import ROOT

CALL = 'Histogram("http_server_request_duration_seconds", "Help.", [], buckets={})'


@pytest.mark.parametrize(
    ("source", "buckets_s"),
    [
        (CALL.format("(0.1, 1)"), (0.1, 1.0)),
        (CALL.format("[0.1, 1]"), (0.1, 1.0)),
        ("EDGES = (0.1, *(0.2, 0.3))\n" + CALL.format("EDGES"), (0.1, 0.2, 0.3)),
        ("A = (0.1,)\nB = (*A, 1)\n" + CALL.format("B"), (0.1, 1.0)),
        ("A = (*A, 1)\n" + CALL.format("A"), (1.0,)),
        (CALL.format("(0.1, 1)").replace("http_server", "db_client"), ()),
        (CALL.format("edges()"), ()),
        (CALL.replace(", buckets={}", ""), ()),
        ("def (", ()),
    ],
)
def test_buckets_are_read_from_the_text(source: str, buckets_s: tuple[float, ...]) -> None:
    """Numbers, tuples and names are understood; nothing is run, and nothing else is."""
    assert histogram_buckets_s(source) == buckets_s


def test_the_buckets_of_the_app_are_found() -> None:
    """What the text says is what the app has."""
    source = (ROOT / "app" / "instrumentation" / "metrics.py").read_text()
    assert histogram_buckets_s(source) == tuple(map(float, BUCKETS_S))


def test_a_patch_names_its_files() -> None:
    """Each file with whether it is new."""
    patch = Patch(
        "fixes/index.patch",
        "diff --git a/app/home.py b/app/home.py\nindex 1..2 100644\n"
        "diff --git a/app/migrations/0002_a.sql b/app/migrations/0002_a.sql\n"
        "new file mode 100644\n",
    )
    assert changed_files(patch) == [("app/home.py", False), ("app/migrations/0002_a.sql", True)]
    assert (patch.kind, patch.name) == ("fixes", "index")
    assert Patch("solution.patch", "").kind == "solution"
