"""Which Postgres: DOJO_POSTGRES=auto|docker|embedded|postgresql://…"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dojo.environment import POSTGRES_URL
from dojo.errors import BadSetting, PostgresUnavailable
from dojo.postgres.docker import DEFAULT_IMAGE, LONG_PULL_S, engine_problem, serve_docker
from dojo.postgres.embedded import serve_embedded
from dojo.postgres.engine import Engine
from dojo.postgres.external import find_external
from dojo.postgres.server import Server

__all__ = ["serve"]

REQUESTED = "as DOJO_POSTGRES asks"


@contextmanager
def serve(
    choice: str | None, cache: Path, image: str | None, say: Callable[[str], None]
) -> Iterator[Server]:
    """A server for the length of the block; says in one line which one it is, and why.

    `auto`, or None: Docker if an engine answers and its container starts, else embedded.
    BadSetting on an unknown choice, PostgresUnavailable if the chosen server can't be started.
    """
    provider, image = choice or "auto", image or DEFAULT_IMAGE
    with ExitStack() as stack:
        if provider.startswith(POSTGRES_URL):
            server = find_external(provider, cache, say)
        elif provider == "auto":
            server = _automatic(stack, cache, image, say)
        elif provider == "docker":
            engine = Engine.chosen(os.environ)
            if problem := engine_problem(engine, image, say, LONG_PULL_S):
                raise PostgresUnavailable(
                    f"DOJO_POSTGRES=docker, but {problem}. Start the engine, name an image that is"
                    " there in DOJO_POSTGRES_IMAGE, or set DOJO_POSTGRES=embedded, which needs no"
                    " Docker."
                )
            server = stack.enter_context(serve_docker(engine, cache, image, REQUESTED))
        elif provider == "embedded":
            server = stack.enter_context(serve_embedded(cache, REQUESTED))
        else:
            raise BadSetting(
                f"DOJO_POSTGRES is {provider!r}; it must be auto, docker, embedded or postgresql://…"
            )
        say(f"Postgres {server.version}, {server.provider}: {server.why}.")
        yield server


def _automatic(stack: ExitStack, cache: Path, image: str, say: Callable[[str], None]) -> Server:
    engine = Engine.chosen(os.environ)
    problem = engine_problem(engine, image, say)
    if problem is None:
        why = f"the engine at {engine.words} answers" if engine.named_by else "an engine answers"
        try:
            return stack.enter_context(serve_docker(engine, cache, image, why))
        except PostgresUnavailable as error:
            problem = str(error).splitlines()[0]
    why = f"{problem}, so the embedded server is used instead"
    return stack.enter_context(serve_embedded(cache, why))
