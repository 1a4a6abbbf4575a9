"""Makes the picture of docs/grading.md: a cohort of twelve from kata 04's own patches, judged.

python -m tests.support.cohort_picture [folder]

The picture goes to docs/ unless a folder is named. Needs Chromium.
"""

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.support.browser import chromium, launch
from tests.support.project import ROOT

KATA = ROOT / "katas" / "04-alerts"
NAMES = ("bert", "cleo", "dora", "emil", "fred", "gina", "hans", "ines", "jens")
WIDTH = 1250


def write_cohort(folder: Path) -> None:
    """The shipped app, faults, fixes and cheats by turns, an evil archive and an empty folder."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "app", folder / "anna" / "app", ignore=ignored)
    meta = KATA / ".meta"
    faults, fixes, cheats = (
        sorted((meta / kind).glob("*.patch")) for kind in ("faults", "fixes", "cheats")
    )
    patches = [faults[0], meta / "solution.patch", faults[1], fixes[0], cheats[0]]
    patches += [faults[2], cheats[len(cheats) // 2], fixes[1], cheats[-2]]
    for name, patch in zip(NAMES, patches, strict=True):
        shutil.copy(patch, folder / f"{name}.patch")
    with tarfile.open(folder / "kate.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("../../evil.py")
        archive.addfile(entry, io.BytesIO())
    (folder / "lars").mkdir()


def main(target: Path) -> None:
    """Judge the cohort and take the picture."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        submissions, results = Path(scratch) / "submissions", Path(scratch) / "results"
        submissions.mkdir()
        write_cohort(submissions)
        words = ["dojo", "grade", "04", "--each-of", str(submissions), "--to", str(results)]
        subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=True)
        browser = launch(playwright, chromium())
        tab = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        tab.goto((results / "cohort.html").as_uri())
        tab.screenshot(path=target / "grade.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs")
