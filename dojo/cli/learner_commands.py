"""The learner's commands, as a person writes them: names, options, help."""

import sys
from typing import Annotated

import typer

from dojo.settings import ROOT

__all__ = ["COMMANDS"]

COMMANDS = typer.Typer()
PANEL = "For learners"

Kata = Annotated[str, typer.Argument(metavar="KATA", help="01, latency or 01-latency.")]


@COMMANDS.command(
    "next",
    rich_help_panel=PANEL,
    short_help="Which kata to take up now, how long it takes, how to stop and come back.",
    epilog="Example: ./run dojo next --minutes 15",
)
def next_kata(
    minutes: Annotated[int, typer.Option(min=1, metavar="N", help="How much time you have.")] = 30,
) -> None:
    """Say which kata to take up now, how long it takes, and how to stop and come back."""
    from dojo.cli.next_kata import run

    run(minutes, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Run a kata now, and again at every save of app/.",
    epilog="Example: ./run dojo watch 01",
)
def watch(
    kata: Kata,
    app: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Folder of the app, itself named app. [default: app/]"),
    ] = None,
) -> None:
    """Run a kata now, and again at every save of a file under app/, until Ctrl-C.

    Prints the report in short, with the figures of the attempt before beside it. The whole report
    is a page on this machine that loads itself after each run. Each run is an attempt, as by
    ./run pytest.

    A save during a run ends that run and begins the next one. An app that can't be compiled is not
    run: file and line are said at once.
    """
    from dojo.cli.watch import run

    run(kata, app, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="The next hint of a kata.",
    epilog="Example: ./run dojo hint 01, and the second one again: ./run dojo hint 01 2",
)
def hint(
    kata: Kata,
    number: Annotated[
        int | None, typer.Argument(min=1, metavar="N", help="Hint N again. [default: the next]")
    ] = None,
) -> None:
    """Show the next hint of a kata, one more each time; never the solution first.

    The same as ./run pytest katas/01-latency --hint. Hints answer to what the last report shows.
    They are counted: ./run dojo status says how many you took.
    """
    from dojo.cli.hint import run

    run(kata, number, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="How far you are: attempts, best figures, hints, when solved.",
    epilog="Example: ./run dojo status --json",
)
def status(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Say how far you are with each kata: attempts, best figures, hints, when it was solved.

    Reads what earlier runs have stored in .dojo/, and runs nothing.
    """
    from dojo.cli.status import run

    run(as_json, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="A kata's attempts, as bars and as a table.",
    epilog="Example: ./run dojo history 01",
)
def history(kata: Kata) -> None:
    """Show a kata's attempts: each objective's SLI as bars, and what else moves with a fix.

    Reads what earlier runs have stored in .dojo/, and runs nothing.
    """
    from dojo.cli.history import run

    run(kata, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="The last report again, in the terminal or as Markdown.",
    epilog="Example: ./run dojo report 01, and in CI: ./run dojo report --markdown >>"
    ' "$GITHUB_STEP_SUMMARY"',
)
def report(
    kata: Annotated[
        str | None,
        typer.Argument(metavar="[KATA]", help="01, latency or 01-latency. [default: all]"),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As Markdown, for the summary of a CI run.")
    ] = False,
) -> None:
    """Show the last report of a kata, or of all of them, again.

    Reads what earlier runs have stored in .dojo/, and runs nothing. A kata that was not judged is
    named, too.
    """
    from dojo.cli.report import run

    run(kata, ROOT, sys.stdout, markdown=markdown)


@COMMANDS.command(
    "compare-load",
    rich_help_panel=PANEL,
    short_help="What an open and a closed load see of the same small server.",
    epilog="Example: ./run dojo compare-load",
)
def compare_load() -> None:
    """Show coordinated omission: the same small server under two loads, in 13 seconds.

    The server stands still once. A load that waits for its answers hardly sees it, visitors do.
    docs/primer.md says what follows. Everything stays on this machine: some 50 requests a second.
    """
    from dojo.cli.compare_load import run

    run(sys.stdout)


@COMMANDS.command(
    "try-solution",
    rich_help_panel=PANEL,
    short_help="See a kata green: its reference fix, on a copy of the app.",
    epilog="Example: ./run dojo try-solution 01",
)
def try_solution(kata: Kata) -> int:
    """Run a kata with its reference fix, on a copy: your app/ and your attempts stay as they are.

    The copy stays in .dojo/solutions/, to be read.

    Exit status: as pytest's, 0 if it is green.
    """
    from dojo.cli.try_solution import run

    return run(kata, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="app/ back to the start; what you changed is put aside.",
    epilog="Example: ./run dojo reset, and ./run dojo reset --undo",
)
def reset(
    kata: Annotated[
        str | None,
        typer.Argument(
            metavar="KATA",
            help="01, latency or 01-latency: its attempts and hints begin anew, too.",
        ),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Bring back what was put aside last.")
    ] = False,
    stash: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Bring back that one: the folder's name in .dojo/stash."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="COMMIT", help="The app of that commit instead of the shipped one."),
    ] = None,
    to_fault: Annotated[
        int | None,
        typer.Option(
            "--to-fault",
            metavar="N",
            help="For whoever is stuck: leave cause N of KATA in, and mend its others.",
        ),
    ] = None,
) -> None:
    """Take app/ back to the start, and put aside what you changed.

    All of app/ is first copied to .dojo/stash, whether you committed it, staged it, never added it,
    or have no git clone at all. Your commits and git's index stay as they are.

    With --to-fault one cause of the kata is left to be found. Its attempts and hints go on.
    """
    from dojo.cli.reset import ResetOptions, run

    run(ResetOptions(kata, to, undo, stash, to_fault), ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Fetch all that katas need, for a room without a network.",
    epilog="Example: ./run dojo prepare && ./run dojo prepare --check",
)
def prepare(
    check: Annotated[
        bool,
        typer.Option("--check", help="Prove it: a fresh copy runs two katas without a network."),
    ] = False,
) -> int:
    """Fetch all that katas need, for a room without a network, and say what each part weighs.

    The packages of the environment, Postgres' image if a Docker engine answers, the databases of
    all katas, and what the shop's pages must show. All clones of a user share them. What is there
    already is left as it is.

    Exit status: 0; 1 if something is missing; with --check 3 if nothing could be proven, since this
    system allows no network namespace.
    """
    if check:
        from dojo.cli.prepare_check import run as run_check

        return run_check(ROOT, sys.stdout)
    from dojo.cli.prepare import run

    return run(ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Whether this machine is fit for katas, and what to do.",
    epilog="Example: ./run dojo doctor",
)
def doctor(context: typer.Context) -> int:
    """Look at this machine and this shell: each thing is fine, or what to do about it is said.

    Python, cores, memory, disk, Docker, Postgres, the dataset, ports, app/, what the shell has set,
    and who uses the CPU just now.

    Exit status: 0, or 1 if something is in the way.
    """
    from dojo.cli.doctor import run

    return run(context.obj or (), ROOT, sys.stdout)
