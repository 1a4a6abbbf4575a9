"""What kata 04 says of the policies that a person might hand in, over several draws of years.

    python -m benchmarks.alerts [--seeds 5] [--first 1] [WORD …] [--write]

For each design of tests/support/alert_designs.py, or those with a WORD in their names, each measure
over every draw: least and greatest ratio, and the verdicts. Every honest design must be met in each
draw, every other one missed by the measures that are its own. `--write` puts the table into
docs/benchmarks.md.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.sections import with_section
from dojo.slo.catalog import service_level
from dojo.slo.measures import Measure, judge_measure
from katas.alerts.measures import MEASURES, Count, tally
from katas.alerts.outcomes import judge_year
from katas.alerts.years import draw_years
from tests.support.alert_designs import CHEATS, FAULTS, HONEST, SHIPPED, Design, policies
from tests.support.project import ROOT

BEGIN, END = "<!-- alerts: begin -->", "<!-- alerts: end -->"
SIGNS = {"met": "", "not_met": "**", "undecided": "*"}

Draws = Mapping[str, list[Count]]  # by measure, a count for each draw
