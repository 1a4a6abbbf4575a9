"""The learner's commands, as a person writes them: names, options, help."""

import typer

__all__ = ["COMMANDS"]

COMMANDS = typer.Typer()
