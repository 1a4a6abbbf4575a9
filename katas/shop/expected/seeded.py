"""What the seed says of searches and product pages, kept in a folder between runs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from seed.search import SearchIndex
from seed.shelf import Shelf

__all__ = ["SeededSearch", "opened_with"]

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class SeededSearch:
    """The index of all products' words, and each product with its reviews."""

    index: SearchIndex
    shelf: Shelf

    @classmethod
    @contextmanager
    def open(cls, cache_dir: Path, say: Callable[[str], None]) -> Iterator["SeededSearch"]:
        """Made in some seconds the first time."""
        with closing(Shelf.kept(cache_dir, say)) as shelf:
            yield cls(SearchIndex.kept(cache_dir, shelf.described()), shelf)


def opened_with(
    kata: Callable[[SeededSearch], K],
) -> Callable[[Path, Callable[[str], None]], AbstractContextManager[K]]:
    """`open_kata` of a kata that is made with the seed's answers; see dojo/kata/finder.py."""

    @contextmanager
    def open_kata(cache_dir: Path, say: Callable[[str], None]) -> Iterator[K]:
        with SeededSearch.open(cache_dir, say) as seeded:
            yield kata(seeded)

    return open_kata
