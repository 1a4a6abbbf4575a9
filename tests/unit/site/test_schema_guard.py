"""dojo.site.schema_guard: whose fault an error of the shop's database is."""

import psycopg
import pytest
from psycopg import errors

from dojo.errors import AppFault, AppHung, MigrationFailed
from dojo.site.schema_guard import schema_guard


@pytest.mark.parametrize(
    ("error", "fault", "words"),
    [
        (errors.LockNotAvailable("lock timeout"), AppHung, "holds a lock on a table"),
        (errors.DeadlockDetected("deadlock detected"), AppHung, "holds a lock on a table"),
        (errors.QueryCanceled("statement timeout"), AppHung, "took over a minute"),
        (errors.UndefinedColumn("no column cost"), MigrationFailed, "no column cost"),
        (errors.NotNullViolation("null in sku"), MigrationFailed, "null in sku"),
        (errors.NumericValueOutOfRange("too large"), MigrationFailed, "too large"),
        (errors.RaiseException("not for sale"), MigrationFailed, "not for sale"),
        (errors.FeatureNotSupported("no FOR UPDATE"), MigrationFailed, "no FOR UPDATE"),
        (
            errors.ObjectNotInPrerequisiteState("view not populated"),
            MigrationFailed,
            "view not populated",
        ),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, psycopg.Error) else "",
)
def test_what_postgres_refuses_is_the_apps_fault(
    error: psycopg.Error, fault: type[AppFault], words: str
) -> None:
    """A lock or a busy server is the running app's, the shape of the tables its migrations'."""
    with pytest.raises(AppFault, match=words) as caught, schema_guard():
        raise error
    assert type(caught.value) is fault
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [psycopg.OperationalError("gone"), ValueError("ours")])
def test_anything_else_is_not(error: Exception) -> None:
    """A server that is gone, and the grader's own mistakes, are raised as they are."""
    with pytest.raises(type(error)) as caught, schema_guard():
        raise error
    assert caught.value is error
