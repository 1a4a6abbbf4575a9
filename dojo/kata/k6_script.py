"""A kata's load and its objectives as a k6 script. Pure: values in, text out.

What runs stands in k6_script.js beside this module; here it gets its head and its data. Written for
k6 1.x: https://grafana.com/docs/k6/latest/using-k6/scenarios/executors/constant-arrival-rate/
"""

import json
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from html import escape
from itertools import zip_longest
from math import ceil
from typing import Any

from dojo.kata.portable_load import PortableLoad, no_texts
from dojo.load.plan import BROWSER, Journey, Plan, Step
from dojo.slo.burst_plan import plan_burst
from dojo.slo.openslo import Objective, ServiceLevel

__all__ = ["PLACE_OF_DATA", "k6_script", "metric_name"]

PLACE_OF_DATA = "// DATA\n"  # in k6_script.js
LATE_BESIDE_S = 10.0  # a journey beside the SLI's may take so long before others wait for it
LONGEST_PERIOD_S = 100  # of a rate, such as 3 in 2 seconds


def k6_script(kata: str, level: ServiceLevel, portable: PortableLoad, seed: int, code: str) -> str:
    """The script; `code` is the text of k6_script.js, `seed` that of the plan."""
    burst = plan_burst(level, portable.load, seed)
    return _head(kata, level, seed) + code.replace(
        PLACE_OF_DATA, _data(level, portable, burst.plan, burst.drain_s)
    )


def metric_name(objective: Objective) -> str:
    """The objective's name in the letters that k6 allows: page_loads_within_100ms."""
    return re.sub(r"\W", "_", objective.name, flags=re.ASCII)


def _head(kata: str, level: ServiceLevel, seed: int) -> str:
    lines = [
        f"{kata}: {level.title}",
        f"Written by `./run dojo export k6 {kata[:2]}` from katas/{kata}/slo.yaml; plan seed"
        f" {seed}.",
        "",
        "  k6 run -e BASE_URL=https://staging.example.com FILE",
        "",
        "BASE_URL  the site. It must hold the workshop's data: the journeys name its products and"
        " customers.",
        f"SECONDS   how long journeys begin; {level.burst_s:g} if it is not given.",
        "BESIDE    off: only the journeys that are judged, and none of the others, which write to"
        " the site.",
        "",
        "On several machines k6 divides the rate, the visitors and the journeys among them.",
        "",
        "The thresholds are the objectives of slo.yaml:",
        *(f"  {metric_name(each)}: {each.display_name}" for each in level.objectives),
        "",
        "What k6 says in another way than the kata's own run:",
        *DIFFERENCES,
    ]
    return "".join(f"// {line}".rstrip() + "\n" for line in lines)


DIFFERENCES = (
    "- A journey that no visitor is free for is never sent: k6 counts it in dropped_iterations. It",
    "  is in no other figure, while the kata counts it as bad. So dropped_iterations must be 0.",
    "  There are enough visitors for any load under which the objectives are met.",
    "- A step's time counts from the moment it is sent. The kata counts from the moment it was",
    "  due, also if it was sent late.",
    "- Journeys begin at equal distances. In the kata they begin at random moments, so some come",
    "  close together, which is harder to bear.",
    "- k6 looks whether a few texts stand in an answer, and whether its status is right. The kata",
    "  reads the whole answer: each name, price and number, their order, and how old they are.",
    "- Nothing is changed behind the app's back, no restart follows, and nothing is read back from",
    "  the database. A cache that never forgets is green here and red in the kata.",
    "- An answer that has not come by the end counts as bad: after the last journey begins, k6",
    "  waits as long as the kata does, and gives up then.",
    "- k6 compares the measured ratio with the target. The kata wants to be sure: it allows fewer",
    "  bad events, sends up to three bursts if it is a close call, and gives back the time that",
    "  other programs took from the app.",
    "- Without a single event the ratios would hold; so sli_events must be more than 0.",
)


def _data(level: ServiceLevel, portable: PortableLoad, plan: Plan, drain_s: float) -> str:
    names = dict.fromkeys(
        (level.journey, *(flow.name for flow in portable.load.beside)),
    )
    rates = {level.journey: level.rate_per_s}
    rates |= {flow.name: flow.rate_per_s for flow in portable.load.beside}
    constants = {
        "SLI_FLOW": level.journey,
        "BURST_S": level.burst_s,
        "DRAIN_S": round(drain_s, 3),
        "OBJECTIVES": [
            {
                "metric": metric_name(each),
                "name": each.display_name,
                "target": each.target,
                "within_ms": round(each.threshold_s * 1000, 6),
            }
            for each in level.objectives
        ],
        "FLOWS": {name: _flow(level, rates[name], plan, name) for name in names},
        "HEADERS": BROWSER,
        "COOKIE": portable.cookie,
        "LOG_INS": {name: _step(step) for name, step in portable.log_ins.items()},
    }
    lines = [
        f"const {name} = {json.dumps(value, ensure_ascii=True)};\n"
        for name, value in constants.items()
    ]
    journeys = (
        f"{json.dumps(name)}: new SharedArray({json.dumps(name)}, () => [\n"
        f"{_journeys(plan, name, portable.texts if name == level.journey else no_texts)}]),\n"
        for name in names
    )
    return "".join((*lines, "const JOURNEYS = {\n", *journeys, "};\n"))


def _flow(level: ServiceLevel, rate_per_s: float, plan: Plan, name: str) -> dict[str, Any]:
    """A rate in whole numbers, as k6 wants it, and how many visitors it takes."""
    rate = Fraction(rate_per_s).limit_denominator(LONGEST_PERIOD_S)
    flow: dict[str, Any] = {"rate": rate.numerator, "period_s": rate.denominator}
    if name == level.journey:
        slowest = max(level.objectives, key=lambda objective: objective.threshold_s)
        think_s = max(
            (
                sum(step.think_s for step in each.steps)
                for each in plan.journeys
                if each.name == name
            ),
            default=0.0,
        )
        flow["visitors"] = ceil(rate_per_s * (slowest.threshold_s + think_s))
        flow["bad_share"] = round(1 - slowest.target, 9)
    else:
        flow["visitors"] = ceil(rate_per_s * LATE_BESIDE_S)
        flow["bad_share"] = 1
    return flow


def _journeys(plan: Plan, name: str, texts: Callable[[Journey], Sequence[Sequence[str]]]) -> str:
    """One journey a line: its steps."""
    return "".join(
        f"{json.dumps([_step(*each) for each in zip_longest(journey.steps, texts(journey))])},\n"
        for journey in plan.journeys
        if journey.name == name
    )


def _step(step: Step, texts: Sequence[str] | None = None) -> dict[str, Any]:
    """What is not there is left out."""
    facts = {
        "name": step.name,
        "method": step.method,
        "path": step.path,
        "headers": dict(step.headers),
        "body": step.body.decode(),
        "think_s": round(step.think_s, 3),
        "capture": dict(step.capture),
        "accepts": list(step.accepts),
        "texts": [_forms(text) for text in texts or ()],
    }
    return {key: value for key, value in facts.items() if value}


def _forms(text: str) -> list[str]:
    """A text as it may stand in an answer: itself, or as HTML writes it."""
    markup = escape(text)
    return list(dict.fromkeys((text, markup, markup.replace("&#x27;", "&#39;"))))
