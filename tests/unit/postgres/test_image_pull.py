"""What a learner reads where the image of Postgres can't be pulled."""

import pytest
from docker.errors import APIError, NotFound
from requests import Response

from dojo.postgres.image_pull import why_not_pulled

IMAGE = "postgres:18-bookworm"
NO_HOST = (
    'Get "https://registry.example/v2/": dial tcp: lookup registry.example on 192.0.2.53:53:'
    " no such host"
)


def refusal(status: int, reason: str, explanation: str) -> APIError:
    """The client's error, as it makes it of what the engine answers."""
    response = Response()
    response.status_code, response.reason = status, reason
    response.url = "http+docker://localhost/v1.41/images/create?tag=18-bookworm&fromImage=postgres"
    kind = NotFound if status == 404 else APIError
    return kind("", response=response, explanation=explanation)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            refusal(500, "Internal Server Error", NO_HOST),
            f"the registry of the image {IMAGE} can't be reached (no such host)",
        ),
        (
            refusal(
                500,
                "Internal Server Error",
                'Get "https://registry.example/v2/": dial tcp: lookup registry.example.',
            ),
            f"the registry of the image {IMAGE} can't be reached (lookup registry.example)",
        ),
        (
            refusal(
                404,
                "Not Found",
                f"manifest for {IMAGE} not found: manifest unknown: manifest unknown",
            ),
            f"the registry does not have the image {IMAGE} (manifest unknown)",
        ),
        (
            refusal(
                500,
                "Internal Server Error",
                "toomanyrequests: You have reached your pull rate limit",
            ),
            f"the image {IMAGE} can't be pulled (You have reached your pull rate limit)",
        ),
        (
            refusal(404, "Not Found", f"No such image: {IMAGE}"),
            f"the image {IMAGE} can't be pulled (the pull broke off)",
        ),
        (
            OSError("UnixHTTPConnectionPool(host='localhost', port=None): Read timed out."),
            f"the image {IMAGE} can't be pulled (Read timed out)",
        ),
    ],
)
def test_the_reason_is_one_readable_line(error: Exception, words: str) -> None:
    """Which image, whether its registry was reached, and the last part of the engine's message."""
    assert why_not_pulled(IMAGE, error) == words


def test_the_engines_api_is_not_named() -> None:
    """The client's own text has its address, and the learner can do nothing with it."""
    error = refusal(500, "Internal Server Error", NO_HOST)
    assert "http+docker://localhost" in str(error)
    assert "docker://" not in why_not_pulled(IMAGE, error)
    assert "https://" not in why_not_pulled(IMAGE, error)


def test_a_long_message_is_cut() -> None:
    """At 80 characters; lines are joined."""
    words = why_not_pulled(IMAGE, refusal(500, "Internal Server Error", "no\nroom " * 40))
    reason = words.partition("(")[2].removesuffix(")")
    assert len(reason) == 80
    assert reason.startswith("no room no room")
    assert reason.endswith("…")
