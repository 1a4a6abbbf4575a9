"""YAML read strictly into documents whose fields are named in every error. Knows no SLO. Pure.

Numbers are decimal, as in JSON: what YAML 1.1 would turn into a number besides (1_0, 0x10, 1:30,
.inf) stays a text here, and so do dates.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from dojo.errors import BadSetting

__all__ = ["DECIMAL", "Document", "read_documents"]

DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)
LARGEST = 1e6  # no rate, length or target comes near it
NOT_OURS = ("int", "float", "timestamp")
# What PyYAML raises besides its own errors: of a tag that a value does not fit, of deep nesting.
MISFITS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class _Loader(yaml.SafeLoader):
    """Notes each key that stands twice, and takes for a number only what DECIMAL matches."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - a class variable of PyYAML's
        first: [(tag, regexp) for tag, regexp in rules if tag.rpartition(":")[2] not in NOT_OURS]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.keys_twice: list[yaml.ScalarNode] = []

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node: yaml.MappingNode = super().compose_mapping_node(anchor)
        names = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in names:
                    self.keys_twice.append(key)
                names.add(key.value)
        return node


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(DECIMAL.pattern + "$", re.ASCII), list("-+0123456789")
)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document, and how to name it: "katas/01-latency/slo.yaml: SLO page-loads"."""

    place: str
    content: Mapping[Any, Any]

    def wrong(self, path: str, expected: str, value: object = None) -> BadSetting:
        """The error that a field is not as expected."""
        but = "" if value is None else f", not {_shortened(value)}"
        return BadSetting(f"{self.place}: {path} must be {expected}{but}.")

    def unsupported(self, path: str, feature: str, instead: str) -> BadSetting:
        """The error that a field uses what OpenSLO has and SLO Dojo does not."""
        return BadSetting(
            f"{self.place}: {path}: OpenSLO has {feature}, SLO Dojo does not. {instead}"
        )

    def find(self, path: str) -> Any:
        """The value at a path such as spec.objectives[0].target; None if there is none."""
        value: Any = self.content
        for key in re.findall(r"[^.\[\]]+", path):
            if isinstance(value, list) and key.isdecimal() and int(key) < len(value):
                value = value[int(key)]
            elif isinstance(value, dict):
                value = value.get(key)
            else:
                return None
        return value

    def mapping(self, path: str) -> Mapping[Any, Any]:
        """The mapping at a path; BadSetting if it is missing or something else."""
        value = self._required(path)
        if not isinstance(value, dict):
            raise self.wrong(path, "a mapping", value)
        return value

    def text(self, path: str, default: str | None = None) -> str:
        """The text at a path, stripped; with a default it may be missing."""
        value = self._required(path) if default is None else self.find(path)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(path, "a text", value)
        return value.strip()

    def matching(self, path: str, pattern: str, expected: str) -> str:
        """The text at a path, if the whole of it matches a pattern."""
        value = self.text(path)
        if not re.fullmatch(pattern, value, re.ASCII):
            raise self.wrong(path, expected, value)
        return value

    def positive(self, path: str, default: float | None = None, *, below: float = LARGEST) -> float:
        """The number at a path, above 0; a text may hold it, since annotations are texts."""
        if default is not None and self.find(path) is None:
            return default
        value = self._required(path)
        if isinstance(value, str) and DECIMAL.fullmatch(value):
            value = float(value)
        if not isinstance(value, float):
            raise self.wrong(path, "a number such as 0.5 or 12", value)
        if not 0 < value < below:
            raise self.wrong(path, f"a number above 0 and below {below:,.7g}", value)
        return value

    def _required(self, path: str) -> Any:
        value = self.find(path)
        if value is None:
            raise BadSetting(f"{self.place}: {path} is missing.")
        return value


def read_documents(text: str, source: str) -> list[Document]:
    """The documents of a text, and those that stand in a list, in their order.

    BadSetting on what is no YAML, on a key that stands twice in its mapping, and on a document that
    is no mapping.
    """
    try:
        contents = _contents(text, source)
    except yaml.YAMLError as error:
        words = str(error).replace("<unicode string>", source)
        raise BadSetting(f"{source} can't be read as YAML: {words}") from error
    except MISFITS as error:
        raise BadSetting(f"{source} can't be read as YAML: {type(error).__name__}.") from error
    return [
        Document(_place(source, number, content), content)
        for number, content in enumerate(contents, start=1)
    ]


def _contents(text: str, source: str) -> list[Mapping[Any, Any]]:
    """The mappings of the documents; empty documents are left out."""
    contents: list[Mapping[Any, Any]] = []
    loader = _Loader(text)
    while loader.check_data():  # type: ignore[no-untyped-call]  # types-pyyaml leaves it out
        data = loader.get_data()
        entries = data if isinstance(data, list) else [data]
        for number, entry in enumerate(entries, start=len(contents) + 1):
            if loader.keys_twice:
                key = loader.keys_twice[0]
                raise BadSetting(
                    f"{_place(source, number, entry)}: the key {_shortened(key.value)} stands twice"
                    f" in one mapping, again in line {key.start_mark.line + 1}."
                )
            if not isinstance(entry, dict | None):
                raise BadSetting(
                    f"{source}: document {number} must be a mapping, not {_shortened(entry)}."
                )
        contents += [entry for entry in entries if entry is not None]
    return contents


def _place(source: str, number: int, content: object) -> str:
    """How to find a document: by its kind and its name, where it has them."""
    if isinstance(content, dict) and isinstance(content.get("metadata"), dict):
        kind, name = content.get("kind"), content["metadata"].get("name")
        if isinstance(kind, str) and isinstance(name, str) and (kind + name).isprintable():
            return f"{source}: {kind[:40]} {name[:80]}"
    return f"{source}: document {number}"


def _shortened(value: object) -> str:
    """A value as a message shows it; never a whole tree, which aliases can make endless."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | set | tuple):
        return "a list"
    text = f"{value:g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
