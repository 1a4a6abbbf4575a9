"""Pulls the image of Postgres, and says in a few words why that failed.

An engine's error has the address of its own API in it and every layer that the problem went
through. A learner needs to know which image, whether its registry was reached, and the last layer.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound
from docker.utils import parse_repository_tag

__all__ = ["ENGINE_WORKS_S", "PULL_S", "pull_problem", "why_not_pulled"]

ENGINE_WORKS_S = 20  # an engine that stops answering must not hang a run
PULL_S = 120.0  # then the embedded server is quicker
SAID_EVERY_S = 10.0
STALLED_S = 25.0
MB = 1_000_000
MOST_CHARACTERS = 80
BROKE_OFF = "No such image"  # what the client says where a pull that began did not come to its end
UNREACHABLE = re.compile(
    r"dial tcp|lookup |no such host|proxyconnect|connection re(fused|set)|network is unreachable"
    r"|TLS handshake|[Cc]lient\.Timeout|i/o timeout|request canceled|x509:"
)
MISSING = re.compile(r"manifest unknown|not found|does not exist|access (is )?denied")


def pull_problem(
    image: str,
    environment: Mapping[str, str],
    say: Callable[[str], None],
    at_most_s: float = PULL_S,
) -> str | None:
    """Why the image can't be pulled; None once it is there. Says at once that it pulls, and then
    how far it is.

    `environment` names the engine. A pull of which it says nothing for STALLED_S is given up.
    """
    say(f"Pulling the image {image}: once, as fast as its registry sends.")
    pull = _Pull(image, environment)
    began = time.monotonic()
    puller = threading.Thread(target=pull.run, daemon=True)
    puller.start()
    while puller.is_alive() and (spent_s := time.monotonic() - began) < at_most_s:
        puller.join(min(SAID_EVERY_S, at_most_s - spent_s))
        if puller.is_alive():
            if pull.silent_s > STALLED_S:
                return (
                    f"the image {image} can't be pulled (the engine said nothing of it for"
                    f" {pull.silent_s:.0f} s)"
                )
            say(f"Pulling {image}: {pull.amount} after {time.monotonic() - began:.0f} s.")
    if puller.is_alive():
        return f"the image {image} was not there after {at_most_s:.0f} s of pulling"
    return pull.problem


class _Pull:
    """One pull, to be run by a thread of its own: a slow one sends many messages."""

    def __init__(self, image: str, environment: Mapping[str, str]) -> None:
        self._image, self._environment = image, environment
        self._layers: dict[str, tuple[int, int]] = {}  # bytes that are there, and all, by layer
        self._heard_at_s = time.monotonic()
        self.problem: str | None = None

    @property
    def silent_s(self) -> float:
        """How long the engine has said nothing of it."""
        return time.monotonic() - self._heard_at_s

    @property
    def amount(self) -> str:
        """How much is there."""
        layers = list(self._layers.values())
        done, total = (sum(each) / MB for each in zip(*layers, strict=True)) if layers else (0, 0)
        return f"{done:,.1f} of {total:,.1f} MB so far" if total else "nothing so far"

    def run(self) -> None:
        """Pull it; `problem` says why that failed."""
        try:
            client = docker.from_env(environment=dict(self._environment), timeout=ENGINE_WORKS_S)
            try:
                name, tag = parse_repository_tag(self._image)
                for message in client.api.pull(name, tag or "latest", stream=True, decode=True):
                    self._note(message)
                client.images.get(self._image)
            finally:
                client.close()
        except (DockerException, OSError) as error:
            self.problem = why_not_pulled(self._image, error)

    def _note(self, message: Mapping[str, Any]) -> None:
        self._heard_at_s = time.monotonic()
        if "error" in message:
            raise DockerException(str(message["error"]))
        facts = message.get("progressDetail") or {}
        if message.get("status") == "Downloading" and facts.get("total"):
            self._layers[str(message["id"])] = (int(facts["current"]), int(facts["total"]))


def why_not_pulled(image: str, error: Exception) -> str:
    """What went wrong, as a part of a sentence: the image, and the end of the engine's message."""
    message = str((error.explanation if isinstance(error, APIError) else None) or error)
    if message.startswith(BROKE_OFF):
        return f"the image {image} can't be pulled (the pull broke off)"
    end = _end_of(message)
    if UNREACHABLE.search(message):
        return f"the registry of the image {image} can't be reached ({end})"
    if isinstance(error, NotFound) or MISSING.search(message):
        return f"the registry does not have the image {image} ({end})"
    return f"the image {image} can't be pulled ({end})"


def _end_of(message: str) -> str:
    """The last part of a message whose parts are set off by colons, in one short line."""
    last = " ".join(message.split()).rpartition(": ")[2].strip(' ."()')
    return last if len(last) <= MOST_CHARACTERS else f"{last[: MOST_CHARACTERS - 1]}…"
