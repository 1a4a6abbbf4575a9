"""A kata that breaks no rule, as values, and the project around it; for tests that break one."""

from dojo.kata.folder_content import FolderContent, Patch, ProjectContent
from tests.support.project import ROOT

__all__ = ["KATA", "PROJECT", "diff", "hints_of"]


def diff(*names: str, new: bool = False) -> str:
    """A patch of these files, as far as the rules look at it."""
    mode = "new file mode 100644\n" if new else ""
    return "".join(f"diff --git a/{name} b/{name}\n{mode}" for name in names)


def hints_of(cause: str) -> str:
    """The section of a cause."""
    depths = "### Nudge\nLook.\n### Pointer\nLook there.\n### Almost there\nIn app/home.py.\n\n"
    return f"## Cause: {cause}\nfault: {cause}\nwhen: pool_waits > 3\n{depths}"


CAUSES = ("one", "two", "three")
TEXTS = {
    "slo.yaml": (ROOT / "katas" / "01-latency" / "slo.yaml").read_text(),
    "README.md": """# Kata 07

| objective | error budget |
|---|---|
| 95% of page loads within 100 ms | 5 of 100 page loads may be slower, or fail |
| 99% of page loads within 300 ms | 1 of 100 |

An event is one load of `/`.

| of 100 visits | |
|---|---|
| 80 | stay |
""",
    "test_made_up.py": '"""Kata 07."""\n',
    ".meta/kata.toml": 'owns = ["app/home.py"]\nmigrations = [7]\nstatus = "active"\n',
    ".meta/solution.md": "# A fix\n\n" + "".join(f"## {each}\nAsk once.\n\n" for each in CAUSES),
    ".meta/hints.md": "# Hints\n\n## General: all\nLook.\n\n" + "".join(map(hints_of, CAUSES)),
}
KATA = FolderContent(
    name="07-made-up",
    texts=TEXTS,
    patches=(
        Patch("solution.patch", diff("app/home.py")),
        Patch("faults/one.patch", diff("app/home.py")),
        Patch("faults/two.patch", diff("app/home.py")),
        Patch("faults/three.patch", diff("app/migrations/0007_index.sql", new=True)),
        Patch("fixes/cache.patch", diff("app/home.py")),
        Patch("fixes/table.patch", diff("app/home.py")),
        Patch("cheats/pages_right__fewer.patch", diff("app/main.py")),
        Patch("cheats/pages_right__none.patch", diff("app/database.py")),
        Patch("cheats/seed_intact__small.patch", diff("app/migrations/0001_schema.sql")),
    ),
    checks=("pages_right", "seed_intact"),
)
PROJECT = ProjectContent(
    app_files=frozenset({"app/home.py", "app/main.py", "app/database.py"}),
    buckets_s=(0.1, 0.3),
    readme="| [07-made-up](katas/07-made-up/README.md) | slow | 95% |\n",
    owners={"app/home.py": ("07-made-up",)},
    migration_owners={7: ("07-made-up",)},
    names=("07-made-up", "08-other"),
)
