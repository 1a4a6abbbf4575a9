"""The index of words, on a few products."""

from pathlib import Path

import pytest

from seed.search import SearchIndex, words_of

PRODUCTS = [
    (1, "Modern lamp", "Made of onyx.", 500),
    (2, "Onyx kettle", "Modern, washable.", 300),
    (3, "Oak chair", "A modern chair.", 300),
]


def test_words_of_a_text() -> None:
    """Case and what stands between words do not matter."""
    assert words_of("Modern Onyx-Kettle: modern,  washable.") == [
        *("modern", "onyx", "kettle", "modern", "washable"),
    ]


def test_an_index_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made once and read back as it was made."""
    index = SearchIndex.kept(tmp_path / "new", PRODUCTS)
    assert index == SearchIndex.make(PRODUCTS)
    assert index.find(["modern"]) == [1, 2, 3]
    monkeypatch.setattr(SearchIndex, "make", None)
    assert SearchIndex.kept(tmp_path / "new", PRODUCTS) == index


def test_a_broken_file_is_replaced(tmp_path: Path) -> None:
    """What is no index, for whatever reason, is made anew and kept in its place."""
    index = SearchIndex.kept(tmp_path, PRODUCTS)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for broken in (b"no pickle", b"", whole[: len(whole) // 2]):
        file.write_bytes(broken)
        assert SearchIndex.kept(tmp_path, PRODUCTS) == index
        assert file.read_bytes() == whole
