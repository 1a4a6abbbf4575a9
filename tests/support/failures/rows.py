"""All rows of the failure matrix, area by area."""

from tests.support.failures import (
    app_rows,
    data_rows,
    docker_rows,
    environment_rows,
    foreign_rows,
    live_rows,
    machine_rows,
    pytest_rows,
    settings_rows,
)
from tests.support.failures.row import Row

__all__ = ["ROWS"]

MODULES = (
    *(settings_rows, foreign_rows, environment_rows, machine_rows),
    docker_rows,
    *(pytest_rows, app_rows, live_rows, data_rows),
)
ROWS: tuple[Row, ...] = tuple(row for module in MODULES for row in module.TABLE.rows)
