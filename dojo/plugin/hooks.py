"""The hooks: options, which katas are collected, hints instead of a run, reports, exit status."""

import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from dojo.environment import drop_inherited
from dojo.errors import BadSetting
from dojo.kata.folder_reader import is_draft
from dojo.kata.hints import hints_of
from dojo.kata_run import Session
from dojo.load.load_factor import load_factor
from dojo.output import store
from dojo.output.any_report import render
from dojo.output.app_text import in_encoding
from dojo.output.outcome import exit_status
from dojo.output.terminal.summary import summary_table
from dojo.plugin.screen import write
from dojo.plugin.session import FAILED, SESSION, SKIPPED
from dojo.settings import state_folder
from dojo.slo.catalog import argument_path, is_kata, missing_kata

__all__: list[str] = []

ONE_MORE = ""  # the value of --hint without a number
DRAFTS_LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("slo-dojo", "SLO Dojo")
    hint = "show one hint more of the kata, or its hint N again; run nothing"
    group.addoption("--hint", nargs="?", const=ONE_MORE, metavar="N", help=hint)
    group.addoption(
        "--plan-seed", type=int, default=None, help="repeat the load or the data of an earlier run"
    )
    group.addoption(
        "--load-factor", type=load_factor, default=1.0, help="send so many times the usual load"
    )
    group.addoption("--app", default=None, help="folder of the app under exercise (default: app)")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    drop_inherited(os.environ)
    if (path := config.option.hint) and not path.isdigit():  # of `--hint katas/01-latency`
        named = config.args if config.args_source is config.ArgsSource.ARGS else []
        config.option.hint, config.args = ONE_MORE, [*named, path]
    if message := missing_kata(config.rootpath, config.invocation_params.dir, config.args):
        raise pytest.UsageError(message)
    config.stash[SESSION] = Session(config.rootpath, lambda line: write(config, f"{line}\n"))
    config.stash[FAILED], config.stash[SKIPPED] = [], []
    storage = state_folder(config.rootpath, os.environ) / "benchmarks"
    if (
        getattr(config.option, "benchmark_storage", None)
        and not config.option.benchmark_autosave
        and store.has_room(storage)
    ):
        config.option.benchmark_storage = f"file://{storage}"
        config.option.benchmark_autosave = "attempt"
        config.option.benchmark_quiet = True


@pytest.hookimpl(optionalhook=True)  # pytest-benchmark may be switched off
def pytest_benchmark_generate_machine_info() -> dict[str, Any]:
    return {"python": sys.version.split()[0], "system": sys.platform, "cpus": os.cpu_count()}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a kata that is a draft, unless the command line names it or what is in it."""
    if not is_kata(collection_path) or not is_draft(collection_path):
        return None
    folder = config.invocation_params.dir
    named = [argument_path(folder, argument) for argument in config.args]
    if any(collection_path in (path, *path.parents) for path in named):
        return None
    config.stash.setdefault(DRAFTS_LEFT_OUT, []).append(collection_path.name)
    return True


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Which drafts were left out, and how to run them."""
    return [
        f"{name} is a draft and left out; ./run pytest katas/{name} runs it"
        for name in config.stash.get(DRAFTS_LEFT_OUT, [])
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """With --hint: show a hint of each kata that was named, and run nothing."""
    if (number := session.config.option.hint) is None:
        return None
    folders = sorted({item.path.parent for item in session.items if is_kata(item.path.parent)})
    if not folders:
        raise pytest.UsageError("--hint needs a kata: pytest katas/01-latency --hint")
    try:
        for text in hints_of(folders, state_folder(session.config.rootpath, os.environ), number):
            write(session.config, text)
    except BadSetting as error:
        raise pytest.UsageError(str(error)) from error
    return True


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None, object, object]:
    result = yield
    reports = config.stash[SESSION].reports
    color = bool(getattr(terminalreporter._tw, "hasmarkup", False))
    width = min(terminalreporter._tw.fullwidth, 120)
    encoding = getattr(getattr(terminalreporter._tw, "_file", None), "encoding", None)
    for report in reports:
        terminalreporter.write(in_encoding(render(report, width, color), encoding), flush=True)
    if len(reports) > 1:
        terminalreporter.write(in_encoding(summary_table(reports, width, color), encoding))
    for line in config.stash[SKIPPED]:
        terminalreporter.write_line(in_encoding(line, encoding))
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what a failure or an error comes to, and which test of a kata is skipped and why."""
    report = yield
    if report.skipped and is_kata(item.path.parent) and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        item.config.stash[SKIPPED].append(f"Skipped: {item.nodeid}, since {reason}.")
    if report.failed:
        item.config.stash[FAILED].append(_verdict_of(item, report))
    return report


def _verdict_of(item: pytest.Item, report: pytest.TestReport) -> str:
    """The verdict that a failed test stands for; an error of a kata's says nothing of the app."""
    if not is_kata(item.path.parent):
        return "not_met"
    if report.when != "call":
        return "invalid"
    return str(dict(item.user_properties).get("verdict", "not_met"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where tests failed, and nothing else went wrong, the exit status says how."""
    failed = session.config.stash.get(FAILED, [])
    if session.exitstatus == pytest.ExitCode.TESTS_FAILED and failed:
        session.exitstatus = exit_status(failed)
