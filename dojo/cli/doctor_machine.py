"""What `dojo doctor` sees of the machine: cores, speed, memory, disk, ports, and who is busy."""

import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from dojo.child import LEAST_OPEN_FILES, open_files_allowed
from dojo.cli.finding import Finding, bad, fine, note
from dojo.cli.ports import holder
from dojo.site.lock import machine_holder
from dojo.site.machine.calibration import core_speed
from dojo.site.machine.cores import quota_cores, usable_cores
from dojo.site.machine.process_list import listed_processes
from dojo.site.machine.processes import Process, processes, title
from dojo.site.machine.watch import CpuByProcess
from dojo.slo.openslo import ServiceLevel
from dojo.slo.validity import HEADROOM, Machine

__all__ = ["cores", "disk", "machine", "memory", "noise", "ports"]

MB = 1 << 20
LEAST_MEMORY_MB = 800  # a run: 150 MB of load and grader, 100 of the app, 300 of Postgres
SEED_MB, RUN_MB = 1200, 400
PORTS = {3000: "--port", 3001: "--board-port"}
NOISE_S = 1.0
BUSY_CORES = 0.25  # beside a run it may make a red one invalid where nobody can tell who waited
CGROUP = Path("/sys/fs/cgroup")


def machine(root: Path) -> list[Finding]:
    """Python, system, and what a process may open."""
    python = sys.version_info
    findings = []
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if (3, 11) <= python[:2] <= (3, 14):
        findings.append(fine("Python", text))
    else:
        findings.append(bad("Python", text, "Install Python 3.11 to 3.14, then: ./run --help"))
    if (allowed := open_files_allowed()) < LEAST_OPEN_FILES:
        findings.append(
            bad("open files", f"{allowed}; the load needs {LEAST_OPEN_FILES}", "ulimit -n 4096")
        )
    if "microsoft" in platform.release().lower() and str(root).startswith("/mnt/"):
        findings.append(
            bad(
                "disk",
                f"{root} is Windows' own disk, which is slow from Linux",
                "Clone the project into your Linux home folder, and run it there.",
            )
        )
    return findings


def cores(levels: Mapping[str, ServiceLevel]) -> Finding:
    """Cores that may be used and their speed, against what each kata needs."""
    available, quota = usable_cores(), quota_cores()
    given = Machine(available, core_speed())
    text = f"{available:g} of {os.cpu_count()} cores may be used"
    if quota is not None:
        text += f" (a quota of {quota:g})"
    text += f"; one is {given.core_speed:.2g} times the reference"
    small = [name for name, level in levels.items() if given.is_too_small(level)]
    if not small:
        return fine("cores", text)
    most = max(HEADROOM * levels[name].run_cores for name in small)
    advice = f"Give it {most:.1f} reference cores"
    if given.capacity >= most:
        fast = max(HEADROOM * levels[name].app_cores for name in small)
        advice = (
            f"Take a machine whose cores are at least {fast:.2g} times as fast as the reference, or"
            " plug this one in"
        )
    here = "a red run may be invalid"
    if all(given.cannot_serve(level) for level in levels.values()):
        here = "no run counts as red"
    return bad(
        "cores",
        f"{text}; too little for {', '.join(small)}",
        f"{advice}. On this machine {here}; green runs count.",
    )


def memory() -> Finding:
    """What is free of the machine's memory, and of a container's."""
    free_mb = _free_memory_mb()
    if free_mb is None:
        return note("memory", "this system does not tell how much is free")
    text = f"{free_mb:,.0f} MB free"
    if free_mb >= LEAST_MEMORY_MB:
        return fine("memory", text)
    return bad("memory", f"{text}; a run needs {LEAST_MEMORY_MB}", "End what uses much memory.")


def _free_memory_mb() -> float | None:
    free = []
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                free.append(int(line.split()[1]) / 1024)
    with suppress(OSError, ValueError):
        limit = int((CGROUP / "memory.max").read_text(encoding="ascii"))
        used = int((CGROUP / "memory.current").read_text(encoding="ascii"))
        free.append((limit - used) / MB)
    if not free:
        with suppress(OSError, ValueError, subprocess.SubprocessError):
            output = subprocess.run(
                ["vm_stat"], capture_output=True, text=True, timeout=2, check=True
            ).stdout
            free.append(_vm_stat_mb(output))
    return min(free, default=None)


def _vm_stat_mb(text: str) -> float:
    """macOS: pages that are free, or can be had at once, in MB; ValueError if it tells none."""
    size = re.search(r"page size of (\d+) bytes", text)
    pages = re.findall(r"^Pages (?:free|inactive|purgeable): +(\d+)", text, flags=re.MULTILINE)
    if size is None:
        raise ValueError(text)
    return int(size[1]) * sum(map(int, pages)) / MB


def disk(folder: Path, is_seeded: bool) -> Finding:
    """Room where Postgres' data are."""
    place = folder
    while not place.exists():
        place = place.parent
    free_mb = shutil.disk_usage(place).free / MB
    needed_mb = RUN_MB if is_seeded else SEED_MB
    text = f"{free_mb:,.0f} MB free in {place}"
    if not os.access(place, os.W_OK):
        return bad("disk", f"{place} can't be written", "Set DOJO_CACHE to a folder that can.")
    if free_mb >= needed_mb:
        return fine("disk", text)
    return bad(
        "disk",
        f"{text}; {needed_mb} are needed",
        "Make room (./run dojo clean removes the cache), or set DOJO_CACHE to another disk.",
    )


def ports() -> list[Finding]:
    """The ports that the shop and its board usually have."""
    findings = []
    for port, option in PORTS.items():
        who = holder(port)
        if who is None:
            findings.append(fine(f"port {port}", "free"))
        else:
            findings.append(
                note(
                    f"port {port}",
                    f"taken by {who}",
                    f"A kata takes another one by itself; ./run dojo up takes {option} 0.",
                )
            )
    return findings


def noise() -> list[Finding]:
    """Who uses the CPU for a second, and whether a run is on."""
    pid, command = machine_holder()
    if pid.isdigit():
        name = command or "a run"
        return [
            note("other runs", f"{name} (process {pid}) is measuring now", "Others wait for it.")
        ]
    looks = CpuByProcess()
    looks.look(_processes())
    began = time.monotonic()
    time.sleep(NOISE_S)
    used = looks.look(_processes())
    spent_s = time.monotonic() - began
    busy = {
        key: cpu_s / spent_s
        for key, cpu_s in used.items()
        if key[0] != os.getpid() and cpu_s / spent_s >= BUSY_CORES
    }
    total = sum(used.values()) / spent_s
    if not busy:
        return [fine("noise", f"other programs use {total:.2f} cores now")]
    names = ", ".join(
        f"{title(looks.names[key])} (process {key[0]}) {share:.0%} of a core"
        for key, share in sorted(busy.items(), key=lambda each: -each[1])[:3]
    )
    return [bad("noise", names, "End it, or wait until it is done: runs beside it may be invalid.")]


def _processes() -> dict[int, Process]:
    return processes() or listed_processes()
