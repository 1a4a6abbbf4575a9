"""dojo.kata.strict_yaml: a learner's YAML, with a line in every refusal."""

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.errors import FileRefused
from dojo.kata.simulated import LearnerFile
from dojo.kata.strict_yaml import YamlNode, read_yaml, read_yaml_document

TEXT = """
kind: AlertPolicy
windows:
  - length: 1h
    value: 14.4
    enabled: true
  - length: 6h
    value: "6"
count: 3
"""


def file(text: str) -> LearnerFile:
    return LearnerFile("app/ops/x.yaml", text)


def document(text: str = TEXT) -> YamlNode:
    return read_yaml_document(file(text))


def test_values_are_read_with_their_places() -> None:
    """Texts, numbers, lists and mappings; each knows its line and its path."""
    node = document()
    assert node["kind"].text() == "AlertPolicy"
    first, second = node["windows"].items()
    assert (first["value"].number(), first["enabled"].boolean()) == (14.4, True)
    assert (second.line, second.path) == (7, "windows[1]")
    assert (second["length"].line, second["length"].path) == (7, "windows[1].length")
    assert node["count"].whole(at_least=1, at_most=5) == 3
    assert node.get("nothing") is None
    assert [each.line for each in read_yaml(file("a: 1\n---\nb: 2\n"))] == [1, 3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1", "app/ops/x.yaml:1:6: this is no YAML: while parsing a flow sequence"),
        ("a: 1\n b: 2", "app/ops/x.yaml:2:3: this is no YAML: mapping values are not allowed"),
        (
            "a: 1\na: 2",
            "x.yaml:2: the key a stands twice, first in line 1;"
            " a line --- begins another document.",
        ),
        ("b:\n  a: 1\n  a: 2", "x.yaml:3: the key a stands twice, first in line 2."),
        ("a: &x 1", "x.yaml:1: anchors (&) and aliases (*) are not read"),
        ("b: 1\na: *x", "x.yaml:2: anchors (&) and aliases (*) are not read"),
        ("a: !!python/object:os.system x", "x.yaml:1: tags (!) are not read"),
        ("a: 1\n<<: {b: 1}", "x.yaml:2: merge keys (<<) are not read"),
        ("? [a]\n: 1", "x.yaml:1: a key must be a text"),
        (f"a: {'[' * 40}", "x.yaml:1: it is nested in over 20 levels"),
        ("# \u2028\n# \x85\na: &x 1", "x.yaml:3: anchors (&)"),  # lines of editors, not of YAML
        ("# \u2028\na: [1", "x.yaml:2:6: this is no YAML"),
        ("a: \x07", "x.yaml:1: YAML allows no such character"),
        ("", "x.yaml: there must be one YAML document, not 0."),
        ("a: 1\n---\nb: 1", "x.yaml:3: there must be one YAML document, not 2."),
    ],
)
def test_what_is_no_plain_yaml_is_refused(text: str, words: str) -> None:
    """With the line, and in a sentence."""
    with pytest.raises(FileRefused) as refused:
        document(text)
    assert words in str(refused.value)


def test_a_bomb_is_refused_at_its_first_line() -> None:
    """Nine aliases of nine aliases and so on never become a tree."""
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in pairwise("abcdefghi")]
    with pytest.raises(FileRefused, match=r"x\.yaml:1: anchors"):
        document("\n".join(lines))


@pytest.mark.parametrize("sign", ["[", "{", "- ", "a: ", "? ", "'", "!", "&a ", "|\n"])
def test_a_long_file_of_one_sign_ends_soon(sign: str) -> None:
    """Whatever is repeated up to the largest file, it is refused and no recursion overflows."""
    with pytest.raises(FileRefused):
        document(sign * (30_000 // len(sign)) + "\n]")


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (lambda n: n["kind"].number(), "x.yaml:2: kind must be a number, not 'AlertPolicy'"),
        (lambda n: n["name"], "x.yaml:2: name is missing"),
        (lambda n: n["windows"]["length"], "x.yaml:4: windows must be a mapping, not a list"),
        (lambda n: n["kind"].items(), "kind must be a list, not 'AlertPolicy'"),
        (
            lambda n: n["windows"].items()[1]["value"].number(above=0),
            "x.yaml:8: windows[1].value must be a number above 0, not '6'",
        ),
        (lambda n: n["count"].text(), "x.yaml:9: count must be a text, not 3"),
        (lambda n: n["count"].boolean(), "count must be true or false, not 3"),
        (lambda n: n["count"].number(at_most=2), "count must be a number of at most 2, not 3"),
        (lambda n: n["count"].whole(at_least=4, at_most=9), "a whole number from 4 to 9, not 3"),
        (lambda n: n["kind"].text(among=("SLO", "SLI")), "kind must be SLO or SLI, not 'Alert"),
        (
            lambda n: n["windows"].items()[0]["length"].text(pattern=r"\d+m", expected="5m"),
            "x.yaml:4: windows[0].length must be 5m, not '1h'",
        ),
        (lambda n: n.only("kind", "windows"), "x.yaml:9: count is no key; there are: kind, win"),
        (
            lambda n: n["windows"].items()[0].only("length", optional=["value"]),
            "x.yaml:6: enabled is no key in windows[0]; there are: length, value",
        ),
        (lambda n: n.only("kind", "windows", "count", "more"), "x.yaml:2: more is missing"),
    ],
)
def test_a_value_that_is_not_as_expected_is_named(read: object, words: str) -> None:
    """Line, path, what must be there, and what is."""
    assert callable(read)
    with pytest.raises(FileRefused) as refused:
        read(document())
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["a:", "a: ~", "a: null", "a: 12", "a: []", "a: {b: 1}"])
def test_nothing_and_numbers_are_no_texts(text: str) -> None:
    """What looks like a text in an editor is one in quotes."""
    with pytest.raises(FileRefused, match="a must be a text"):
        document(text)["a"].text()
    assert document('a: "12"')["a"].text() == "12"


@pytest.mark.parametrize("text", ["1_0", "0x10", "1:30", ".inf", "1e999", "'5'", "012", "yes"])
def test_numbers_are_decimal(text: str) -> None:
    """What YAML 1.1 takes for a number besides is none here."""
    with pytest.raises(FileRefused, match="a must be a number"):
        document(f"a: {text}")["a"].number()


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else ever comes of it."""
    with suppress(FileRefused):
        assert all(node.path == "" for node in read_yaml(file(text)))
