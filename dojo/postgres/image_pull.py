"""Pulls the image of Postgres, and says in a few words why that failed.

An engine's error has the address of its own API in it and every layer that the problem went
through. A learner needs to know which image, whether its registry was reached, and the last layer.
"""

import re
import threading

import docker
from docker.errors import APIError, DockerException, NotFound

__all__ = ["ENGINE_WORKS_S", "pull_problem", "why_not_pulled"]

ENGINE_WORKS_S = 20  # an engine that stops answering must not hang a run
PULL_S = 120.0
MOST_CHARACTERS = 80
BROKE_OFF = "No such image"  # what the client says where a pull that began did not come to its end
UNREACHABLE = re.compile(
    r"dial tcp|lookup |no such host|proxyconnect|connection re(fused|set)|network is unreachable"
    r"|TLS handshake|[Cc]lient\.Timeout|i/o timeout|request canceled|x509:"
)
MISSING = re.compile(r"manifest unknown|not found|does not exist|access (is )?denied")


def pull_problem(image: str) -> str | None:
    """Why the image can't be pulled; None once it is there."""
    problems: list[str] = []

    def pull() -> None:
        try:
            client = docker.from_env(timeout=ENGINE_WORKS_S)
            try:
                client.images.pull(image)
            finally:
                client.close()
        except (DockerException, OSError) as error:
            problems.append(why_not_pulled(image, error))

    # the client's own timeout is for each message of the engine, and a slow pull sends many
    puller = threading.Thread(target=pull, daemon=True)
    puller.start()
    puller.join(PULL_S)
    if puller.is_alive():
        return f"the image {image} was not there after {PULL_S:.0f} s of pulling"
    return problems[0] if problems else None


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
