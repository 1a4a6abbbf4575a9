"""Katas on a real Docker engine."""

from pathlib import Path

import docker
import pytest

from tests.support.kata_run import KATAS, SIMULATED_KATAS, RunKata, undisturbed


@pytest.mark.parametrize("kata", [KATAS[0], *SIMULATED_KATAS], ids=lambda kata: kata.name)
@pytest.mark.parametrize(("patch", "verdict"), [(None, "not_met"), ("solution.patch", "met")])
def test_verdicts_are_the_same_in_a_container(
    kata: Path, patch: str | None, verdict: str, docker_image: str, run_kata: RunKata
) -> None:
    """Red on the shipped app, green with the reference fix, and no container is left behind."""
    run = undisturbed(
        lambda: run_kata(
            kata,
            kata / ".meta" / patch if patch else None,
            DOJO_POSTGRES="docker",
            DOJO_POSTGRES_IMAGE=docker_image,
        )
    )
    assert run.report is not None, run.output
    assert run.report["verdict"] == verdict, run.output
    assert run.report["environment"]["provider"] == "docker"
    client = docker.from_env()
    try:
        assert client.containers.list(all=True, filters={"label": "slo-dojo"}) == []
    finally:
        client.close()
