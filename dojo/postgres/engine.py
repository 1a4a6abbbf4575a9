"""Which Docker engine a run uses: one for all that it does. Values; asks no engine.

It is the one that the `docker` command would take: of DOCKER_HOST, else of the context that
DOCKER_CONTEXT names, else of the context that Docker's config.json names, else the usual socket.
Docker's own Python client reads DOCKER_HOST alone, and so it is given `Engine.environment`.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["SOCKET", "Engine"]

SOCKET = "unix:///var/run/docker.sock"
DEFAULT_CONTEXT = "default"
LOOPBACK = ("localhost", "127.", "::1")


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine's address, and where it is from."""

    address: str = SOCKET  # unix://, tcp://, ssh://…
    named_by: str = ""  # "DOCKER_HOST", "Docker's context 'colima'"; "" for the usual socket
    environment: Mapping[str, str] = field(default_factory=dict)  # what Docker's client reads

    @classmethod
    def chosen(cls, environ: Mapping[str, str]) -> "Engine":
        """The engine that these variables and the files that they lead to name."""
        if address := environ.get("DOCKER_HOST"):
            names = ("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
            given = {name: environ[name] for name in names if name in environ}
            return cls(address, "DOCKER_HOST", given)
        home = Path(environ.get("DOCKER_CONFIG") or Path(environ.get("HOME", "/")) / ".docker")
        name = environ.get("DOCKER_CONTEXT") or _current_context(home)
        if name in ("", DEFAULT_CONTEXT):
            return cls(environment={"DOCKER_HOST": SOCKET})
        return cls._of_context(home / "contexts", name)

    @classmethod
    def _of_context(cls, contexts: Path, name: str) -> "Engine":
        named_by, folder = f"Docker's context {name!r}", hashlib.sha256(name.encode()).hexdigest()
        address = ""
        with suppress(OSError, ValueError, KeyError, TypeError):
            facts = json.loads((contexts / "meta" / folder / "meta.json").read_text("utf-8"))
            address = str(facts["Endpoints"]["docker"]["Host"])
        environment = {"DOCKER_HOST": address}
        certificates = contexts / "tls" / folder / "docker"
        if certificates.is_dir():
            environment |= {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(certificates)}
        return cls(address, named_by, environment)

    @property
    def words(self) -> str:
        """The engine, as a part of a sentence."""
        if self.named_by == "DOCKER_HOST":
            return f"{self.address} (DOCKER_HOST)"
        return f"{self.address} ({self.named_by})" if self.named_by else self.address

    @property
    def problem(self) -> str | None:
        """Why it can't be used, whoever answers there; None if nothing speaks against it.

        A run reaches its Postgres on 127.0.0.1, where the engine publishes its port: that of
        another machine publishes it there.
        """
        if not self.address:
            return f"{self.named_by} leads to no engine"
        kind, host = urlsplit(self.address).scheme, urlsplit(self.address).hostname or ""
        if kind == "ssh" or (kind in ("tcp", "http", "https") and not host.startswith(LOOPBACK)):
            return f"the engine at {self.words} is on another machine, which a run can't use"
        return None


def _current_context(home: Path) -> str:
    with suppress(OSError, ValueError, AttributeError):
        config = json.loads((home / "config.json").read_text(encoding="utf-8"))
        return str(config.get("currentContext", ""))
    return ""
