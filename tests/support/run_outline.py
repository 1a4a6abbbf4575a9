"""A copy of the project's outline for tests of `./run`, with stand-ins for uv and Python.

The stand-ins write down what they were called with, so nothing is downloaded.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import ROOT

__all__ = ["KATAS", "WHOLE", "RunOutline", "run_outline"]

KATAS, WHOLE = "requirements-katas.lock", "requirements.lock"

PYTHON = """#!/bin/sh
case "$*" in
  "-c "*) exit 0 ;;
  "-m venv --clear "*)
    printf 'make\\n' >>"$CALLS"
    rm -rf "$4"/* # through a link, as Python does
    mkdir -p "$4/bin"
    cp "$0" "$4/bin/python"
    ;;
  "-m pip install "*)
    for last; do :; done
    case "$*" in *"--no-index --find-links "*) from=' as kept' ;; esac
    printf 'install %s%s\\n' "${last##*/}" "${from:-}" >>"$CALLS"
    if [ -n "${from:-}" ] && [ -e "$SPOILED" ]; then exit 1; fi
    ;;
  *cache_tag*) echo cpython-313-here ;;
  "-m venv "*)
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    ;;
  "-m pip download "*)
    printf 'fetch %s\\n' "${*##*/}" >>"$CALLS"
    if [ -e "$NO_NETWORK" ]; then exit 1; fi
    while [ "$1" != --dest ]; do shift; done
    touch "$2/pytest-9.whl"
    ;;
  "-m ensurepip"* | "-m pip uninstall "* | "-m compileall "*) ;;
  *) printf '%s|' "${PYTHONPATH:-}" "$@" ;;
esac
"""
UV = """#!/bin/sh
case "$*" in
  --version) ;;
  "venv --quiet --clear --python "*)
    printf 'make\\n' >>"$CALLS"
    rm -rf "$6"/*
    mkdir -p "$6/bin"
    cp "$5" "$6/bin/python"
    ;;
  "pip sync "*)
    for last; do :; done
    case "$*" in *"--no-index --find-links "*) from=' as kept' ;; esac
    printf 'install %s%s\\n' "${last##*/}" "${from:-}" >>"$CALLS"
    if [ -e "$NO_NETWORK" ] && [ -z "${from:-}" ]; then exit 1; fi
    if [ -e "$SPOILED" ] && [ -n "${from:-}" ]; then exit 1; fi
    sleep "${SLOW_S:-0}"
    place=$(cd "$VIRTUAL_ENV" && pwd -P)
    for name in pytest ruff; do
      printf '#!/bin/sh\\n# %s\\necho %s "$@"\\n' "$place/bin/python" $name >"$place/bin/$name"
      chmod +x "$VIRTUAL_ENV/bin/$name"
    done
    ;;
esac
"""


@dataclass(frozen=True)
class RunOutline:
    """A copy of the project's outline, and the stand-ins that the script finds on the PATH."""

    root: Path
    stand_ins: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.stand_ins}:/usr/bin:/bin",
            "CALLS": str(self.root / "calls"),
            "NO_NETWORK": str(self.root / "no network"),
            "SPOILED": str(self.root / "spoiled"),
            "DOJO_CACHE": str(self.stand_ins.parent / "a cache"),
        }

    def run(
        self, *words: str, cwd: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(self.root / "run"), *words],
            cwd=cwd or self.root,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def calls(self) -> list[str]:
        """What was made and installed since the last look."""
        log = self.root / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


def run_outline(tmp_path: Path) -> RunOutline:
    """The outline in a folder of its own below `tmp_path`."""
    root = tmp_path / "a project"
    for folder in ("katas/01-latency", "tests/unit", "tools"):
        (root / folder).mkdir(parents=True)
    (root / "katas/01-latency/test_latency.py").touch()
    shutil.copy(ROOT / "run", root)
    (root / KATAS).write_text("pytest==9\n")
    (root / WHOLE).write_text("pytest==9\nruff==1\n")
    stand_ins = tmp_path / "bin"
    stand_ins.mkdir()
    for name, text in (("python3.13", PYTHON), ("uv", UV)):
        (stand_ins / name).write_text(text)
        (stand_ins / name).chmod(0o755)
    return RunOutline(root, stand_ins)
