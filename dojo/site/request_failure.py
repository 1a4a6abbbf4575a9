"""Why a request failed, by what the app logged about it."""

import time

from dojo.site.app_process import AppProcess

__all__ = ["request_failure"]

LOGGED_WITHIN_S = 1.0  # of the answer; a log line may come a little later
POLL_S = 0.05


def request_failure(app: AppProcess, request_id: str) -> str:
    """The exception and its place in app/, or else the last line about the request; "" if none."""
    until = time.monotonic() + LOGGED_WITHIN_S
    while (failure := app.failure(request_id)) is None:
        if time.monotonic() >= until:
            return next(reversed(app.log_lines(request_id)), "")
        time.sleep(POLL_S)
    return f"{failure.exception}, in {failure.place}" if failure.place else failure.exception
