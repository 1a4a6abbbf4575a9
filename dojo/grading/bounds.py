"""What one submission may use, and who says so when it used more. Pure."""

from dataclasses import dataclass

__all__ = ["BOUNDS", "Bounds", "Usage", "excess"]

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a submission may use while it is judged, and what it may consist of."""

    time_s: float = 300.0  # of a run; to wait for another run on the machine is not counted
    memory_bytes: int = 2048 * MB  # of all its processes together
    address_bytes: int = 6144 * MB  # of one process: what it may ask for, used or not
    processes: int = 1024  # and threads, of all together
    disk_bytes: int = 2048 * MB  # what a run may write beside the databases that it is given
    file_bytes: int = 1100 * MB  # of one file; Postgres' own are up to 1 GB
    app_bytes: int = 50 * MB  # of app/ as it is handed in
    app_files: int = 2000
    archive_bytes: int = 200 * MB  # of an archive, packed and unpacked, with what is not read
    archive_files: int = 20_000
    patch_bytes: int = 5 * MB


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run uses now."""

    time_s: float
    memory_bytes: int
    processes: int
    disk_bytes: int


def excess(usage: Usage, bounds: Bounds) -> str:
    """Which bound is broken, as a sentence without its end; "" if none is."""
    if usage.time_s > bounds.time_s:
        return f"it was not over after {bounds.time_s:.0f} s"
    if usage.memory_bytes > bounds.memory_bytes:
        return (
            f"it used {usage.memory_bytes / MB:,.0f} MB of memory;"
            f" {bounds.memory_bytes / MB:,.0f} MB are allowed"
        )
    if usage.processes > bounds.processes:
        return f"it had {usage.processes:,} processes and threads; {bounds.processes:,} are allowed"
    if usage.disk_bytes > bounds.disk_bytes:
        return (
            f"it wrote {usage.disk_bytes / MB:,.0f} MB to the disk;"
            f" {bounds.disk_bytes / MB:,.0f} MB are allowed"
        )
    return ""
