"""A kata's load as another program can send it: to any site that holds the seed's data. Values.

`./run dojo export k6` writes it as a script. Nothing is put into the database beforehand, nothing
changes behind the app's back, and the kata judges no answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol, runtime_checkable

from dojo.load.plan import Journey, Load, Step

__all__ = ["ONCE", "HasPortableLoad", "PortableLoad", "no_texts"]

ONCE = "{{once}}"  # stands for letters and digits that no other journey of a test has


def no_texts(journey: Journey) -> Sequence[Sequence[str]]:
    """Nothing is known of what the answers hold."""
    return ()


@dataclass(frozen=True, slots=True)
class PortableLoad:
    """Who comes, and what can be said about the answers in advance.

    `texts(journey)` gives for each step the texts that its answer must hold; steps beyond the last
    entry have none. `log_ins` are sent once before the load, by name: each brings a cookie called
    `cookie`, and `{{name}}` in a step stands for its value. `{{once}}` stands for letters and
    digits that no other journey of a test has.
    """

    load: Load
    texts: Callable[[Journey], Sequence[Sequence[str]]] = no_texts
    log_ins: Mapping[str, Step] = field(default_factory=dict)
    cookie: str = ""


@runtime_checkable
class HasPortableLoad(Protocol):
    """A kata whose load needs the seed's data alone."""

    def portable_load(self, rng: Random) -> PortableLoad:
        """Draw who comes. Called on a kata that was never prepared: no site, no database."""
