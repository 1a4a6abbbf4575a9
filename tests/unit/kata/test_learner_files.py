"""dojo.kata.learner_files: whatever lies where a learner's file must be."""

import os
from pathlib import Path

import pytest

from dojo.errors import FileRefused
from dojo.kata.learner_files import MOST_BYTES, read_learner_files

NAME = "app/ops/alerts.yaml"


def put(app: Path, content: bytes) -> Path:
    path = app / "ops" / "alerts.yaml"
    path.parent.mkdir()
    path.write_bytes(content)
    return path


def refusal(app: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_learner_files(app, [NAME])
    return str(refused.value)


def test_a_file_is_read_as_text(tmp_path: Path) -> None:
    """By its name within app/; a byte-order mark is no part of it, and lines end as in Unix."""
    put(tmp_path, "\ufeffwert: ü\r\nzwei\rdrei\n".encode())
    (file,) = read_learner_files(tmp_path, [NAME]).values()
    assert (file.name, file.text) == (NAME, "wert: ü\nzwei\ndrei\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a\nb\n\0c", f"{NAME}:3: it is no text: there is a zero byte."),
        (b"a\n\xe4\n", f"{NAME}:2: it is no text in UTF-8."),
        (b"#" * (MOST_BYTES + 1), f"{NAME}: it has 65,537 bytes; at most 65,536 are read."),
    ],
)
def test_what_is_no_short_text_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """With the line where that can be known."""
    put(tmp_path, content)
    assert words in refusal(tmp_path).replace(". Make it shorter", "")


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    """As the message about a larger one says."""
    put(tmp_path, b"#" * MOST_BYTES)
    assert len(read_learner_files(tmp_path, [NAME])[NAME].text) == MOST_BYTES


def test_fifty_megabytes_are_not_read(tmp_path: Path) -> None:
    """The size alone is enough to know."""
    with put(tmp_path, b"").open("wb") as file:
        file.truncate(50_000_000)
    assert "it has 50,000,000 bytes" in refusal(tmp_path)


def test_what_is_no_file_is_refused_with_the_way_back(tmp_path: Path) -> None:
    """Missing, a folder, a link to nowhere, a pipe that nobody writes to."""
    back = "get the shipped one back with: ./run dojo reset."
    assert refusal(tmp_path) == f"{NAME}: it is missing; {back}"
    path = put(tmp_path, b"")
    path.unlink()
    path.mkdir()
    assert refusal(tmp_path) == f"{NAME}: it is no file; {back}"
    path.rmdir()
    path.symlink_to(tmp_path / "nowhere")
    assert refusal(tmp_path) == f"{NAME}: it is missing; {back}"
    path.unlink()
    os.mkfifo(path)
    assert refusal(tmp_path) == f"{NAME}: it is no file; {back}"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's words, whoever runs the test."""
    put(tmp_path, b"a: 1")

    def forbidden(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert f"{NAME}: it can't be read (Permission denied); get the shipped" in refusal(tmp_path)
