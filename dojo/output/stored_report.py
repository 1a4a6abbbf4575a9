"""A stored report, read back whole: the values that latest.json was written from.

What the JSON leaves out is left out here, too: the next steps, new words, the sections of a kata on
simulated data. Reads .dojo/reports/ and nothing else.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from dojo.burst_figures import Percentiles
from dojo.errors import BadSetting
from dojo.output.any_report import AnyReport
from dojo.output.store import earlier, percentiles
from dojo.report import Report
from dojo.simulated_report import SimulatedReport

__all__ = ["latest_report", "report_from_json"]


def latest_report(reports: Path, kata: str) -> AnyReport | None:
    """The newest report of a kata, with the attempt before it; None if there is none.

    BadSetting if there is one that can't be read.
    """
    path = reports / kata / "latest.json"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} can't be read: {error}.") from error
    try:
        facts = json.loads(text)
        attempts = earlier(reports, kata, int(facts["number"]))
        return report_from_json({**facts, "previous": attempts[-1] if attempts else None})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadSetting(
            f"{path} is no report of this version ({type(error).__name__}: {error}). Run the kata"
            f" again: ./run pytest katas/{kata}"
        ) from error


def report_from_json(facts: Mapping[str, Any]) -> AnyReport:
    """The report whose JSON this is.

    KeyError, TypeError or ValueError if it is none; what an older version left out must have a
    default.
    """
    if facts.get("data") != "simulated":
        report: Report = _read(Report, facts)
        return report
    measures = [
        {**each, "objective": {"threshold_s": None, **each}} for each in facts["objectives"]
    ]
    named = {**facts, "description": "", "measures": measures, "refusal": facts["refused"]}
    simulated: SimulatedReport = _read(SimulatedReport, named)
    return simulated


def _read(kind: Any, value: Any) -> Any:
    """A value of that type; lists become tuples, objects dataclasses by their fields' names."""
    if value is None or (isinstance(kind, type) and isinstance(value, kind)):
        return value
    if kind is Percentiles:
        return percentiles(value)
    if is_dataclass(kind):
        return _dataclass(kind, value)
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        if arguments[-1] is Ellipsis:
            return tuple(_read(arguments[0], each) for each in value)
        return tuple(map(_read, arguments, value))
    if get_origin(kind) in (Union, UnionType):
        return _read(next(each for each in arguments if each is not type(None)), value)
    return value


def _dataclass(kind: Any, value: Any) -> Any:
    """Of an object by its keys, of a list by its order, as the points of a report are stored."""
    if isinstance(value, list):
        return kind(*value)
    types = get_type_hints(kind)
    return kind(
        **{
            each.name: _read(types[each.name], value[each.name])
            for each in fields(kind)
            if each.name in value
        }
    )
