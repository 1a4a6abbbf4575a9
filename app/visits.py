"""Counting page views, for the owners' statistics."""

import asyncio
from datetime import UTC, datetime

import psycopg

from app.database import database_url

WRITE_EVERY_S = 0.5
views: list[tuple[str, datetime]] = []  # not yet written


def record_visit(path: str) -> None:
    """Count one page view; it is written a little later, so that no page waits for it."""
    if not views:
        asyncio.get_running_loop().call_later(WRITE_EVERY_S, write_visits)
    views.append((path, datetime.now(UTC)))


def write_visits() -> None:
    """Write down all page views since the last time."""
    batch = views.copy()
    views.clear()
    with psycopg.connect(database_url(), autocommit=True) as db:
        for path, viewed_at in batch:
            page = db.execute("SELECT id FROM pages WHERE path = %s", (path,)).fetchone()
            assert page is not None
            db.execute(
                "INSERT INTO visits (page_id, visited_at) VALUES (%s, %s)", (page[0], viewed_at)
            )
