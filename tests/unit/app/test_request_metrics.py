"""Every request is counted for its route, whatever answers it."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from starlette.types import Receive, Scope, Send

from app.instrumentation.metrics import RequestMetrics

router = APIRouter(prefix="/products")


@router.get("/{product_id}")
async def product(product_id: int) -> int:
    return product_id


async def cached_answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers all by itself, before anything is routed."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/products/7", "/products/{product_id}"),
        ("GET", "/nothing/7", "unmatched"),
        ("POST", "/products/7", "unmatched"),
    ],
)
def test_a_request_that_is_answered_before_routing(method: str, path: str, route: str) -> None:
    """The metrics find the route by the path, and nothing else counts for it."""
    registry = CollectorRegistry()
    metrics = RequestMetrics(cached_answer, registry, router.routes)
    scope = {"type": "http", "method": method, "path": path, "headers": []}

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        return None

    asyncio.run(metrics(scope, receive, send))
    labels = {
        "http_request_method": method,
        "http_route": route,
        "http_response_status_code": "200",
    }
    counted = registry.get_sample_value("http_server_request_duration_seconds_count", labels)
    assert counted == 1
