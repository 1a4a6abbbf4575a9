"""A simulated kata that breaks no rule, as values, and the project around it."""

from dojo.kata.folder_content import FolderContent, Patch, ProjectContent
from tests.support.made_up_kata import diff, hints_of

__all__ = ["SIMULATED_KATA", "SIMULATED_PROJECT", "SIMULATED_SLO", "measure_slo"]

FILE = "app/ops/dice.yaml"
SERVICE = """
apiVersion: openslo/v1
kind: Service
metadata:
  name: dice
  displayName: The dice are loaded
  annotations:
    slo-dojo/data: simulated
    slo-dojo/event: throws
spec:
  description: A thousand throws.
"""
MEASURE = """
apiVersion: openslo/v1
kind: SLO
metadata:
  name: {name}
spec:
  service: dice
  indicator:
    metadata:
      name: {name}
    spec:
      ratioMetric:
        counter: true
        good:
          metricSource:
            type: SLO-Dojo
            spec:
              events: fair throws
        total:
          metricSource:
            type: SLO-Dojo
            spec:
              events: all throws
  timeWindow:
    - duration: 1Y
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - displayName: {title}
      target: {target}
"""


def measure_slo(name: str, target: float) -> str:
    """The document of one measure."""
    return MEASURE.format(name=name, title=f"{name} in {target * 100:g}%", target=target)


SIMULATED_SLO = "---".join(
    (SERVICE, measure_slo("fair-throws", 0.95), measure_slo("quiet-nights", 0.99))
)
FAULTS = ("fair-throws__one", "fair-throws__two", "quiet-nights__three")
SIMULATED_KATA = FolderContent(
    name="07-dice",
    texts={
        "slo.yaml": SIMULATED_SLO,
        "schema.sql": "CREATE TABLE throws (eyes integer);\n",
        "README.md": """# Kata 07

| objective | error budget |
|---|---|
| fair-throws in 95% | 5 of 100 throws |
| quiet-nights in 99% | 1 of 100 nights |
""",
        ".meta/hints.md": "# Hints\n\n## General: all\nLook.\n\n" + "".join(map(hints_of, FAULTS)),
        "test_dice.py": '"""Kata 07."""\n',
        ".meta/kata.toml": f'owns = ["{FILE}"]\nmigrations = []\nstatus = "active"\n',
        ".meta/solution.md": "".join(f"## {each}\nThrow another.\n\n" for each in FAULTS),
    },
    patches=(
        Patch("solution.patch", diff(FILE)),
        *(Patch(f"faults/{name}.patch", diff(FILE)) for name in FAULTS),
        Patch("fixes/other.patch", diff(FILE)),
        Patch("fixes/third.patch", diff(FILE)),
        Patch("cheats/dates_unknown__in_a_table.patch", diff(FILE)),
        Patch("cheats/quiet-nights__always_off.patch", diff(FILE)),
        Patch("cheats/refused__endless.patch", diff(FILE)),
    ),
    checks=("dates_unknown",),
)
SIMULATED_PROJECT = ProjectContent(
    app_files=frozenset({FILE}),
    buckets_s=(),
    readme="| [07-dice](katas/07-dice/README.md) | loaded | 95% |\n",
    owners={FILE: ("07-dice",)},
    names=("07-dice", "08-other"),
)
