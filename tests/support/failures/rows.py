"""All rows of the failure matrix, area by area."""

from tests.support.failures import (
    app_rows,
    environment_rows,
    foreign_rows,
    live_rows,
    machine_rows,
    pytest_rows,
    settings_rows,
)
from tests.support.failures.row import AREAS, Row

__all__ = ["ROWS"]

TABLES = {
    each.TABLE.area: each.TABLE
    for each in (
        settings_rows,
        environment_rows,
        foreign_rows,
        machine_rows,
        pytest_rows,
        app_rows,
        live_rows,
    )
}
ROWS: tuple[Row, ...] = tuple(row for area in AREAS for row in TABLES[area].rows)
