"""What a journey takes from one answer and puts into a later request. Pure."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

from dojo.load.plan import Step

__all__ = ["Values", "capture", "fill"]

Values = dict[str, str]  # captured values by name; what was no string in JSON is its JSON text

PLACE = re.compile(r"\{\{([^{}]+)\}\}")


def fill(step: Step, values: Values) -> tuple[str, dict[str, str], bytes]:
    """A step's (path, headers, body), each {{name}} replaced by its value.

    A value is quoted as its place needs it: percent-encoded in a path, escaped as in a JSON string
    if the body is a JSON object or array, form-encoded in any other body. In a header it stands as
    it is; what no header can hold is for the sender to refuse.
    """
    path, headers, body = step.path, dict(step.headers), step.body
    if not values:
        return path, headers, body
    path = _replaced(path, values, partial(quote, safe=""))
    headers = {key: _replaced(value, values, str) for key, value in headers.items()}
    if b"{{" in body:
        is_json = body.lstrip()[:1] in (b"{", b"[")
        body = _replaced(body.decode(), values, _quote_json if is_json else quote_plus).encode()
    return path, headers, body


def capture(step: Step, body: bytes, values: Values) -> str:
    """Add to `values` what later steps need of a JSON answer; what is wrong with it, or ""."""
    for name, path in step.capture.items():
        try:
            value: Any = json.loads(body)
            for key in path.split("."):
                value = value[int(key)] if isinstance(value, list) else value[key]
        except (ValueError, LookupError, TypeError, RecursionError):
            return f"{step.method} {step.path} did not answer with {path} in JSON"
        values[name] = value if isinstance(value, str) else json.dumps(value)
    return ""


def _replaced(text: str, values: Values, quoted: Callable[[str], str]) -> str:
    """In one pass, so that a name within a value is not replaced in its turn."""

    def value_of(place: re.Match[str]) -> str:
        value = values.get(place[1])
        return place[0] if value is None else quoted(value)

    return PLACE.sub(value_of, text) if "{{" in text else text


def _quote_json(value: str) -> str:
    return json.dumps(value)[1:-1]
