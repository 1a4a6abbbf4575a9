"""dojo.load.capture: values from one answer, quoted where they stand in a later request."""

import json
import string
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.load.capture import Values, capture, fill
from dojo.load.plan import Step

# any characters but surrogates, which no answer in UTF-8 can hold, and what looks like a name
TEXTS = st.text() | st.sampled_from(["{{value}}", "a {{other}}", "{{x}}", "{{{other}}}"])


@given(TEXTS, TEXTS)
def test_a_path_holds_the_value_in_one_segment(value: str, other: str) -> None:
    """Whatever is captured, the path has its own segments, no query, and decodes to the value."""
    step = Step("a", "GET", "/pages/{{value}}/{{other}}/end")
    path, _, _ = fill(step, {"value": value, "other": other})
    address = urlsplit(f"http://127.0.0.1:80{path}")
    assert path.isascii()
    assert (address.path, address.query, address.fragment) == (path, "", "")
    assert [unquote(part) for part in path.split("/")] == ["", "pages", value, other, "end"]


@given(TEXTS)
def test_a_json_body_holds_the_value_in_its_string(value: str) -> None:
    """Whatever is captured, the body is JSON, has no other keys, and the string is the value."""
    step = Step("a", "POST", "/", body=b' {"before": 1, "key": "x {{value}}", "after": [2]}')
    _, _, body = fill(step, {"value": value})
    assert json.loads(body) == {"before": 1, "key": f"x {value}", "after": [2]}


@given(TEXTS, TEXTS)
def test_a_form_body_holds_the_value_in_its_field(value: str, other: str) -> None:
    """Whatever is captured, the form has its own fields, and each decodes to its value."""
    step = Step("a", "POST", "/", body=b"first={{value}}&second={{other}}")
    _, _, body = fill(step, {"value": value, "other": other})
    assert parse_qs(body.decode("ascii"), keep_blank_values=True, strict_parsing=True) == {
        "first": [value],
        "second": [other],
    }


@given(st.text(string.printable) | TEXTS)
def test_a_header_holds_the_value_as_it_is(value: str) -> None:
    """A header has no quoting: the value stands in it unchanged, and the name is untouched."""
    step = Step("a", "GET", "/", headers={"X-{{value}}": "id {{value}}"})
    assert fill(step, {"value": value})[1] == {"X-{{value}}": f"id {value}"}


@given(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_no_text_is_the_same_again(value: object) -> None:
    """A number, true, false or null of an answer is itself in a JSON body, without quotes."""
    values: Values = {}
    answer = json.dumps({"items": [value]}).encode()
    assert capture(Step("a", "GET", "/", capture={"x": "items.0"}), answer, values) == ""
    _, _, body = fill(Step("b", "POST", "/", body=b'{"in": {"x": {{x}}}}'), values)
    assert json.loads(body) == {"in": {"x": value}}


@given(TEXTS)
def test_a_text_survives_answer_and_request(text: str) -> None:
    """A text in one answer arrives unchanged in the JSON of the next request."""
    values: Values = {}
    capture(Step("a", "GET", "/", capture={"x": "key"}), json.dumps({"key": text}).encode(), values)
    _, _, body = fill(Step("b", "POST", "/", body=b'["{{x}}"]'), values)
    assert json.loads(body) == [text]


@pytest.mark.parametrize("answer", [b"", b"\xff", b"[]", b'{"key": []}', b'{"other": 1}', b"1"])
def test_an_answer_without_the_value_is_named(answer: bytes) -> None:
    """The message says which request and which key path, and nothing is captured."""
    values: Values = {}
    problem = capture(Step("a", "GET", "/list", capture={"x": "key.0.id"}), answer, values)
    assert problem == "GET /list did not answer with key.0.id in JSON"
    assert values == {}
