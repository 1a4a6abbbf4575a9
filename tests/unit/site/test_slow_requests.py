"""dojo.site.slow_requests: what is left behind where a request breaks off."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from dojo.site.slow_requests import behind_a_lock


class LockedShop:
    """A site and its database at once: a page comes when the transaction is over."""

    def __init__(self) -> None:
        self.asked, self.unlocked, self.answered = (threading.Event() for _ in range(3))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            yield
        finally:
            self.unlocked.set()

    def execute(self, statement: bytes) -> None:
        pass

    def get(self, path: str, timeout: float) -> None:
        self.asked.set()
        assert self.unlocked.wait(timeout)
        time.sleep(0.1)  # to make the page
        self.answered.set()


def test_nobody_waits_any_longer_where_the_rest_broke_off() -> None:
    """The visitor has an answer, or has given up, by the time that the error is raised."""
    shop = LockedShop()

    def break_off() -> None:
        assert shop.asked.wait(10)
        raise OSError("closed without an answer")

    before = threading.active_count()
    with pytest.raises(OSError, match="closed without"):
        behind_a_lock(cast(Any, shop), cast(Any, shop), "/", break_off)
    assert shop.answered.is_set()
    assert threading.active_count() == before
