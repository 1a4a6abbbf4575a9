"""What a program in the sandbox can and can't do, on the machine at hand."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dojo.grading.bounds import BOUNDS
from dojo.grading.confined_run import Ended, run_confined
from dojo.grading.folders import disk_bytes, remove_folder
from dojo.grading.sandbox import Place, Sandbox
from dojo.grading.users import SUBMISSION_UIDS, claimed_user, sweep_user

SANDBOX = Sandbox.of_this_machine()
CLOSED = bool(SANDBOX.landlock or SANDBOX.own_user)
MB = 1 << 20


@pytest.fixture
def uid() -> Iterator[int | None]:
    """The user of a submission; None: this process's."""
    with SANDBOX.user(7) as claimed:
        yield claimed


@pytest.fixture
def place(uid: int | None) -> Iterator[Place]:
    """A place as a submission gets one; not below pytest's folders, which are the user's alone."""
    folder = Path(f"/var/tmp/dojo-test-place-{os.getpid()}")
    folder.mkdir(mode=0o711)
    place = Place(folder)
    (place.release / "app").mkdir(parents=True)
    for own in (*place.own, place.release / "app"):
        own.mkdir(mode=0o700, exist_ok=True)
        if uid is not None:
            os.chown(own, uid, uid)
    yield place
    remove_folder(folder)


def run(place: Place, program: str, **bounds: float) -> Ended:
    """A Python program in the sandbox, as the user whose place it is."""
    words = [sys.executable, "-c", program]
    uid = place.cache.stat().st_uid if SANDBOX.own_user else None
    return run_confined(SANDBOX, place, words, replace(BOUNDS, **bounds), uid)  # type: ignore[arg-type]


def test_it_has_none_of_the_variables(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither secrets nor where the facilitator's things are."""
    monkeypatch.setenv("API_TOKEN", "secret")
    monkeypatch.setenv("DOJO_POSTGRES", "postgresql://me:secret@db/x")
    ended = run(place, "import os; print(sorted(os.environ), os.environ['HOME'])")
    assert ended.status == 0, ended.log
    assert "API_TOKEN" not in ended.log
    assert str(place.folder / "home") in ended.log
    assert "secret" not in ended.log


@pytest.mark.skipif(not CLOSED, reason="neither root nor Landlock")
def test_it_reads_and_writes_nothing_of_others(place: Place) -> None:
    """A file of the facilitator's, their processes' variables; its own folders it has."""
    secret = place.folder.parent / f"dojo-test-secret-{os.getpid()}"
    secret.write_text("grades")
    secret.chmod(0o600)
    try:
        ended = run(
            place,
            f"""
import os
for path in ({str(secret)!r}, "/proc/{os.getpid()}/environ", {str(place.folder / "x")!r}):
    try:
        print("open", open(path, "w" if path.endswith("x") else "r").read()[:3])
    except OSError as error:
        print("refused")
try:
    os.kill({os.getpid()}, 0); print("signalled")
except OSError:
    print("refused")
open(os.environ["TMPDIR"] + "/mine", "w").write("mine"); print("written")
""",
        )
    finally:
        secret.unlink()
    expected = ["refused"] * 3
    assert ended.log.split()[:3] == expected, ended.log
    assert ended.log.split()[-1] == "written", ended.log


@pytest.mark.parametrize(
    ("program", "bounds", "reason"),
    [
        ("import time; time.sleep(60)", {"time_s": 1.0}, "not over"),
        (
            "import time; x = b'x' * (200 << 20); time.sleep(60)",
            {"memory_bytes": 100 * MB},
            "memory",
        ),
        (
            "import os, time\nfor n in range(300): os.fork() or time.sleep(60)\ntime.sleep(60)",
            {"processes": 60},
            "processes|memory",
        ),
        (
            "import os, time\nopen(os.environ['TMPDIR'] + '/f', 'wb').write(b'x' * (30 << 20))\n"
            "time.sleep(60)",
            {"disk_bytes": 10 * MB},
            "disk",
        ),
    ],
    ids=["time", "memory", "processes", "disk"],
)
def test_who_uses_too_much_is_stopped(
    program: str, bounds: dict[str, float], reason: str, place: Place
) -> None:
    """Long before its own end, with the bound that it broke."""
    if sys.platform != "linux" and "time" not in bounds:
        pytest.skip("this is read in /proc")
    ended = run(place, program, **bounds)
    if reason.startswith("processes") and ended.status is not None:
        assert "Resource temporarily unavailable" in ended.log  # the kernel's own limit came first
        return
    assert ended.status is None
    assert re.search(reason, ended.stopped), ended


def test_nothing_of_it_is_left(place: Place) -> None:
    """A daemon that has left its parent, its session and its variables."""
    mark = f"dojo-test-daemon-{os.getpid()}"
    ended = run(
        place,
        f"""
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve(sys.executable, [{mark!r}, "-c", "import time; time.sleep(600)"], {{}})
    os._exit(0)
os.wait()
print("left")
""",
    )
    assert "left" in ended.log, ended.log
    names = subprocess.run(["ps", "-A", "-ww", "-o", "args"], capture_output=True, text=True).stdout
    assert mark not in names


def test_a_folder_is_measured_and_removed(tmp_path: Path) -> None:
    """Also one that forbids it; many empty files count, too."""
    folder = tmp_path / "folder"
    (folder / "closed").mkdir(parents=True)
    (folder / "closed" / "file").write_bytes(b"x" * 100_000)
    for number in range(50):
        (folder / f"empty-{number}").touch()
    assert disk_bytes(folder, 1 << 40) >= 100_000 + 50 * 4096
    (folder / "closed").chmod(0)
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (folder / "link").symlink_to(outside)
    remove_folder(folder)
    assert outside.stat().st_mode & 0o777 == 0o755
    assert not folder.exists()
    remove_folder(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has users for submissions")
def test_two_calls_never_share_a_user() -> None:
    """What one sweeps is never the other's; a process of a claimed user is ended."""
    with claimed_user(3) as first, claimed_user(3) as second:
        assert first != second
        assert {first, second} <= set(SUBMISSION_UIDS)
        sleeper = subprocess.Popen(["sleep", "600"], user=first)
        sweep_user(second)
        assert sleeper.poll() is None
        sweep_user(first)
        assert sleeper.wait(10) != 0


@pytest.mark.parametrize("uid", [0, 1, 1000, 65_534, os.geteuid()])
def test_no_account_is_ever_swept(uid: int) -> None:
    """Neither root nor nobody, as whom embedded servers of others run."""
    with pytest.raises(ValueError, match="no submission's"):
        sweep_user(uid)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs anything as another user")
def test_what_else_the_preparing_user_has_goes_on(place: Place) -> None:
    """A run as nobody ends nothing but itself."""
    nobody = SANDBOX.preparing_user()
    assert nobody is not None
    for own in place.own:
        os.chown(own, nobody, nobody)
    bystander = subprocess.Popen(["sleep", "600"], user=nobody)
    try:
        ended = run(place, "print('done')")
        assert "done" in ended.log
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
