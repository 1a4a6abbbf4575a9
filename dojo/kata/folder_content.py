"""What the rules for katas are held against: a kata's folder and the project around it. Values."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["FolderContent", "Patch", "ProjectContent", "changed_files", "histogram_buckets_s"]

REQUEST_DURATION = "http_server_request_duration_seconds"


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch of a kata's .meta."""

    path: str  # within .meta: solution.patch, faults/….patch, fixes/….patch or cheats/….patch
    text: str
    refusal: str = ""  # git's words if it does not apply to app/ as it is

    @property
    def kind(self) -> str:
        """`solution`, `faults`, `fixes` or `cheats`."""
        folder, _, _ = self.path.rpartition("/")
        return folder or "solution"

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.rpartition("/")[2].removesuffix(".patch")


@dataclass(frozen=True, slots=True)
class FolderContent:
    """The files of a kata's folder, as texts."""

    name: str  # of the folder, such as 01-latency
    texts: Mapping[str, str]  # by path within the folder; patches are below
    patches: tuple[Patch, ...] = ()
    checks: tuple[str, ...] = ()  # the names of its checks
    checks_problem: str = ""  # why the names of its checks are not known

    def of_kind(self, kind: str) -> list[Patch]:
        """The patches that are faults, fixes or cheats."""
        return [patch for patch in self.patches if patch.kind == kind]


@dataclass(frozen=True, slots=True)
class ProjectContent:
    """What a kata must agree with outside its folder."""

    app_files: frozenset[str]  # such as app/home.py
    buckets_s: tuple[float, ...]  # of the app's histogram of requests
    readme: str  # the project's README.md
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # file → katas
    migration_owners: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    stale_exports: tuple[str, ...] = ()  # files of grafana/ that are not what slo.yaml gives
    names: tuple[str, ...] = ()  # of all katas


def changed_files(patch: Patch) -> list[tuple[str, bool]]:
    """(path, whether the patch adds it) for each file that a patch touches."""
    sections = re.split(r"^diff --git ", patch.text, flags=re.MULTILINE)[1:]
    return [
        (section.splitlines()[0].rpartition(" b/")[2], "\nnew file mode " in section)
        for section in sections
    ]


def histogram_buckets_s(source: str) -> tuple[float, ...]:
    """The buckets, in seconds, that the app's module of metrics gives to its request histogram.

    Reads the text and runs nothing: a learner's app is never imported. Understands numbers, tuples,
    `*` in tuples and names that the module sets; empty for anything else.
    """
    try:
        module = ast.parse(source)
    except SyntaxError:
        return ()
    names = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and first.value == REQUEST_DURATION:
                given = [each.value for each in node.keywords if each.arg == "buckets"]
                return tuple(_numbers(given[0], names)) if given else ()
    return ()


def _numbers(node: ast.expr, names: Mapping[str, ast.expr]) -> Iterator[float]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield float(node.value)
    elif isinstance(node, ast.Tuple | ast.List):
        for element in node.elts:
            yield from _numbers(element, names)
    elif isinstance(node, ast.Starred):
        yield from _numbers(node.value, names)
    elif isinstance(node, ast.Name) and node.id in names:
        others = {name: value for name, value in names.items() if name != node.id}
        yield from _numbers(names[node.id], others)
