"""What a journey learns from one answer and says in a later request. Pure."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

from dojo.load.plan import Step

__all__ = ["Captured", "capture", "fill"]

Captured = dict[str, str]


def fill(step: Step, captured: Captured) -> tuple[str, dict[str, str], bytes]:
    """A step's (path, headers, body) with each {{name}} replaced, quoted as its place needs it."""
    path, headers, body = step.path, dict(step.headers), step.body
    if not captured:
        return path, headers, body
    path = _filled(path, captured, partial(quote, safe=""))
    headers = {key: _filled(value, captured, str) for key, value in headers.items()}
    if b"{{" in body:
        as_json = body.lstrip()[:1] in (b"{", b"[")
        body = _filled(body.decode(), captured, _quote_json if as_json else quote_plus).encode()
    return path, headers, body


def capture(step: Step, body: bytes, captured: Captured) -> str:
    """Take what later steps need out of a JSON answer; what is wrong with it, or ""."""
    for name, path in step.capture.items():
        try:
            value: Any = json.loads(body)
            for key in path.split("."):
                value = value[int(key)] if isinstance(value, list) else value[key]
        except (ValueError, LookupError, TypeError, RecursionError):
            return f"{step.method} {step.path} did not answer with {path} in JSON"
        captured[name] = value if isinstance(value, str) else json.dumps(value)
    return ""


def _filled(text: str, captured: Captured, quoted: Callable[[str], str]) -> str:
    for name, value in captured.items():
        text = text.replace("{{" + name + "}}", quoted(value))
    return text


def _quote_json(value: str) -> str:
    return json.dumps(value)[1:-1]
