"""The app's own metrics, read from its /metrics page. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

__all__ = ["Exposition"]

REQUESTS = "http_server_request_duration_seconds_count"


@dataclass(frozen=True, slots=True)
class Exposition:
    """One scrape: (series name, labels, value) for each series."""

    series: tuple[tuple[str, dict[str, str], float], ...]

    @classmethod
    def parse(cls, text: str) -> "Exposition":
        """Read Prometheus' text format; ValueError on anything else."""
        return cls(
            tuple(
                (sample.name, dict(sample.labels), sample.value)
                for family in text_string_to_metric_families(text)
                for sample in family.samples
            )
        )

    def total(self, name: str, **labels: str) -> float:
        """The sum of a name's series that carry these labels; 0 without any."""
        return sum(
            value
            for found, carried, value in self._named(name)
            if found == name and labels.items() <= carried.items()
        )

    def _named(self, name: str) -> Iterable[tuple[str, dict[str, str], float]]:
        return (entry for entry in self.series if entry[0] == name)

    def requests(self, route: str, status: str) -> float:
        """How many requests the app says that it answered."""
        return self.total(REQUESTS, http_route=route, http_response_status_code=status)
