"""Where the project is, for tests that read its files or start its processes."""

from pathlib import Path

__all__ = ["ROOT"]

ROOT = Path(__file__).resolve().parents[2]
