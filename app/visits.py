"""Counting page views, for the owners' statistics."""

import psycopg

from app.database import database_url


def record_visit(path: str) -> None:
    """Count one page view.

    It has a connection of its own, so that a page which fails later on, and rolls its work back,
    is counted all the same.
    """
    with psycopg.connect(database_url()) as db:
        db.execute("INSERT INTO visits (path) VALUES (%s)", (path,))
