"""The script `./run`: which environment a command gets, how it is made, and what can go wrong.

The script runs in a copy of the project's outline. uv and Python are stand-ins that write down what
they were called with, so nothing is downloaded.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.support.project import ROOT

KATAS, WHOLE = "requirements-katas.lock", "requirements.lock"

PYTHON = """#!/bin/sh
case "$*" in
  "-c "*) exit 0 ;;
  "-m venv --clear "*)
    printf 'make\\n' >>"$CALLS"
    rm -rf "$4"
    mkdir -p "$4/bin"
    cp "$0" "$4/bin/python"
    ;;
  "-m pip install "*)
    for last; do :; done
    printf 'install %s\\n' "${last##*/}" >>"$CALLS"
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
    rm -rf "$6"
    mkdir -p "$6/bin"
    cp "$5" "$6/bin/python"
    ;;
  "pip sync "*)
    for last; do :; done
    printf 'install %s\\n' "${last##*/}" >>"$CALLS"
    if [ -e "$NO_NETWORK" ]; then exit 1; fi
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
class Project:
    """A copy of the project's outline, and the stand-ins that the script finds on the PATH."""

    root: Path
    stand_ins: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.stand_ins}:/usr/bin:/bin",
            "CALLS": str(self.root / "calls"),
            "NO_NETWORK": str(self.root / "no network"),
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


@pytest.fixture
def project(tmp_path: Path) -> Project:
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
    return Project(root, stand_ins)


@pytest.mark.parametrize(
    ("words", "lock"),
    [
        ("pytest katas/01-latency", KATAS),
        ("pytest katas", KATAS),
        ("pytest ./katas/01-latency --hint", KATAS),
        ("pytest -x -k slow katas/01-latency/test_latency.py::test_slow", KATAS),
        ("pytest --plan-seed 7 katas", KATAS),
        ("pytest katas/01-latenzy", KATAS),
        ("dojo up", KATAS),
        ("pytest", WHOLE),
        ("pytest -q", WHOLE),
        ("pytest -k katas/01-latency tests", WHOLE),
        ("pytest katas tests/unit", WHOLE),
        ("pytest -x tests/unit katas", WHOLE),
        ("pytest katas/../tests", WHOLE),
        ("pytest katas nowhere", WHOLE),
        ("ruff check", WHOLE),
        ("python -m dojo", WHOLE),
    ],
)
def test_a_command_gets_the_packages_that_it_needs(project: Project, words: str, lock: str) -> None:
    """Katas and `dojo` make do with the katas' lock; anything else gets the whole."""
    project.run(*words.split())
    assert project.calls() == ["make", f"install {lock}"]


def test_paths_count_from_where_one_is(project: Project) -> None:
    """In katas/, `../run pytest 01-latency` is a kata; `../run pytest ../tests` is not."""
    katas = project.root / "katas"
    project.run("pytest", "01-latency", cwd=katas)
    assert project.calls() == ["make", f"install {KATAS}"]
    project.run("pytest", "../tests", cwd=katas)
    assert project.calls() == [f"install {WHOLE}"]


def test_an_environment_only_grows(project: Project) -> None:
    """The whole is added to what is there, once; a kata afterwards takes nothing away."""
    project.run("pytest", "katas")
    project.run("pytest", "katas")
    assert project.calls() == ["make", f"install {KATAS}"]
    grown = project.run("ruff", "--version")
    assert (grown.stdout, project.calls()) == ("ruff --version\n", [f"install {WHOLE}"])
    for words in ("pytest katas", "ruff --version", "dojo up"):
        assert project.run(*words.split()).stderr == ""
    assert project.calls() == []


@pytest.mark.parametrize("lock", [KATAS, WHOLE])
def test_a_changed_lock_makes_the_environment_anew(project: Project, lock: str) -> None:
    """What is no longer in a lock must not linger."""
    command = ["pytest", "katas"] if lock == KATAS else ["pytest"]
    project.run(*command)
    (project.root / lock).write_text("pytest==10\n")
    project.calls()
    project.run(*command)
    assert project.calls() == ["make", f"install {lock}"]


def test_a_half_made_environment_is_never_taken_as_ready(project: Project) -> None:
    """A failed installation is status 1 with a next step, and the next call starts over."""
    (project.root / "no network").touch()
    failed = project.run("pytest", "katas")
    assert failed.returncode == 1
    assert "could not be made. Check the network" in failed.stderr
    assert not (project.root / ".venv.lock").exists()
    (project.root / "no network").unlink()
    project.calls()
    assert project.run("pytest", "katas").stdout == "pytest katas\n"
    assert project.calls() == ["make", f"install {KATAS}"]


def test_a_failed_addition_leaves_the_katas_running(project: Project) -> None:
    """Without a network katas go on as before; the whole is then made anew, not patched up."""
    project.run("pytest", "katas")
    (project.root / "no network").touch()
    assert project.run("ruff").returncode == 1
    project.calls()
    assert project.run("pytest", "katas").returncode == 0
    assert project.calls() == []
    (project.root / "no network").unlink()
    assert project.run("ruff").stdout == "ruff\n"
    assert project.calls() == ["make", f"install {WHOLE}"]


def test_two_calls_make_one_environment(project: Project) -> None:
    """The second call waits for the first, says so, and finds everything there."""
    words = ["/bin/sh", str(project.root / "run"), "pytest", "katas"]
    variables = project.environment | {"SLOW_S": "4"}
    with (
        subprocess.Popen(words, env=variables, cwd=project.root, stderr=subprocess.PIPE) as one,
        subprocess.Popen(words, env=variables, cwd=project.root, stderr=subprocess.PIPE) as two,
    ):
        messages = sorted(call.communicate(timeout=60)[1].decode() for call in (one, two))
    assert (one.returncode, two.returncode) == (0, 0)
    assert project.calls() == ["make", f"install {KATAS}"]
    assert messages[0].startswith("Another ./run is making the environment")
    assert messages[1].startswith("Making the environment in .venv with uv")


def test_a_call_that_died_holds_nobody_up(project: Project) -> None:
    """A guard whose process is gone is cleared away."""
    with subprocess.Popen(["true"]) as gone:
        pass
    (project.root / ".venv.lock").mkdir()
    (project.root / ".venv.lock" / "pid").write_text(f"{gone.pid}\n")
    assert project.run("pytest", "katas").returncode == 0


@pytest.mark.parametrize("name", ["sleep", "overrun", "/usr/bin/runner"])
def test_a_process_that_took_over_the_number_holds_nobody_up(project: Project, name: str) -> None:
    """A guard whose number is another program's by now is cleared away, whatever its name."""
    with subprocess.Popen([name, "60"], executable="/bin/sleep") as stranger:
        (project.root / ".venv.lock").mkdir()
        (project.root / ".venv.lock" / "pid").write_text(f"{stranger.pid}\n")
        assert project.run("pytest", "katas").returncode == 0
        assert stranger.poll() is None
        stranger.kill()


def test_a_living_process_that_ps_cannot_show_is_waited_for(project: Project) -> None:
    """Where `ps` has no -p, a process that is alive counts as the one that makes .venv."""
    (project.stand_ins / "ps").write_text("#!/bin/sh\nexit 1\n")
    (project.stand_ins / "ps").chmod(0o755)
    (project.root / ".venv.lock").mkdir()
    with subprocess.Popen(["sleep", "60"]) as holder:
        (project.root / ".venv.lock" / "pid").write_text(f"{holder.pid}\n")
        words = ["/bin/sh", str(project.root / "run"), "pytest", "katas"]
        with subprocess.Popen(
            words, env=project.environment, cwd=project.root, stderr=subprocess.PIPE
        ) as waiting:
            assert waiting.stderr is not None
            assert waiting.stderr.readline().startswith(b"Another ./run is making")
            assert project.calls() == []
            holder.kill()
            holder.wait()
            waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert project.calls() == ["make", f"install {KATAS}"]


# a session that was started in the background ignores Ctrl-C, and its children would, too
TAKES_CTRL_C = (
    "import os, signal, sys; signal.signal(2, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)


def test_ctrl_c_in_an_installation_leaves_no_process(project: Project) -> None:
    """Status 130, no guard, and within seconds nothing of the script runs."""
    words = ["/bin/sh", str(project.root / "run"), "pytest", "katas"]
    with subprocess.Popen(
        [sys.executable, "-c", TAKES_CTRL_C, *words],
        env=project.environment | {"SLOW_S": "60"},
        cwd=project.root,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as interrupted:
        until = time.monotonic() + 30
        while not in_session(interrupted.pid, "sleep", "60") and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(interrupted.pid, signal.SIGINT)
        assert interrupted.wait(30) == 130
        until = time.monotonic() + 10
        while (left := in_session(interrupted.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        assert left == []
    assert not (project.root / ".venv.lock").exists()


def in_session(leader: int, *words: str) -> list[list[str]]:
    """The command lines of the living processes of a session; with `words` those that are these."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.cmdline())
        except (psutil.Error, OSError):
            continue
    return [line for line in found if not words or line == list(words)]


def test_an_environment_that_was_moved_is_made_anew(project: Project) -> None:
    """Its commands would start the Python of the old place."""
    project.run("pytest", "katas")
    project.calls()
    moved = Project(project.root.rename(project.root.parent / "moved"), project.stand_ins)
    assert moved.run("pytest", "katas").stdout == "pytest katas\n"
    assert moved.calls() == ["make", f"install {KATAS}"]


def test_a_python_that_is_gone_is_replaced(project: Project) -> None:
    """A link to a Python that was taken away, and one that no longer starts."""
    for broken in ("#!/bin/sh\nexit 1\n", None):
        project.run("pytest", "katas")
        project.calls()
        python = project.root / ".venv" / "bin" / "python"
        python.unlink()
        if broken is None:
            python.symlink_to("/nonexistent/python3")
        else:
            python.write_text(broken)
            python.chmod(0o755)
        assert project.run("pytest", "katas").stdout == "pytest katas\n"
        assert project.calls() == ["make", f"install {KATAS}"]


def test_variables_of_other_tools_reach_nothing(project: Project) -> None:
    """What would install elsewhere, or change which Python code runs, is not passed on."""
    names = ("PYTHONPATH", "PYTHONOPTIMIZE", "PYTHONWARNINGS", "PIP_TARGET", "PIP_USER")
    assignments = [f"{name}=x" for name in names]
    shown = subprocess.run(
        ["env", *assignments, "/bin/sh", str(project.root / "run"), "sh", "-c", "env"],
        env=project.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert shown.returncode == 0
    assert not [line for line in shown.stdout.splitlines() if line.split("=")[0] in names]


def test_pip_does_what_uv_does(project: Project) -> None:
    """DOJO_INSTALLER=pip makes and adds in the same steps."""
    project.run("python", "-m", "dojo", DOJO_INSTALLER="pip")
    assert project.calls() == ["make", f"install {WHOLE}"]
    shutil.rmtree(project.root / ".venv")
    project.run("dojo", DOJO_INSTALLER="pip")
    assert project.calls() == ["make", f"install {KATAS}"]
    project.run("python", DOJO_INSTALLER="pip")
    assert project.calls() == [f"install {WHOLE}"]


def test_run_dojo_is_the_module_from_any_folder(project: Project, tmp_path: Path) -> None:
    """`./run dojo …` runs `python -m dojo …` with the project on the path; others are as before."""
    up = project.run("dojo", "up", "--for", "1 m", cwd=tmp_path)
    assert up.stdout == f"{project.root}|-m|dojo|up|--for|1 m|"
    assert project.run("python", "-m", "dojo", cwd=tmp_path).stdout == "|-m|dojo|"


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ([], 2, "usage: ./run CMD"),
        (["--hint"], 2, "./run: there is no option --hint."),
        (["nosuchcommand"], 127, "./run: there is no command 'nosuchcommand'"),
    ],
)
def test_bad_input_is_refused(
    project: Project, words: list[str], status: int, message: str
) -> None:
    """The status says what kind of mistake it is, and the first line what is wrong."""
    project.run("ruff")
    refused = project.run(*words)
    assert (refused.returncode, refused.stdout) == (status, "")
    assert refused.stderr.startswith(message)


def test_help_needs_no_environment(project: Project) -> None:
    """--help is status 0 and installs nothing."""
    shown = project.run("--help")
    assert (shown.returncode, shown.stderr, project.calls()) == (0, "", [])
    assert "./run pytest katas/01-latency" in shown.stdout


def test_an_unknown_installer_is_refused(project: Project) -> None:
    """DOJO_INSTALLER can be uv or pip."""
    refused = project.run("ruff", DOJO_INSTALLER="conda")
    assert refused.returncode == 1
    assert "DOJO_INSTALLER is 'conda'; it can be uv or pip." in refused.stderr


def test_without_a_python_the_message_names_the_versions(project: Project, tmp_path: Path) -> None:
    """No Python that fits is status 1 and says which do."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("dirname", "cat", "cksum", "mkdir", "rm", "head"):
        (tools / name).symlink_to(str(shutil.which(name)))
    refused = project.run("pytest", PATH=str(tools))
    assert refused.returncode == 1
    assert "SLO Dojo needs Python 3.11 to 3.14, and none was found" in refused.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_named(project: Project) -> None:
    """Where .venv can't be made, the message says where that is."""
    project.root.chmod(0o555)
    refused = project.run("pytest", "katas")
    project.root.chmod(0o755)
    assert refused.returncode == 1
    assert f"{project.root} is not writable" in refused.stderr


def test_check_runs_the_checks_and_takes_no_arguments(project: Project) -> None:
    """`./run check` is tools/check; a kata's name belongs to `./run dojo check`."""
    shutil.copy(ROOT / "tools" / "check", project.root / "tools")
    refused = project.run("check", "01-latency")
    assert (refused.returncode, project.calls()) == (2, ["make", f"install {WHOLE}"])
    assert "./run dojo check checks a kata" in refused.stderr


@pytest.mark.parametrize("broken", [None, "ruff", "mypy", "pytest"])
def test_check_names_what_failed_and_how_to_mend_it(project: Project, broken: str | None) -> None:
    """Every step runs; each that failed shows its output and the command to use."""
    shutil.copy(ROOT / "tools" / "check", project.root / "tools")
    project.run("ruff")
    for name in ("ruff", "mypy", "pytest"):
        tool = project.root / ".venv" / "bin" / name
        owner = tool.parent.resolve() / "python"  # whose tool it says it is
        script = f"# {owner}\necho output of {name}\nexit {int(name == broken)}\n"
        tool.write_text(f"#!/bin/sh\n{script}")
        tool.chmod(0o755)
    checked = project.run("check")
    failed = [line for line in checked.stdout.splitlines() if "FAILED" in line]
    steps = {None: [], "ruff": ["format", "lint"], "mypy": ["types"], "pytest": ["tests"]}[broken]
    assert checked.returncode == int(broken is not None)
    assert [line.split()[0] for line in failed] == steps
    assert all("./run " in line for line in failed)
    assert checked.stdout.count(" ok: output of ") == 4 - len(steps)
