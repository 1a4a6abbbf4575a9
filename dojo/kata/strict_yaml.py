"""A learner's YAML as values that know their line, so that every refusal can name it. Pure.

Anchors, aliases, tags, merge keys and deep nesting are refused: no kata needs them, and a small
file could become an endless tree. Numbers are decimal, as in JSON.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import yaml

from dojo.errors import FileRefused
from dojo.kata.simulated import LearnerFile
from dojo.slo.documents import DECIMAL

__all__ = ["YamlNode", "read_yaml", "read_yaml_document"]

MOST_LEVELS = 20
MOST_SHOWN = 60  # characters of a value in a message
NULLS = ("", "~", "null", "Null", "NULL")
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value with its place: `line` in the file, from 1, and `path`, such as spec.windows[0]."""

    file: LearnerFile
    line: int
    path: str
    content: "str | Mapping[str, YamlNode] | list[YamlNode]"
    plain: bool = False  # a scalar without quotes

    def wrong(self, expected: str) -> FileRefused:
        """What to raise if the value is not as expected."""
        subject = self.path or "the document"
        return self.file.refused(f"{subject} must be {expected}, not {self._shown()}", self.line)

    def only(self, *required: str, optional: Collection[str] = ()) -> None:
        """FileRefused unless it is a mapping with the required keys and no unknown one."""
        mapping = self._mapping()
        known = [*required, *optional]
        for key, value in mapping.items():
            if key not in known:
                where = f" in {self.path}" if self.path else ""
                reason = f"{_shortened(key)} is no key{where}; there are: {', '.join(known)}"
                raise self.file.refused(reason, value.line)
        for key in required:
            self[key]

    def __getitem__(self, key: str) -> "YamlNode":
        """The value of a key; FileRefused if it is missing."""
        value = self._mapping().get(key)
        if value is None:
            raise self.file.refused(f"{self._below(key)} is missing", self.line)
        return value

    def get(self, key: str) -> "YamlNode | None":
        """The value of a key, or None."""
        return self._mapping().get(key)

    def items(self) -> "list[YamlNode]":
        """The entries of a list."""
        if not isinstance(self.content, list):
            raise self.wrong("a list")
        return self.content

    def text(
        self, *, among: Collection[str] = (), pattern: str = "", expected: str = "a text"
    ) -> str:
        """A text that is not empty: one of `among`, or wholly matching `pattern`, where given."""
        if not isinstance(self.content, str) or self._is_null() or self._is_number():
            raise self.wrong(" or ".join(among) if among else expected)
        if among and self.content not in among:
            raise self.wrong(" or ".join(among))
        if pattern and not re.fullmatch(pattern, self.content, re.ASCII):
            raise self.wrong(expected)
        return self.content

    def number(
        self, *, above: float = -math.inf, at_most: float = math.inf, expected: str = ""
    ) -> float:
        """A decimal number without quotes, within the bounds; `expected` says it in words."""
        if not self._is_number() or not above < float(str(self.content)) <= at_most:
            raise self.wrong(expected or _number_in_words(above, at_most))
        return float(str(self.content))

    def whole(self, *, at_least: int, at_most: int) -> int:
        """A whole number within the bounds."""
        value = float(str(self.content)) if self._is_number() else math.nan
        if not (at_least <= value <= at_most and value == int(value)):
            raise self.wrong(f"a whole number from {at_least:,} to {at_most:,}")
        return int(value)

    def boolean(self) -> bool:
        """true or false, without quotes."""
        if not self.plain or self.content not in BOOLEANS:
            raise self.wrong("true or false")
        return BOOLEANS[str(self.content)]

    def _mapping(self) -> "Mapping[str, YamlNode]":
        if not isinstance(self.content, dict):
            raise self.wrong("a mapping")
        return self.content

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _is_null(self) -> bool:
        return self.plain and self.content in NULLS

    def _is_number(self) -> bool:
        return self.plain and isinstance(self.content, str) and _is_decimal(self.content)

    def _shown(self) -> str:
        if not isinstance(self.content, str):
            return "a list" if isinstance(self.content, list) else "a mapping"
        if self._is_null():
            return "nothing"
        if self._is_number():
            return self.content
        quoted = "" if self.plain or not _is_decimal(self.content) else " in quotes"
        return f"{_shortened(self.content)!r}{quoted}"


def read_yaml(file: LearnerFile) -> list[YamlNode]:
    """The documents of the file, in their order; FileRefused on what is no plain YAML."""
    try:
        return list(_documents(_Events(file, yaml.SafeLoader(file.text))))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = _place(file, mark) if mark else (None, None)
        words = " ".join(filter(None, (error.context, error.problem)))
        raise file.refused(f"this is no YAML: {words}", line, column) from error
    except yaml.reader.ReaderError as error:
        line = file.text.count("\n", 0, error.position) + 1
        raise file.refused("YAML allows no such character", line) from error
    except (RecursionError, ValueError) as error:
        raise file.refused("this is no YAML that can be read") from error


def read_yaml_document(file: LearnerFile) -> YamlNode:
    """The one document of the file; FileRefused if there is none, or more than one."""
    documents = read_yaml(file)
    if len(documents) != 1:
        line = documents[1].line if documents else None
        raise file.refused(f"there must be one YAML document, not {len(documents)}", line)
    return documents[0]


class _Events:
    """PyYAML's events one by one; what no kata needs is refused as it comes."""

    def __init__(self, file: LearnerFile, loader: yaml.SafeLoader) -> None:
        self.file, self._loader = file, loader
        self._line_ends = [match.start() for match in re.finditer("\n", file.text)]

    def next(self) -> yaml.Event:
        event: yaml.Event = self._loader.get_event()  # type: ignore[no-untyped-call]
        line = self.line_of(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.file.refused("anchors (&) and aliases (*) are not read: write it out", line)
        if getattr(event, "tag", None):
            raise self.file.refused("tags (!) are not read: leave it out", line)
        return event

    def line_of(self, event: yaml.Event) -> int:
        """The line where it begins, from 1."""
        mark = event.start_mark
        return 1 if mark is None else bisect_left(self._line_ends, mark.index) + 1


def _place(file: LearnerFile, mark: yaml.Mark) -> tuple[int, int]:
    """Line and column, from 1, as editors count: to YAML some rare signs end a line, too."""
    line = file.text.count("\n", 0, mark.index) + 1
    return line, mark.index - file.text.rfind("\n", 0, mark.index)


def _documents(events: _Events) -> Iterator[YamlNode]:
    while not isinstance(event := events.next(), yaml.StreamEndEvent):
        if isinstance(event, yaml.DocumentStartEvent):
            yield _node(events, events.next(), "", 0)


def _node(events: _Events, event: yaml.Event, path: str, level: int) -> YamlNode:
    line = events.line_of(event)
    if level > MOST_LEVELS:
        raise events.file.refused(f"it is nested in over {MOST_LEVELS} levels", line)
    if isinstance(event, yaml.ScalarEvent):
        return YamlNode(events.file, line, path, event.value, plain=event.implicit[0])
    if isinstance(event, yaml.SequenceStartEvent):
        entries: list[YamlNode] = []
        while not isinstance(entry := events.next(), yaml.SequenceEndEvent):
            entries.append(_node(events, entry, f"{path}[{len(entries)}]", level + 1))
        return YamlNode(events.file, line, path, entries)
    mapping: dict[str, YamlNode] = {}
    while not isinstance(event := events.next(), yaml.MappingEndEvent):
        key = _key(events, event, mapping, path)
        below = f"{path}.{key}" if path else key
        mapping[key] = _node(events, events.next(), below, level + 1)
    return YamlNode(events.file, line, path, mapping)


def _key(events: _Events, event: yaml.Event, mapping: Mapping[str, YamlNode], path: str) -> str:
    line = events.line_of(event)
    if not isinstance(event, yaml.ScalarEvent):
        raise events.file.refused("a key must be a text", line)
    key = str(event.value)
    if key == "<<" and event.implicit[0]:
        raise events.file.refused("merge keys (<<) are not read: write it out", line)
    if key in mapping:
        first = f"the key {_shortened(key)} stands twice, first in line {mapping[key].line}"
        more = "" if path else "; a line --- begins another document"
        raise events.file.refused(f"{first}{more}", line)
    return key


def _number_in_words(above: float, at_most: float) -> str:
    bounds = [f"above {above:,.7g}"] if above > -math.inf else []
    bounds += [f"of at most {at_most:,.7g}"] if at_most < math.inf else []
    return " ".join(("a number", " and ".join(bounds))).strip()


def _is_decimal(text: str) -> bool:
    return DECIMAL.fullmatch(text) is not None and math.isfinite(float(text))


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
