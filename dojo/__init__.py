"""The grader, and the one door to it: all that a kata's author imports is in `__all__` below.

    from dojo import Burst, Check, Finding, Journey, Load, Step, metrics_agree

The order in which a kata's parts are called, and what each of them may touch, is told in
dojo/kata/contract.py. The names are loaded when they are first used: whoever imports a module from
inside `dojo`, as each child process does, loads no pytest, no psycopg and no httpx by it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dojo.kata.burst import Burst, SqlAnswer, Visit, Wrong
    from dojo.kata.checks import metrics_agree, seed_intact
    from dojo.kata.contract import Check, Evidence, Finding, Judged, Kata, ServiceTime, Site
    from dojo.kata.microdata import Item, read_items, text_of
    from dojo.kata.staleness import Write, versions
    from dojo.load.cookies import Cookies
    from dojo.load.plan import Flow, Journey, Load, SqlStep, Step
    from dojo.load.sample import Sample

__all__ = [
    "Burst",
    "Check",
    "Cookies",
    "Evidence",
    "Finding",
    "Flow",
    "Item",
    "Journey",
    "Judged",
    "Kata",
    "Load",
    "Sample",
    "ServiceTime",
    "Site",
    "SqlAnswer",
    "SqlStep",
    "Step",
    "Visit",
    "Write",
    "Wrong",
    "metrics_agree",
    "read_items",
    "seed_intact",
    "text_of",
    "versions",
]

# The same as the imports above, for the interpreter: each name and the module that defines it.
_MODULES = {
    **dict.fromkeys(("Burst", "SqlAnswer", "Visit", "Wrong"), "dojo.kata.burst"),
    **dict.fromkeys(("metrics_agree", "seed_intact"), "dojo.kata.checks"),
    **dict.fromkeys(
        ("Check", "Evidence", "Finding", "Judged", "Kata", "ServiceTime", "Site"),
        "dojo.kata.contract",
    ),
    **dict.fromkeys(("Item", "read_items", "text_of"), "dojo.kata.microdata"),
    **dict.fromkeys(("Write", "versions"), "dojo.kata.staleness"),
    **dict.fromkeys(("Flow", "Journey", "Load", "SqlStep", "Step"), "dojo.load.plan"),
    "Cookies": "dojo.load.cookies",
    "Sample": "dojo.load.sample",
}


if not TYPE_CHECKING:  # a checker that saw this would take any misspelt name for one of ours

    def __getattr__(name: str) -> Any:
        """Load a name of the door from its module, and keep it."""
        if name not in _MODULES:
            raise AttributeError(f"module 'dojo' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
