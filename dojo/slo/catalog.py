"""All that the katas promise: each katas/*/slo.yaml, read."""

from collections.abc import Mapping
from pathlib import Path

from dojo.errors import BadSetting
from dojo.slo.openslo import ServiceLevel, parse

__all__ = ["service_levels", "thresholds_s"]


def service_levels(root: Path) -> dict[str, ServiceLevel]:
    """The service level of each kata of the project at `root`, by the name of its folder."""
    levels = {}
    for path in sorted((root / "katas").glob("*/slo.yaml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{path} can't be read: {error}. See git checkout katas/.") from error
        levels[path.parent.name] = parse(text, f"{path.parent.name}/slo.yaml")
    if not levels:
        raise BadSetting(f"There is no katas/*/slo.yaml in {root}. See git checkout katas/.")
    return levels


def thresholds_s(levels: Mapping[str, ServiceLevel]) -> tuple[float, ...]:
    """Every threshold that a promise names, each once, ascending."""
    return tuple(sorted({o.threshold_s for level in levels.values() for o in level.objectives}))
