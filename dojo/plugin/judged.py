"""What came of an attempt, for the test that asks."""

from dataclasses import dataclass

import pytest

from dojo.errors import AppFault
from dojo.output.any_report import AnyReport, outcome_line

__all__ = ["Judged"]


@dataclass
class Judged:
    """What came of the attempt: a report, or the fault that ended it."""

    report: AnyReport | None = None
    fault: AppFault | None = None

    def require_met(self) -> None:
        """Pass if the SLO is met and every check holds; else fail, and say where to look."""
        if self.fault is not None:
            pytest.fail(f"{type(self.fault).__name__}: {self.fault}", pytrace=False)
        assert self.report is not None
        if self.report.verdict != "met":
            pytest.fail(f"{outcome_line(self.report)} The report is below.", pytrace=False)
