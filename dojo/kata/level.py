"""A kata's slo.yaml as values, whichever kind of kata it is. Pure."""

from functools import lru_cache

from dojo.errors import BadSetting
from dojo.kata.folder_content import FolderContent
from dojo.slo.measures import MeasureLevel, parse_measures, says_simulated
from dojo.slo.openslo import ServiceLevel, parse

__all__ = ["parsed_level"]


def parsed_level(kata: FolderContent) -> ServiceLevel | MeasureLevel | BadSetting:
    """The kata's objectives, or what is wrong with its slo.yaml."""
    return _parsed(kata.texts.get("slo.yaml", ""))


@lru_cache(maxsize=32)  # several rules look at it
def _parsed(text: str) -> ServiceLevel | MeasureLevel | BadSetting:
    try:
        return parse_measures(text) if says_simulated(text) else parse(text)
    except BadSetting as error:
        return error
