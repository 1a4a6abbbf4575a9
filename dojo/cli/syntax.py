"""Whether the app's Python files can be compiled, said before anything is started."""

import ast
import warnings
from pathlib import Path

__all__ = ["syntax_problem"]


def syntax_problem(app_dir: Path) -> str | None:
    """File, line and what is wrong, of the first file that can't be compiled; None if all can."""
    for path in sorted(app_dir.rglob("*.py")):
        try:
            source = path.read_bytes()
        except OSError:
            continue  # gone meanwhile
        try:
            with warnings.catch_warnings(action="ignore"):
                ast.parse(source, str(path))
        except (SyntaxError, ValueError) as error:
            return _described(error, path.relative_to(app_dir.parent))
    return None


def _described(error: Exception, path: Path) -> str:
    if not isinstance(error, SyntaxError):
        return f"{path}: {error}"
    where = f"{path}:{error.lineno}: {error.msg}"
    line = (error.text or "").rstrip()
    if not line.strip():
        return where
    indent = len(line) - len(line.lstrip())
    column = max(0, (error.offset or 1) - 1 - indent)
    return f"{where}\n    {line.strip()}\n    {' ' * column}^"
