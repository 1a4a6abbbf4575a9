"""Loads the grader's plugin; everything else is in dojo/plugin.py."""

pytest_plugins = ["dojo.plugin"]
