"""Archives that strangers made: unpacked below the target, or refused."""

import io
import posixpath
import stat
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.grading.archives import entry_path, leads_out, unpack
from dojo.grading.bounds import BOUNDS
from dojo.grading.submission import Unreadable

PATHS = st.text(alphabet="ab./\\:\0\n é", max_size=12)
SMALL = replace(BOUNDS, archive_bytes=5000, archive_files=5)


@given(PATHS)
def test_no_entry_leaves_the_target(name: str) -> None:
    """What an entry's name comes to, stays below; or the archive is refused."""
    try:
        path = entry_path(name)
    except Unreadable:
        return
    if path is not None:
        normal = posixpath.normpath(f"/target/{path}")
        assert normal.startswith("/target/")
        assert "\0" not in normal


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/passwd", "..\\x", "C:\\x", "c:/x", "a\0b"]
)
def test_entries_that_lead_out(name: str) -> None:
    """Up, absolute, in Windows' way, or no path at all."""
    with pytest.raises(Unreadable):
        entry_path(name)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("./app/main.py", "app/main.py"),
        ("app\\main.py", "app/main.py"),
        ("a b/é", "a b/é"),
        (".", None),
        ("project/.git/config", None),
        (".venv/bin/python", None),
    ],
)
def test_entries_that_stay(name: str, path: str | None) -> None:
    """Also those of programs on Windows; what no submission needs is left out."""
    assert entry_path(name) == (None if path is None else PurePosixPath(path))


@given(
    st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=4),
    st.text(alphabet="ab./", min_size=1, max_size=12),
)
def test_links_by_where_they_lead(parts: list[str], target: str) -> None:
    """A link leads out exactly if its target, taken from its own folder, is above the top."""
    depth, lowest = len(parts) - 1, 0
    for step in target.split("/"):
        depth += {"": 0, ".": 0, "..": -1}.get(step, 1)
        lowest = min(lowest, depth)
    expected = target.startswith("/") or lowest < 0
    if expected and not target.startswith("/") and depth >= 0:
        return  # up over the top and down again: it may be either, by the folder's own name
    assert leads_out(PurePosixPath(*parts), target) == expected


def tarred(*entries: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> io.BytesIO:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as tar:  # type: ignore[call-overload]
        for entry, content in entries:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    file.seek(0)
    return file


def entry(name: str, kind: bytes = tarfile.REGTYPE, leads_to: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, leads_to
    return info


def zipped(*entries: tuple[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    file.seek(0)
    return file


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_unpacked(mode: str, tmp_path: Path) -> None:
    """With its folders, its programs and links that stay inside."""
    program = entry("p/app/run")
    program.mode = 0o755
    archive = tarred(
        (entry("p/app", tarfile.DIRTYPE), b""),
        (entry("p/app/link.py", tarfile.SYMTYPE, "main.py"), b""),
        (entry("p/app/main.py"), b"x = 1\n"),
        (program, b"#!/bin/sh\n"),
        (entry("p/.git/config"), b"secret"),
        mode=mode,
    )
    unpack(archive, tmp_path, BOUNDS)
    assert (tmp_path / "p/app/link.py").read_text() == "x = 1\n"
    assert (tmp_path / "p/app/run").stat().st_mode & stat.S_IXUSR
    assert not (tmp_path / "p/.git").exists()


def test_a_zip_is_unpacked(tmp_path: Path) -> None:
    """Also one with backslashes."""
    unpack(zipped(("app\\main.py", b"x = 1\n"), ("app/a/b.txt", b"")), tmp_path, BOUNDS)
    assert (tmp_path / "app/main.py").read_text() == "x = 1\n"
    assert (tmp_path / "app/a/b.txt").is_file()


OUTSIDE = (entry("app/x", tarfile.SYMTYPE, "../../.."), b"")


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        (tarred((entry("../evil.py"), b"x")), "leads out"),
        (zipped(("../evil.py", b"x")), "leads out"),
        (tarred(OUTSIDE), "leads out"),
        (tarred((entry("x", tarfile.SYMTYPE, "/etc"), b"")), "leads out"),
        (tarred((entry("a", tarfile.LNKTYPE, "/etc/passwd"), b"")), "hard link"),
        (tarred((entry("a", tarfile.FIFOTYPE), b"")), "neither file nor folder"),
        (tarred((entry("a", tarfile.CHRTYPE), b"")), "neither file nor folder"),
        (tarred((entry("a"), b"x" * 6000)), "more than"),
        (zipped(("a", b"x" * 6000)), "more than"),
        (tarred(*((entry(f"f{n}"), b"") for n in range(9))), "entries"),
        (zipped(*((f"f{n}", b"") for n in range(9))), "entries"),
        (io.BytesIO(b"PK\3\4 no archive"), "no archive"),
        (io.BytesIO(b"no archive"), "no archive"),
        (io.BytesIO(b""), "no archive"),
        (tarred((entry("a"), b"x"), (entry("a/b"), b"x")), "can't be unpacked"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_refused(archive: io.BytesIO, reason: str, tmp_path: Path) -> None:
    """Nothing is outside the target afterwards, and the reason is a sentence."""
    target = tmp_path / "in" / "target"
    target.mkdir(parents=True)
    archive.seek(0)
    with pytest.raises(Unreadable, match=reason):
        unpack(archive, target, SMALL)
    assert [path for path in tmp_path.rglob("*") if target not in (path, *path.parents)] == [
        tmp_path / "in"
    ]


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """A link to a folder, and then a file below that name: links are made last."""
    archive = tarred(
        (entry("a/b/up", tarfile.SYMTYPE, "../.."), b""),
        (entry("a/b/up/c/l", tarfile.SYMTYPE, "../../../../x"), b""),
    )
    with pytest.raises(Unreadable):
        unpack(archive, tmp_path, BOUNDS)
    assert not (tmp_path / "c").exists()


def test_what_is_left_out_counts_as_packed(tmp_path: Path) -> None:
    """Two gigabytes below .git are not read to their end."""
    with pytest.raises(Unreadable, match="too large"):
        unpack(tarred((entry(".git/pack"), b"x" * 60_000)), tmp_path, SMALL)
