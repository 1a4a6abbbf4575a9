"""A kata's load as a k6 script: what its text says."""

import json
import re
from random import Random
from typing import Any

import pytest

from dojo.cli.export_k6 import CODE
from dojo.kata.k6_script import k6_script, metric_name
from dojo.kata.portable_load import PortableLoad
from dojo.load.plan import Flow, Journey, Load, Step
from dojo.slo.catalog import load_folders, service_level
from tests.support.project import ROOT

LEVELS = {folder.name: service_level(folder) for folder in load_folders(ROOT)}
BUY = Step("buy", "POST", "/p", {"content-type": "a/b"}, b'{"to": "{{once}}"}', capture={"n": "i"})


def journey(rng: Random) -> Journey:
    """Two steps, the second after a pause."""
    about = Step("about", "GET", "/about?q=%20", think_s=0.25, accepts=(404,))
    return Journey.of(Step("home", "GET", "/", {"cookie": "s={{ann}}"}), about, expect="Tom & Jo's")


PORTABLE = PortableLoad(
    Load(journey, (Flow("order", 1.5, lambda rng: Journey.of(BUY)),)),
    lambda each: [[each.expect]],
    {"ann": Step("log in", "POST", "/login", body=b"a=1")},
    "s",
)


def script(kata: str, seed: int = 1) -> str:
    return k6_script(kata, LEVELS[kata], PORTABLE, seed, CODE.read_text(encoding="utf-8"))


def constant(text: str, name: str) -> Any:
    """The value of a constant, which is written as JSON."""
    match = re.search(rf"^const {name} = (.*);$", text, re.MULTILINE)
    assert match, name
    return json.loads(match[1])


def journeys(text: str, name: str) -> list[list[dict[str, Any]]]:
    """The journeys of a flow: a line of JSON each."""
    block = text.partition(f'new SharedArray("{name}", () => [\n')[2].partition("])")[0]
    return [json.loads(line.removesuffix(",")) for line in _lines(block)]


def _lines(block: str) -> list[str]:
    return [line for line in block.splitlines() if line.startswith("[{")]


@pytest.mark.parametrize("kata", LEVELS)
def test_thresholds_are_those_of_slo_yaml(kata: str) -> None:
    """Each objective once: target and time; k6 would refuse another letter in a name."""
    objectives = constant(script(kata), "OBJECTIVES")
    assert [(each["target"], each["within_ms"] / 1000) for each in objectives] == [
        (objective.target, pytest.approx(objective.threshold_s))
        for objective in LEVELS[kata].objectives
    ]
    names = [each["metric"] for each in objectives]
    assert names == [metric_name(objective) for objective in LEVELS[kata].objectives]
    assert all(re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]{1,128}", name) for name in names)
    text = script(kata)
    assert all(name in text.partition("import http")[0] for name in names)


def test_the_load_is_that_of_slo_yaml() -> None:
    """Rate, length, and as many journeys as the kata sends; a rate in whole numbers."""
    text = script("03-search")
    level = LEVELS["03-search"]
    flows = constant(text, "FLOWS")
    sli = flows[level.journey]
    assert sli["rate"] / sli["period_s"] == level.rate_per_s
    assert (flows["order"]["rate"], flows["order"]["period_s"]) == (3, 2)
    assert constant(text, "BURST_S") == level.burst_s
    assert len(journeys(text, level.journey)) == level.rate_per_s * level.burst_s
    assert len(journeys(text, "order")) == 18


def test_enough_visitors_while_the_slo_is_met() -> None:
    """Those who are in time and think, and all that may be bad: so none is dropped until red."""
    level = LEVELS["03-search"]
    flow = constant(script("03-search"), "FLOWS")[level.journey]
    assert flow["visitors"] == 25 * (1 + 0.25) + 0.75  # rounded up
    assert flow["bad_share"] == pytest.approx(0.04)


def test_a_step_is_whole() -> None:
    """What k6 must send and find; texts also as HTML writes them."""
    home, about = journeys(script("01-latency"), "page_load")[0]
    assert home == {
        "name": "home",
        "method": "GET",
        "path": "/",
        "headers": {"cookie": "s={{ann}}"},
        "texts": [["Tom & Jo's", "Tom &amp; Jo&#x27;s", "Tom &amp; Jo&#39;s"]],
    }
    assert (about["think_s"], about["accepts"]) == (0.25, [404])
    ((buy,),) = journeys(script("01-latency"), "order")[:1]
    assert (buy["body"], buy["capture"]) == ('{"to": "{{once}}"}', {"n": "i"})
    assert "texts" not in buy
    assert constant(script("01-latency"), "LOG_INS")["ann"]["path"] == "/login"


def test_the_head_says_what_k_6_cannot() -> None:
    """In the first lines, before any code."""
    head = script("01-latency").partition("import http")[0]
    assert all(line.startswith("//") or not line for line in head.splitlines())
    for word in ("dropped_iterations", "BASE_URL", "due", "texts", "cache", "by the end"):
        assert word in head, word


def test_a_seed_gives_one_script() -> None:
    """And the code is whole: nothing is left to be filled in."""
    assert script("02-login-errors") == script("02-login-errors")
    text = script("02-login-errors")
    assert "// DATA" not in text
    for part in ("constant-arrival-rate", "dropped_iterations: ['count==0']", "maxRedirects: 0"):
        assert part in text, part
