"""What a submission may use."""

import pytest

from dojo.grading.bounds import BOUNDS, Usage, excess

MB = 1 << 20


def test_within_its_bounds_nothing_is_said() -> None:
    """Up to the bound itself."""
    usage = Usage(BOUNDS.time_s, BOUNDS.memory_bytes, BOUNDS.processes, BOUNDS.disk_bytes)
    assert excess(usage, BOUNDS) == ""


@pytest.mark.parametrize(
    ("usage", "reason"),
    [
        (Usage(301, 0, 0, 0), "it was not over after 300 s"),
        (Usage(0, 2049 * MB, 0, 0), "it used 2,049 MB of memory; 2,048 MB are allowed"),
        (Usage(0, 0, 1025, 0), "it had 1,025 processes and threads; 1,024 are allowed"),
        (Usage(0, 0, 0, 3000 * MB), "it wrote 3,000 MB to the disk; 2,048 MB are allowed"),
    ],
)
def test_a_broken_bound_is_named(usage: Usage, reason: str) -> None:
    """What was used, and what is allowed."""
    assert excess(usage, BOUNDS) == reason
