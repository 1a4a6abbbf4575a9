"""dojo.slo.documents: whatever the YAML, it is read, or it is BadSetting."""

from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dojo.errors import BadSetting
from dojo.slo.documents import read_documents
from dojo.slo.openslo import parse
from tests.support.project import ROOT

TEXT = (ROOT / "katas/01-latency/slo.yaml").read_text()
DOCUMENTS = list(yaml.safe_load_all(TEXT))


def test_numbers_are_decimal_and_the_rest_is_text() -> None:
    """What YAML 1.1 takes for a number besides is left as it was written."""
    (document,) = read_documents(
        "[{a: 1_0, b: 0x10, c: 1:30, d: .inf, e: 2020-01-01, f: 1.5e3}]", "x"
    )
    assert document.content == {
        **{"a": "1_0", "b": "0x10", "c": "1:30", "d": ".inf", "e": "2020-01-01"},
        "f": 1500.0,
    }


def test_a_merged_mapping_has_no_key_twice() -> None:
    """A key that overrides a merged one stands once in its own mapping."""
    (document,) = read_documents("a: &a {x: 1}\nb: {<<: *a, x: 2}\nc: {<<: *a}", "x")
    assert document.content["b"] == {"x": 2.0}


def only_bad_setting(text: str) -> None:
    """Reads a text, and lets through any error but the module's own."""
    with suppress(BadSetting):
        parse(text)


PIECES = st.sampled_from(
    [
        *TEXT.split(),
        *(
            "---",
            "\n",
            "\n  ",
            "\n    - ",
            ": ",
            "- ",
            "&a",
            "*a",
            "<<: *a",
            "[",
            "]",
            "{",
            "}",
            "|",
        ),
        *(
            "!!int",
            "!!float",
            "!!timestamp",
            "!!bool",
            "!!binary",
            "!!set",
            "!!python/name:os",
            "?",
        ),
        *("1_0", ".inf", "2020-99-99", "null", "~", "'", '"', "#", "%", "\t", "\x00", "\ud800"),
    ]
)


@given(st.text() | st.lists(PIECES, max_size=30).map(" ".join))
def test_no_text_raises_anything_else(text: str) -> None:
    """Whatever the text: a service level, or BadSetting."""
    only_bad_setting(text)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


def paths(tree: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a tree, the tree itself among them."""
    if isinstance(tree, dict):
        below = list(tree.items())
    else:
        below = list(enumerate(tree)) if isinstance(tree, list) else []
    return [prefix, *(path for key, value in below for path in paths(value, (*prefix, key)))]


def replaced(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of a tree with another value at a path."""
    if not path:
        return value
    key = path[0]
    if isinstance(tree, dict):
        return {k: replaced(v, path[1:], value) if k == key else v for k, v in tree.items()}
    return [replaced(v, path[1:], value) if k == key else v for k, v in enumerate(tree)]


@given(st.sampled_from(paths(DOCUMENTS)), TREES)
def test_no_value_in_any_place_raises_anything_else(path: tuple[Any, ...], value: Any) -> None:
    """A file that is right but for one value: a service level, or BadSetting."""
    only_bad_setting(yaml.safe_dump(replaced(DOCUMENTS, path, value)))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "a: &a [*a]",
        "!!int ''",
        "!!bool maybe",
        "!!timestamp soon",
        "!!binary =",
        "? [a]\n: b",
        "1" * 5000,
        "a: &a {x: &b [1]}\nb: {<<: *b}",
    ],
    ids=lambda text: text[:12],
)
def test_what_breaks_a_yaml_reader_is_a_bad_setting(text: str) -> None:
    """Deep nesting, endless trees, tags that don't fit."""
    with pytest.raises(BadSetting, match=r"^slo\.yaml"):
        parse(text)
