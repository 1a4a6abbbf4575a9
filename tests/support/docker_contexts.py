"""Contexts of the `docker` command, written as it writes them."""

import hashlib
import json
from pathlib import Path

__all__ = ["write_context"]


def write_context(config: Path, name: str, address: str, *, current: bool = False) -> None:
    """A context in Docker's folder of configuration, which leads to an engine's address."""
    folder = config / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
    folder.mkdir(parents=True)
    facts = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": address}}}
    (folder / "meta.json").write_text(json.dumps(facts))
    if current:
        (config / "config.json").write_text(json.dumps({"currentContext": name}))
