"""The dates of a drawn year, as the database and the report show them. Pure."""

from datetime import UTC, datetime, timedelta

__all__ = ["FIRST_MINUTE", "date_text", "time_text", "when", "when_text"]

FIRST_MINUTE = datetime(2025, 1, 6, tzinfo=UTC)  # a Monday, as the lead-in's first day


def when(minute: int) -> datetime:
    """The moment at which a minute begins."""
    return FIRST_MINUTE + timedelta(minutes=minute)


def when_text(minute: int) -> str:
    """As a table shows it: Tue 4 Mar 21:05."""
    moment = when(minute)
    return f"{moment:%a} {moment.day} {moment:%b %H:%M}"


def date_text(minute: int) -> str:
    """The day alone: 4 Mar."""
    moment = when(minute)
    return f"{moment.day} {moment:%b}"


def time_text(minute: int) -> str:
    """The day of the week and the time: Tue 21:05."""
    return f"{when(minute):%a %H:%M}"
