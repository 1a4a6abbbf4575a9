"""Counting page views, for the owners' statistics."""

import asyncio
from datetime import UTC, datetime

import psycopg

from app.database import database_url

WRITE_EVERY_S = 0.8
KEPT_DAYS = 400
CATCH_UP_DAYS = 80  # so many days may pass without a visit, and none is kept for longer
views: list[tuple[str, datetime]] = []  # not yet written


def record_visit(path: str) -> None:
    """Count one page view; it is written a little later, so that no page waits for it."""
    if not views:
        asyncio.get_running_loop().call_later(WRITE_EVERY_S, write_visits)
    views.append((path, datetime.now(UTC)))


def write_visits() -> None:
    """Write down all page views since the last time, and forget those of long ago."""
    batch = views.copy()
    views.clear()
    with psycopg.connect(database_url()) as db:
        for view in batch:
            db.execute("INSERT INTO visits (path, visited_at) VALUES (%s, %s)", view)
        for age in range(KEPT_DAYS, KEPT_DAYS + CATCH_UP_DAYS):  # a day at a time: none takes long
            db.execute("DELETE FROM visits WHERE visited_at::date = current_date - %s", (age,))
