"""A burst by a generator of its own."""

from collections.abc import Callable

from dojo.load import burst
from dojo.load.burst import BurstResult, BurstSettings, start_generator
from dojo.load.plan import Plan
from dojo.load.progress import BurstProgress

__all__ = ["run_burst"]


def run_burst(
    plan: Plan, settings: BurstSettings, on_progress: Callable[[BurstProgress], bool]
) -> BurstResult:
    """Start a generator, send one burst, end it."""
    with start_generator() as generator:
        return burst.run_burst(generator, plan, settings, on_progress)
