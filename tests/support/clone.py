"""A small project with an app and katas, as a learner may have it: a clone, an archive, a fork."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HOME", "IDENTITY", "SHIPPED", "Project", "make_project"]

HOME = "def home():\n    return slow()\n\n\ndef slow():\n    return 1\n"
SHIPPED = {
    "main.py": "import home\n",
    "home.py": HOME,
    "migrations/0001_schema.sql": "CREATE TABLE t ();\n",
    "ops/alerts.yml": "rules: []\n",
}
FIX = "\n".join(
    [
        *("--- a/app/home.py", "+++ b/app/home.py", "@@ -1,5 +1,5 @@"),
        *(
            " def home():",
            "-    return slow()",
            "+    return quick()",
            " ",
            " ",
            " def slow():",
            "",
        ),
    ]
)
IDENTITY = {
    **{f"GIT_{who}_NAME": "somebody" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "somebody@example.org" for who in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass(frozen=True)
class Project:
    """A project at `root`."""

    root: Path

    @property
    def app(self) -> Path:
        return self.root / "app"

    def files(self) -> dict[str, str]:
        """What is in app/, caches left out."""
        return {
            str(path.relative_to(self.app)): path.read_text()
            for path in self.app.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    def git(self, *arguments: str) -> str:
        """Run git there; its output."""
        return subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**os.environ, **IDENTITY},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def commit(self, message: str) -> str:
        """Commit all that there is; the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")


def make_project(root: Path) -> Project:
    """The project's files, in no repository."""
    project = Project(root)
    for name, text in SHIPPED.items():
        path = project.app / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    kata = root / "katas" / "01-latency"
    (kata / ".meta").mkdir(parents=True)
    (kata / "slo.yaml").write_text("")
    (kata / ".meta" / "solution.patch").write_text(FIX)
    (root / ".gitignore").write_text(".dojo/\n__pycache__/\n")
    return project
