"""`./run dojo reset`: app/ is back at the start, and nothing that a learner wrote is lost."""

import difflib
import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dojo.cli.one_fault import one_fault_since
from dojo.cli.reset import ResetOptions, run
from dojo.cli.try_solution import prepare
from dojo.errors import BadSetting
from dojo.site.shipped_app import keep_copy
from tests.support.clone import HOME, IDENTITY, SHIPPED, Project, make_project

EDITED = "def home():\n    return 2  # mine\n"
MINE = {**SHIPPED, "home.py": EDITED, "notes.txt": "mine", "migrations/0002_index.sql": "mine\n"}
del MINE["ops/alerts.yml"]


@pytest.fixture(autouse=True)
def no_state_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOJO_STATE", raising=False)


@pytest.fixture
def clone(tmp_path: Path) -> Project:
    """A clone of a project whose app was changed once since its first commit."""
    upstream = make_project(tmp_path / "upstream")
    (upstream.app / "home.py").write_text("# an older app\n")
    upstream.git("init", "-q", "-b", "main")
    upstream.commit("first")
    (upstream.app / "home.py").write_text(HOME)
    upstream.commit("the app as it is shipped")
    subprocess.run(
        ["git", "clone", "-q", str(upstream.root), str(tmp_path / "clone")],
        env={**os.environ, **IDENTITY},
        check=True,
    )
    return Project(tmp_path / "clone")


@pytest.fixture
def archive(tmp_path: Path) -> Project:
    """The project without git, after its first run."""
    project = make_project(tmp_path / "archive")
    keep_copy(project.root, project.app, project.root / ".dojo")
    return project


FIRST_LEFT = HOME.replace("return 1", "return 0")
SECOND_LEFT = HOME.replace("return slow()", "return quick()")


def add_causes(project: Project) -> None:
    """Two causes of kata 01; the patch of each mends the other."""
    meta = project.root / "katas" / "01-latency" / ".meta"
    depths = "".join(f"### {depth}\ntext\n" for depth in ("Nudge", "Pointer", "Almost there"))
    (meta / "hints.md").write_text(
        "## General: where to look\ntext\n"
        f'## Cause: alpha one\nfault: alpha\nwhen: failed_checks("") > 0\n{depths}'
        f'## Cause: alpha two\nfault: alpha_too\nwhen: failed_checks("") > 0\n{depths}'
    )
    (meta / "faults").mkdir()
    for name, text in (("alpha", FIRST_LEFT), ("alpha_too", SECOND_LEFT)):
        lines = difflib.unified_diff(
            HOME.splitlines(True), text.splitlines(True), "a/app/home.py", "b/app/home.py"
        )
        (meta / "faults" / f"{name}.patch").write_text("".join(lines))


@pytest.fixture
def with_causes(clone: Project) -> Project:
    add_causes(clone)
    return clone


def edit(project: Project) -> None:
    """Change a file, remove one, add two."""
    (project.app / "home.py").write_text(EDITED)
    (project.app / "ops" / "alerts.yml").unlink()
    (project.app / "notes.txt").write_text("mine")
    (project.app / "migrations" / "0002_index.sql").write_text("mine\n")


def reset(project: Project, **options: object) -> str:
    stream = io.StringIO()
    run(ResetOptions(**options), project.root, stream)  # type: ignore[arg-type]
    return stream.getvalue()


def committed(project: Project) -> None:
    edit(project)
    project.commit("my fix")


def staged(project: Project) -> None:
    edit(project)
    project.git("add", "-A")


def untracked_and_unstaged(project: Project) -> None:
    edit(project)


def committed_and_changed(project: Project) -> None:
    (project.app / "home.py").write_text("# half\n")
    project.commit("half of it")
    edit(project)


def pushed(project: Project) -> None:
    committed(project)
    project.git("push", "-q", "origin", "HEAD:refs/heads/mine")
    project.git("branch", "-q", "--set-upstream-to=origin/mine")


def pushed_a_migration_first(project: Project) -> None:
    """A fix that leaves every patch applicable, on a branch of the learner's."""
    (project.app / "migrations" / "0002_index.sql").write_text("mine\n")
    project.commit("an index")
    pushed(project)


WAYS = (
    *(committed, staged, untracked_and_unstaged, committed_and_changed, pushed),
    pushed_a_migration_first,
)


@pytest.mark.parametrize("change", WAYS)
def test_back_to_the_start_and_back_again(
    clone: Project, change: Callable[[Project], None]
) -> None:
    """However the change was kept: the shipped app is there, and the change comes back whole."""
    change(clone)
    history, index = clone.git("log", "--format=%H"), clone.git("ls-files", "--stage")
    text = reset(clone)
    assert clone.files() == SHIPPED
    assert "the app as it is shipped" in text
    assert "app/migrations/0002_index.sql" in text
    assert "./run dojo reset --undo" in text
    assert (clone.git("log", "--format=%H"), clone.git("ls-files", "--stage")) == (history, index)
    reset(clone, undo=True)
    assert clone.files() == MINE


def test_nothing_to_do(clone: Project) -> None:
    """An app at the start stays so, and nothing is put aside."""
    (clone.app / "__pycache__").mkdir()
    (clone.app / "__pycache__" / "home.pyc").write_text("")
    assert "at the start already" in reset(clone)
    assert not (clone.root / ".dojo" / "stash").exists()
    with pytest.raises(BadSetting, match="Nothing was put aside"):
        reset(clone, undo=True)


def test_two_resets_keep_two_apps(clone: Project) -> None:
    """Each is there under its name, the newest by --undo."""
    edit(clone)
    reset(clone)
    (clone.app / "home.py").write_text("# another try\n")
    reset(clone)
    first, second = sorted(path.name for path in (clone.root / ".dojo" / "stash").iterdir())
    reset(clone, undo=True)
    assert clone.files() == {**SHIPPED, "home.py": "# another try\n"}
    reset(clone, stash=first)
    assert clone.files() == MINE
    with pytest.raises(BadSetting, match=f"There are: {first}, {second}"):
        reset(clone, stash="yesterday")


def test_undo_puts_aside_what_it_replaces(clone: Project) -> None:
    """Work after a reset is not lost by bringing the earlier one back."""
    edit(clone)
    reset(clone)
    (clone.app / "home.py").write_text("# new work\n")
    reset(clone, undo=True)
    assert clone.files() == MINE
    newest = sorted((clone.root / ".dojo" / "stash").iterdir())[-1]
    assert (newest / "app" / "home.py").read_text() == "# new work\n"


def test_a_file_where_a_folder_was(clone: Project) -> None:
    """Also links, programs and what is in each other's way come back as they were."""
    edit(clone)
    (clone.app / "ops").rmdir()
    (clone.app / "ops").write_text("a file now")
    (clone.app / "link.py").symlink_to("home.py")
    (clone.app / "tool").write_text("#!/bin/sh\n")
    (clone.app / "tool").chmod(0o755)
    reset(clone)
    assert clone.files() == SHIPPED
    reset(clone, undo=True)
    assert (clone.app / "ops").read_text() == "a file now"
    assert (clone.app / "link.py").readlink() == Path("home.py")
    assert (clone.app / "tool").stat().st_mode & 0o111


def test_an_app_that_was_deleted(clone: Project) -> None:
    """All of it is back; there was nothing to keep."""
    subprocess.run(["rm", "-r", str(clone.app)], check=True)
    reset(clone)
    assert clone.files() == SHIPPED


def test_without_git(archive: Project) -> None:
    """The copy that the first run has kept is the start."""
    edit(archive)
    keep_copy(archive.root, archive.app, archive.root / ".dojo")  # a later run keeps no other
    assert "as it was unpacked" in reset(archive)
    assert archive.files() == SHIPPED
    reset(archive, undo=True)
    assert archive.files() == MINE


def test_without_git_and_without_a_copy(archive: Project) -> None:
    """It says so and changes nothing."""
    subprocess.run(["rm", "-r", str(archive.root / ".dojo")], check=True)
    edit(archive)
    with pytest.raises(BadSetting, match="there is no copy of the shipped app"):
        reset(archive)
    assert archive.files() == MINE


def test_an_archive_that_became_a_repository(archive: Project) -> None:
    """Without a remote the first commit is the start, also where a fix left the patches alone."""
    archive.git("init", "-q")
    archive.commit("as unpacked")
    (archive.app / "migrations" / "0002_index.sql").write_text("mine\n")
    archive.commit("an index")
    edit(archive)
    archive.commit("my fix")
    assert "as unpacked" in reset(archive)
    assert archive.files() == SHIPPED


def test_katas_that_the_remote_does_not_have_yet(clone: Project) -> None:
    """An app that is shipped with a new kata is found among one's own commits."""
    patch = clone.root / "katas" / "01-latency" / ".meta" / "solution.patch"
    patch.write_text(patch.read_text().replace("slow", "slower"))
    (clone.app / "home.py").write_text(HOME.replace("slow", "slower"))
    clone.commit("a new kata and its app")
    edit(clone)
    assert "a new kata and its app" in reset(clone)
    assert clone.files() == {**SHIPPED, "home.py": HOME.replace("slow", "slower")}


def test_the_app_of_a_commit(clone: Project) -> None:
    """--to takes any; one that is not there changes nothing."""
    (clone.app / "home.py").write_text("# half\n")
    half = clone.commit("half of it")
    edit(clone)
    assert "half of it" in reset(clone, commit=half)
    assert clone.files() == {**SHIPPED, "home.py": "# half\n"}
    with pytest.raises(BadSetting, match="no commit 'nowhere'"):
        reset(clone, commit="nowhere")


def test_a_disk_that_is_full(clone: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be put aside, nothing is changed."""
    edit(clone)
    (clone.root / ".dojo").mkdir()
    (clone.root / ".dojo" / "stash").write_text("no folder")
    with pytest.raises(BadSetting, match="nothing was thrown away"):
        reset(clone)
    assert clone.files() == MINE


def test_a_kata_begins_anew(clone: Project) -> None:
    """Its attempts and hints are put aside and come back; those of others stay."""
    state = clone.root / ".dojo"
    for kata in ("01-latency", "03-search"):
        (state / "reports" / kata).mkdir(parents=True)
        (state / "reports" / kata / "latest.json").write_text("{}")
    (state / "hints").mkdir()
    (state / "hints" / "01-latency").write_text("2")
    text = reset(clone, kata="1")
    assert "01-latency begins anew" in text
    assert [path.name for path in (state / "reports").iterdir()] == ["03-search"]
    assert list((state / "hints").iterdir()) == []
    reset(clone, undo=True)
    assert (state / "reports" / "01-latency" / "latest.json").is_file()
    assert (state / "hints" / "01-latency").read_text() == "2"


def test_a_solution_is_tried_on_a_copy(clone: Project) -> None:
    """The shipped app with the fix, whatever the learner's own app is; git sees no change."""
    edit(clone)
    before = clone.git("status", "--porcelain")
    place = prepare(clone.root / "katas" / "01-latency", clone.root, clone.root / ".dojo")
    assert (place / "app" / "home.py").read_text() == HOME.replace("slow()", "quick()", 1)
    assert not (place / "app" / "notes.txt").exists()
    assert clone.files() == MINE
    assert clone.git("status", "--porcelain") == before


def test_one_cause_is_left(with_causes: Project) -> None:
    """The shipped app with that cause alone; the learner's own work is aside and comes back."""
    edit(with_causes)
    text = reset(with_causes, kata="01", fault=2)
    assert with_causes.files() == {**SHIPPED, "home.py": SECOND_LEFT}
    assert "one cause of 01-latency left" in text
    assert "home.py" not in text  # no file's name, which could tell where it is
    assert "git diff" in text
    reset(with_causes, undo=True)
    assert with_causes.files() == MINE


def test_one_cause_is_left_without_git(archive: Project) -> None:
    """The same, from the copy that the first run has kept; the patch applies outside a clone."""
    add_causes(archive)
    edit(archive)
    assert "diff -rN .dojo/shipped-app app" in reset(archive, kata="01", fault=1)
    assert archive.files() == {**SHIPPED, "home.py": FIRST_LEFT}
    reset(archive, undo=True)
    assert archive.files() == MINE


def test_one_cause_after_another(with_causes: Project) -> None:
    """Each starts from the shipped app; the same one again changes nothing."""
    reset(with_causes, kata="01", fault=1)
    reset(with_causes, kata="01", fault=2)
    assert with_causes.files() == {**SHIPPED, "home.py": SECOND_LEFT}
    assert "nothing was changed" in reset(with_causes, kata="01", fault=2)


def test_one_cause_leaves_attempts_and_is_noted(with_causes: Project) -> None:
    """Attempts and hints go on; that help was taken is noted until the kata begins anew."""
    state = with_causes.root / ".dojo"
    (state / "reports" / "01-latency").mkdir(parents=True)
    (state / "reports" / "01-latency" / "latest.json").write_text("{}")
    assert one_fault_since(state, "01-latency") is None
    reset(with_causes, kata="01", fault=1)
    assert (state / "reports" / "01-latency" / "latest.json").is_file()
    assert one_fault_since(state, "01-latency") is not None
    reset(with_causes, kata="01")
    assert one_fault_since(state, "01-latency") is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kata": "01", "fault": 3}, "01-latency has 2 causes, so --to-fault can be 1 to 2"),
        ({"kata": "01", "fault": 0}, "2 causes"),
        ({"kata": "01", "fault": -1}, "2 causes"),
        ({"fault": 1}, "--to-fault needs a kata"),
        ({"kata": "01", "fault": 1, "undo": True}, "goes with none of"),
        ({"kata": "01", "fault": 1, "commit": "HEAD"}, "goes with none of"),
    ],
)
def test_a_cause_that_there_is_not(
    with_causes: Project, options: dict[str, object], message: str
) -> None:
    """It says how many there are, names none, and changes nothing."""
    edit(with_causes)
    with pytest.raises(BadSetting, match=message) as refused:
        reset(with_causes, **options)
    assert "alpha" not in str(refused.value)
    assert with_causes.files() == MINE


def test_a_kata_without_causes(clone: Project) -> None:
    """A kata that has no hints yet has nothing to leave in."""
    with pytest.raises(BadSetting, match="no causes"):
        reset(clone, kata="01", fault=1)
