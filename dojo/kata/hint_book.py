"""A kata's hints as .meta/hints.md states them: general ones, and three for each cause. Pure.

## General: what it is about            shown first, once
## Cause: a name                        three hints, and the section of that name in solution.md
fault: the_patch                        that leaves this cause in: .meta/faults/the_patch.patch
when: figure > 1 and other < 2          a rule of dojo.kata.signs; of several lines one is enough
### Nudge
### Pointer
### Almost there
## Also: what it is about               once no cause has a hint left
when: failed_checks("") > 0
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dojo.errors import BadSetting
from dojo.kata.signs import Rule, holds, miss_of, parse_rule

__all__ = ["DEPTHS", "Cause", "HintBook", "Section", "parse_hints", "sections_of"]

DEPTHS = ("Nudge", "Pointer", "Almost there")
KINDS = ("General", "Cause", "Also")


@dataclass(frozen=True, slots=True)
class Section:
    """A hint by itself, shown when one of its rules holds, or always if it has none."""

    name: str
    text: str
    rules: tuple[Rule, ...] = ()

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Whether it has something to say about this report."""
        return not self.rules or any(holds(rule, facts) for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the kata's causes: its hints from vague to plain, and how a report shows it."""

    name: str
    faults: tuple[str, ...]  # the patches in .meta/faults that leave it in
    depths: tuple[str, ...]  # texts, in the order of DEPTHS
    rules: tuple[Rule, ...]

    def is_likely(self, facts: Mapping[str, Any]) -> bool:
        """Whether a report shows its signs."""
        return any(holds(rule, facts) for rule in self.rules)

    def miss(self, facts: Mapping[str, Any]) -> float:
        """By how far the objectives miss by which a report shows it; 0 if it goes by others."""
        return max((miss_of(rule, facts) for rule in self.rules if holds(rule, facts)), default=0)


@dataclass(frozen=True, slots=True)
class HintBook:
    """All hints of a kata; the causes in the order in which they are hinted at."""

    general: tuple[Section, ...]
    causes: tuple[Cause, ...]
    also: tuple[Section, ...]

    def likely(self, facts: Mapping[str, Any]) -> tuple[Cause, ...]:
        """The causes that a report shows: what misses clearly first, else in the book's order."""
        causes = [cause for cause in self.causes if cause.is_likely(facts)]
        return tuple(sorted(causes, key=lambda cause: -cause.miss(facts)))


def sections_of(text: str, level: int = 2) -> dict[str, str]:
    """The sections of a Markdown text by their headings of that level."""
    parts = re.split(rf"^{'#' * level} +(.+)$", text, flags=re.MULTILINE)[1:]
    return {
        heading.strip(): body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)
    }


def parse_hints(text: str) -> HintBook:
    """The hints of a text; BadSetting with the section that can't be read."""
    general, causes, also = [], [], []
    for heading, body in sections_of(text).items():
        kind, _, name = (part.strip() for part in heading.partition(":"))
        faults, rules, body = _head(heading, body)
        if kind == "General":
            general.append(Section(name, body, rules))
        elif kind == "Also":
            also.append(Section(name, body, rules))
        elif kind == "Cause":
            causes.append(Cause(name, faults, _depths(heading, body), rules))
            if not rules or not faults:
                missing = "when" if faults else "fault"
                raise BadSetting(f"'## {heading}' has no line that begins with '{missing}: '")
        else:
            kinds = ", ".join(f"'## {each}: '" for each in KINDS)
            raise BadSetting(f"'## {heading}' must begin with one of {kinds}")
    if not general:
        raise BadSetting("no section begins with '## General: '")
    return HintBook(tuple(general), tuple(causes), tuple(also))


def _head(heading: str, body: str) -> tuple[tuple[str, ...], tuple[Rule, ...], str]:
    """The faults and the rules at the top of a section, and the rest of it."""
    faults, rules, lines = [], [], body.splitlines()
    while lines and (match := re.match(r"(fault|when): *(.+)", lines[0])):
        key, value = match.groups()
        del lines[0]
        if key == "fault":
            faults.append(value.strip())
            continue
        try:
            rules.append(parse_rule(value))
        except BadSetting as error:
            raise BadSetting(f"'## {heading}': {error}") from error
    return tuple(faults), tuple(rules), "\n".join(lines).strip()


def _depths(heading: str, body: str) -> tuple[str, ...]:
    texts = sections_of(body, level=3)
    if tuple(texts) != DEPTHS or not all(texts.values()):
        names = ", ".join(f"'### {each}'" for each in DEPTHS)
        raise BadSetting(f"'## {heading}' must have {names}, in this order, each with a text")
    return tuple(texts[depth] for depth in DEPTHS)
