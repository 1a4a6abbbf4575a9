"""A pull that is slow, and one that stalls, on a real engine: what is said meanwhile."""

import re

import pytest

from dojo.postgres import image_pull
from dojo.postgres.image_pull import pull_problem
from tests.support.docker_engines import ENGINE_SOCKET, dripping_registry, mute_registry

ENGINE = {"DOCKER_HOST": f"unix://{ENGINE_SOCKET}"}

pytestmark = pytest.mark.usefixtures("docker_image")


def test_a_slow_pull_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once that it pulls, then how much is there; and it is given up in the end."""
    monkeypatch.setattr(image_pull, "SAID_EVERY_S", 1.0)
    lines: list[str] = []
    with dripping_registry() as image:
        problem = pull_problem(image, ENGINE, lines.append, at_most_s=10.0)
    assert problem == f"the image {image} was not there after 10 s of pulling"
    assert lines[0] == f"Pulling the image {image}: once, as fast as its registry sends."
    assert re.search(r": \d+\.\d of 50\.0 MB so far after \d+ s\.$", lines[-1])


def test_a_pull_that_stalls_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the engine has said nothing of it for some time."""
    monkeypatch.setattr(image_pull, "STALLED_S", 2.0)
    monkeypatch.setattr(image_pull, "SAID_EVERY_S", 0.5)
    lines: list[str] = []
    with mute_registry() as image:
        problem = pull_problem(image, ENGINE, lines.append)
    assert problem is not None
    words = re.escape(f"the image {image} can't be pulled (the engine said nothing of it for ")
    assert re.fullmatch(rf"{words}\d+ s\)", problem)
    assert "nothing so far after" in lines[1]
