"""Loads the grader's plugin; everything else is in dojo/plugin.py."""

from pathlib import Path

pytest_plugins = ["dojo.plugin"]

# pytest believes what it has once compiled of a kata, without looking at the kata itself
for compiled in Path(__file__).parent.glob("katas/*/__pycache__/*-pytest-*.pyc"):
    compiled.unlink(missing_ok=True)
