"""The settings of each server that we start, so that no verdict depends on its provider."""

__all__ = ["SETTINGS"]

SETTINGS = {
    "shared_preload_libraries": "pg_stat_statements",  # the report's "where the time went"
    "pg_stat_statements.track": "top",
    # the data can be built again whenever it is lost, so no run waits for a disk
    "fsync": "off",
    "full_page_writes": "off",
    # a workstation with 16 cores must not outrun a fault that a laptop shows
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "autovacuum": "off",  # nothing may start in the middle of a measurement
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    # used segments of the log are removed and not kept for reuse: 16 MB instead of 130 at rest
    "wal_recycle": "off",
    "wal_init_zero": "off",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    # an app whose every query fails must not fill a disk with our log; why a server did not start
    # is fatal, and so is in it
    "log_min_messages": "fatal",
}
