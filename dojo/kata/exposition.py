"""The app's own metrics, read from its /metrics page. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

__all__ = ["Exposition"]

DURATION = "http_server_request_duration_seconds"
REQUESTS = f"{DURATION}_count"


@dataclass(frozen=True, slots=True)
class Exposition:
    """One scrape: (series name, labels, value) for each series."""

    series: tuple[tuple[str, dict[str, str], float], ...]

    @classmethod
    def parse(cls, text: str) -> "Exposition":
        """Read Prometheus' text format; ValueError on anything else."""
        try:
            return cls(
                tuple(
                    (sample.name, dict(sample.labels), sample.value)
                    for family in text_string_to_metric_families(text)
                    for sample in family.samples
                )
            )
        except LookupError as error:  # the parser's, of some labels that it can't read
            raise ValueError("this is not Prometheus' text format") from error

    def total(self, name: str, **labels: str) -> float:
        """The sum of a name's series that carry these labels; 0 without any."""
        return sum(
            value
            for series, carried, value in self.series
            if series == name and labels.items() <= carried.items()
        )

    def edges(self, histogram: str) -> dict[float, str]:
        """The upper edges of a histogram's buckets, ascending, and how each is written."""
        edges = {
            float(labels["le"]): labels["le"]
            for series, labels, _ in self.series
            if series == f"{histogram}_bucket" and "le" in labels
        }
        return dict(sorted(edges.items()))

    def duration_s(self, method: str, route: str) -> float:
        """The sum of the durations of a route's requests, in seconds, as the app says it."""
        return self.total(f"{DURATION}_sum", http_request_method=method, http_route=route)

    def slower_than(self, bound_s: float, method: str, route: str) -> float:
        """How many requests lie above the bucket that ends at `bound_s` or next below it."""
        of_route = {"http_request_method": method, "http_route": route}
        edges = [text for edge_s, text in self.edges(DURATION).items() if edge_s <= bound_s]
        count = self.total(REQUESTS, **of_route)
        if not edges:
            return count
        return count - self.total(f"{DURATION}_bucket", **of_route, le=edges[-1])

    def answers(self, method: str, status: int) -> float:
        """How many requests the app says that it answered so, whatever their route."""
        return self.total(
            REQUESTS, http_request_method=method, http_response_status_code=str(status)
        )

    def requests(self, method: str, route: str, statuses: Iterable[int]) -> float:
        """How many requests the app says that it answered with one of these statuses."""
        of_route = {"http_request_method": method, "http_route": route}
        return sum(
            self.total(REQUESTS, **of_route, http_response_status_code=str(status))
            for status in statuses
        )
