"""The commands for authors of katas, as a person writes them: names, options, help."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dojo.settings import ROOT

__all__ = ["COMMANDS"]

COMMANDS = typer.Typer()
PANEL = "For authors of katas"


class ExportedForm(StrEnum):
    """What a service level can be written as."""

    GRAFANA = "grafana"
    K6 = "k6"


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Write what follows from slo.yaml: Prometheus rules, a dashboard, a k6 script.",
    epilog="Example: ./run dojo export k6 01, and without k6: ./run dojo export && git diff"
    " grafana/",
)
def export(
    form: Annotated[
        ExportedForm,
        typer.Argument(
            metavar="[grafana|k6]",
            help="grafana: the Prometheus rules and the dashboard of all katas. k6: the load of"
            " one kata as a k6 script, with its objectives as thresholds.",
        ),
    ] = ExportedForm.GRAFANA,
    kata: Annotated[
        str | None, typer.Argument(metavar="[KATA]", help="Of k6: 01, latency or 01-latency.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Of k6: the script. [default: .dojo/k6/01-latency.js]"),
    ] = None,
    plan_seed: Annotated[
        int, typer.Option(metavar="N", help="Of k6: draws the journeys; the same seed, the same.")
    ] = 1,
) -> None:
    """Write what follows from slo.yaml for other programs.

    Without an argument: the Prometheus rules and the dashboard in grafana/. Prints the names of the
    files.

    k6 KATA: the journeys of a kata that sends a load as an open-model k6 script, with thresholds
    from the same slo.yaml, to be sent to a site of your own. docs/export-k6.md says more.
    """
    if form is ExportedForm.GRAFANA:
        from dojo.cli.export import run

        if kata is not None or to is not None:
            raise typer.BadParameter("A kata and --to are for: ./run dojo export k6 KATA")
        run(ROOT, sys.stdout)
        return
    from dojo.cli.export_k6 import run as run_k6

    if kata is None:
        raise typer.BadParameter("Which kata? For example: ./run dojo export k6 01")
    run_k6(kata, to, plan_seed, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Make the folder of a new kata, which runs red at once.",
    epilog="Example: ./run dojo new 06-checkout, then ./run pytest katas/06-checkout and"
    " ./run dojo check 06-checkout, which names what is missing.",
)
def new(
    name: Annotated[
        str, typer.Argument(metavar="NN-name", help="Two digits and a short name: 06-checkout.")
    ],
    simulated: Annotated[
        bool,
        typer.Option(
            "--simulated",
            help="A kata that is judged on simulated data, in seconds and without a load.",
        ),
    ] = False,
) -> None:
    """Make katas/NN-name with a page of the shop, one scenario and one check.

    It is a draft: it runs when it is named, and ./run pytest katas leaves it out.
    """
    from dojo.cli.new import run

    run(name, ROOT, sys.stdout, simulated=simulated)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Hold katas against every rule, and say what is missing.",
    epilog="Example: ./run dojo check 01-latency --run",
)
def check(
    kata: Annotated[
        str | None,
        typer.Argument(metavar="NN-name", help="A kata: 01, or 01-latency. [default: all]"),
    ] = None,
    with_runs: Annotated[
        bool,
        typer.Option(
            "--run",
            help="Also run the app as it is (must be red), the solution (green), one fault (red)"
            " and one cheat (red by its check): some minutes a kata.",
        ),
    ] = False,
) -> int:
    """Hold one kata, or all, against every rule for katas.

    Names for each rule that is broken the file, what is wrong and what to do. Runs nothing, unless
    --run is given.

    Exit status: 0 if every rule holds, 1 if one is broken, 2 for a wrong usage.
    """
    from dojo.cli.check import run

    return run(kata, with_runs, ROOT, sys.stdout)


@COMMANDS.command(
    "graded-files",
    rich_help_panel=PANEL,
    short_help="Whether a submission changed the files that judge it.",
    epilog="Example: ./run dojo graded-files ../submission, and before handing in:"
    " ./run dojo graded-files --release origin/main",
)
def graded_files(
    submission: Annotated[
        str | None,
        typer.Argument(metavar="[FOLDER]", help="The submission. [default: this project]"),
    ] = None,
    release: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|REF",
            help="What to compare with: a folder, or a commit, branch or tag of this clone."
            " [default: this project]",
        ),
    ] = None,
) -> int:
    """Compare the files that judge a submission with the release's: only app/ may differ.

    These are dojo/, katas/, seed/, conftest.py, run, pyproject.toml and the locks, and any module
    that Python would import in place of an installed one. In CI run the release's own ./run: what
    the submission brings along must not judge itself.

    Exit status: 0 if none differs, 1 if one does or there is no app/, 2 for a wrong usage.
    """
    from dojo.cli.graded_files import run

    if submission is None and release is None:
        raise typer.BadParameter("Name a submission, or a release with --release.")
    return run(submission, release, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Make the source archive of a release from what is committed.",
    epilog="Example: ./run dojo archive --folder /tmp",
)
def archive(
    commit: Annotated[
        str, typer.Option(metavar="COMMIT", help="A commit, a tag or a branch.")
    ] = "HEAD",
    folder: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Where the archive goes.")
    ] = Path(),
) -> int:
    """Make slo-dojo-VERSION.tar.gz, which runs without git, and say what weighs most in it.

    Exit status: 0, or 1 if it would be larger than 5 MB.
    """
    from dojo.cli.archive import run

    return run(commit, folder, ROOT, sys.stdout)
