"""`./run dojo doctor`: what it says of a machine and a shell."""

import io
import shutil
import socket
import threading
from collections import namedtuple
from pathlib import Path

import pytest
from rich.console import Console

from dojo.cli import doctor, doctor_machine, doctor_postgres
from dojo.cli.finding import bad, fine, note
from dojo.settings import Settings
from dojo.site.machine import cores
from dojo.slo.catalog import service_levels
from tests.support.docker_contexts import write_context
from tests.support.project import ROOT

LEVELS = service_levels(ROOT)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def engine(tmp_path: Path) -> str:
    """The address of something that answers a ping as a Docker engine does."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "engine.sock"))
    listening.listen()

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(1024)
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nOK")
        listening.close()

    threading.Thread(target=answer, daemon=True).start()
    return f"unix://{tmp_path / 'engine.sock'}"


def test_an_engine_that_answers(engine: str) -> None:
    """A ping says so; nothing is pulled."""
    assert doctor_postgres.docker({"DOCKER_HOST": engine}, None).state == "fine"


def test_no_engine(tmp_path: Path) -> None:
    """Katas need none, unless DOJO_POSTGRES asks for it."""
    environ = {"DOCKER_HOST": f"unix://{tmp_path / 'nobody'}", "HOME": str(tmp_path)}
    assert doctor_postgres.docker(environ, None).state == "note"
    assert doctor_postgres.docker(environ, "docker").state == "bad"
    assert doctor_postgres.engine_problem({"DOCKER_HOST": "nonsense"}) is not None


def test_a_context_is_followed(engine: str, tmp_path: Path) -> None:
    """As a run follows it: the engine is asked there, and the context is named."""
    write_context(tmp_path / ".docker", "colima", engine, current=True)
    finding = doctor_postgres.docker({"HOME": str(tmp_path)}, None)
    assert finding.state == "fine"
    assert finding.text.endswith(f"{engine} (Docker's context 'colima')")


def test_which_postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a run would take it."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'nobody'}")
    assert doctor_postgres.postgres(None).text.startswith("embedded, since no Docker engine")
    assert doctor_postgres.postgres("embedded").state == "fine"
    assert doctor_postgres.postgres("docker").state == "bad"
    assert doctor_postgres.postgres("oracle").state == "bad"
    nobody = doctor_postgres.postgres("postgresql://u:secret@127.0.0.1:1/d")
    assert nobody.state == "bad"
    assert "secret" not in nobody.text


def test_too_few_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The katas that need more are named."""
    monkeypatch.setattr(doctor_machine, "core_speed", lambda: 1.0)
    monkeypatch.setattr(doctor_machine, "usable_cores", lambda: 0.5)
    finding = doctor_machine.cores(LEVELS)
    assert finding.state == "bad"
    assert "01-latency" in finding.text
    assert "On this machine no run counts as red; green runs count." in finding.advice
    monkeypatch.setattr(doctor_machine, "usable_cores", lambda: 1.0)
    assert "may be invalid" in doctor_machine.cores(LEVELS).advice
    monkeypatch.setattr(doctor_machine, "core_speed", lambda: 0.3)
    monkeypatch.setattr(doctor_machine, "usable_cores", lambda: 16.0)
    assert "whose cores are at least" in doctor_machine.cores(LEVELS).advice
    monkeypatch.setattr(doctor_machine, "core_speed", lambda: 1.0)
    monkeypatch.setattr(doctor_machine, "usable_cores", lambda: 8.0)
    assert doctor_machine.cores(LEVELS).state == "fine"
    assert cores.quota_cores(tmp_path, tmp_path / "none") is None


@pytest.mark.parametrize(("free_mb", "state"), [(100, "bad"), (4000, "fine")])
def test_memory_and_disk(
    free_mb: int, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Little of either is in the way."""
    monkeypatch.setattr(doctor_machine, "_free_memory_mb", lambda: float(free_mb))
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(1, 0, free_mb << 20))
    assert doctor_machine.memory().state == state
    assert doctor_machine.disk(tmp_path / "not" / "yet", False).state == state


def test_memory_of_macos() -> None:
    """vm_stat counts pages."""
    text = (
        "Mach Virtual Memory Statistics: (page size of 16384 bytes)\n"
        "Pages free:                               1024.\n"
        "Pages active:                           200000.\n"
        "Pages inactive:                           1024.\n"
    )
    assert doctor_machine._vm_stat_mb(text) == 32
    with pytest.raises(ValueError, match="nothing"):
        doctor_machine._vm_stat_mb("nothing")


def test_a_port_that_is_taken() -> None:
    """Its holder is named; katas take another port by themselves."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkey = pytest.MonkeyPatch()
        with monkey.context() as patch:
            patch.setattr(doctor_machine, "PORTS", {port: "--port"})
            (finding,) = doctor_machine.ports()
    assert (finding.name, finding.state) == (f"port {port}", "note")


def test_what_the_shell_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of what is kept out; a password is never shown."""
    url = "postgresql://me:secret@db.example.org/d"
    monkeypatch.setenv("DOJO_POSTGRES", url)
    settings = Settings.read(ROOT, {"DOJO_POSTGRES": url})
    seen = list(doctor.shell({"https_proxy", "PGHOST", "NETRC"}, settings))
    texts = "\n".join(each.text for each in seen)
    assert "https_proxy: kept from the app" in texts
    assert "PGHOST: complete DOJO_POSTGRES" in texts
    assert "secret" not in texts
    assert "db.example.org" in texts


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_each_has_a_line_and_advice(width: int) -> None:
    """At every width, whole words and what to do."""
    stream = io.StringIO()
    console = Console(file=stream, width=width)
    advice = "Give it two cores, or run the katas where there are two of them."
    seen = [fine("cores", "2 of 2"), note("ports", "taken " * 20), bad("memory", "none", advice)]
    doctor.print_findings(console, seen)
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert f"→ {advice}" in " ".join(text.split())
    assert "…" not in text


@pytest.mark.parametrize(("state", "status"), [("bad", 1), ("note", 0)])
def test_its_exit_status(state: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """1 only if something is in the way."""
    finding = bad("x", "y", "z") if state == "bad" else note("x", "y")
    monkeypatch.setattr(doctor, "findings", lambda dropped, root: iter([finding]))
    assert doctor.run((), ROOT, io.StringIO()) == status
