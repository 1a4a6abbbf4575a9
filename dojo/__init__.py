"""The grader, and the one door to it: all that a kata's author imports is in `__all__` below.

    from dojo import Burst, Check, Finding, Journey, Load, Step, metrics_agree

The order in which a kata's parts are called, and what each of them may touch, is told in
dojo/kata/contract.py; for a kata on simulated data, in dojo/kata/simulated.py. The names are loaded
when they are first used: whoever imports a module from inside `dojo`, as each child process does,
loads no pytest, no psycopg and no httpx by it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dojo.errors import FileRefused
    from dojo.kata.alert_policy_file import read_alert_policies
    from dojo.kata.burst import Burst, SqlAnswer, Visit, Wrong
    from dojo.kata.checks import metrics_agree, seed_intact
    from dojo.kata.contract import Check, Evidence, Finding, Judged, Kata, ServiceTime, Site
    from dojo.kata.microdata import Item, read_items, text_of
    from dojo.kata.portable_load import PortableLoad
    from dojo.kata.simulated import (
        DataCheck,
        Judgement,
        LearnerDatabase,
        LearnerFile,
        SimulatedKata,
    )
    from dojo.kata.staleness import Write, versions
    from dojo.kata.strict_yaml import YamlNode, read_yaml, read_yaml_document
    from dojo.load.cookies import Cookies
    from dojo.load.plan import Flow, Journey, Load, SqlStep, Step
    from dojo.load.sample import Sample
    from dojo.observability.files import shop_alert_rules
    from dojo.output.figures import count_of
    from dojo.output.html.scale import Linear, Log
    from dojo.postgres.copy_rows import copy_rows
    from dojo.sections import (
        Code,
        Column,
        Drawing,
        Paragraph,
        Picture,
        Section,
        Shape,
        Table,
        shape,
    )
    from dojo.slo.alert_policy import AlertCondition, AlertPolicy, Measurement
    from dojo.slo.catalog import measure_level
    from dojo.slo.measures import Measure, MeasureLevel, judge_measures

__all__ = [
    "AlertCondition",
    "AlertPolicy",
    "Burst",
    "Check",
    "Code",
    "Column",
    "Cookies",
    "DataCheck",
    "Drawing",
    "Evidence",
    "FileRefused",
    "Finding",
    "Flow",
    "Item",
    "Journey",
    "Judged",
    "Judgement",
    "Kata",
    "LearnerDatabase",
    "LearnerFile",
    "Linear",
    "Load",
    "Log",
    "Measure",
    "MeasureLevel",
    "Measurement",
    "Paragraph",
    "Picture",
    "PortableLoad",
    "Sample",
    "Section",
    "ServiceTime",
    "Shape",
    "SimulatedKata",
    "Site",
    "SqlAnswer",
    "SqlStep",
    "Step",
    "Table",
    "Visit",
    "Write",
    "Wrong",
    "YamlNode",
    "copy_rows",
    "count_of",
    "judge_measures",
    "measure_level",
    "metrics_agree",
    "read_alert_policies",
    "read_items",
    "read_yaml",
    "read_yaml_document",
    "seed_intact",
    "shape",
    "shop_alert_rules",
    "text_of",
    "versions",
]

# The same as the imports above, for the interpreter: each name and the module that defines it.
_MODULES = {
    **dict.fromkeys(("Burst", "SqlAnswer", "Visit", "Wrong"), "dojo.kata.burst"),
    **dict.fromkeys(("metrics_agree", "seed_intact"), "dojo.kata.checks"),
    **dict.fromkeys(
        ("Check", "Evidence", "Finding", "Judged", "Kata", "ServiceTime", "Site"),
        "dojo.kata.contract",
    ),
    "PortableLoad": "dojo.kata.portable_load",
    **dict.fromkeys(("Item", "read_items", "text_of"), "dojo.kata.microdata"),
    **dict.fromkeys(("Write", "versions"), "dojo.kata.staleness"),
    **dict.fromkeys(("Flow", "Journey", "Load", "SqlStep", "Step"), "dojo.load.plan"),
    **dict.fromkeys(
        ("DataCheck", "Judgement", "LearnerDatabase", "LearnerFile", "SimulatedKata"),
        "dojo.kata.simulated",
    ),
    **dict.fromkeys(("YamlNode", "read_yaml", "read_yaml_document"), "dojo.kata.strict_yaml"),
    **dict.fromkeys(("AlertCondition", "AlertPolicy", "Measurement"), "dojo.slo.alert_policy"),
    **dict.fromkeys(("Linear", "Log"), "dojo.output.html.scale"),
    **dict.fromkeys(
        (
            *("Code", "Column", "Drawing", "Paragraph", "Picture", "Section", "Shape", "Table"),
            "shape",
        ),
        "dojo.sections",
    ),
    "Cookies": "dojo.load.cookies",
    "FileRefused": "dojo.errors",
    **dict.fromkeys(("Measure", "MeasureLevel", "judge_measures"), "dojo.slo.measures"),
    "Sample": "dojo.load.sample",
    "copy_rows": "dojo.postgres.copy_rows",
    "count_of": "dojo.output.figures",
    "measure_level": "dojo.slo.catalog",
    "read_alert_policies": "dojo.kata.alert_policy_file",
    "shop_alert_rules": "dojo.observability.files",
}


if not TYPE_CHECKING:  # a checker that saw this would take any misspelt name for one of ours

    def __getattr__(name: str) -> Any:
        """Load a name of the door from its module, and keep it."""
        if name not in _MODULES:
            raise AttributeError(f"module 'dojo' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
