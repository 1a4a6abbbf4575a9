"""The application: `uvicorn app.main:app`, with DATABASE_URL set.

README.md beside this file says which file answers which route.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from app import (
    account_page,
    customers,
    errors,
    home,
    login,
    product_page,
    purchases,
    referrals,
    reviews,
    search,
    sellers,
)
from app.database import make_pool
from app.instrumentation.loop_lag import watch_loop_lag
from app.instrumentation.metrics import PoolCollector, RequestMetrics
from app.instrumentation.server_timing import ServerTiming

PAGES = (home, search, product_page, login, account_page)
RESOURCES = (customers, sellers, purchases, reviews, referrals)

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
registry = CollectorRegistry()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the pool before the first request and close it after the last."""
    pool = make_pool()
    await pool.open(wait=True, timeout=10)
    app.state.pool = pool
    collector = PoolCollector(pool)
    registry.register(collector)
    try:
        async with watch_loop_lag(registry):
            yield
    finally:
        registry.unregister(collector)
        await pool.close()


app = FastAPI(title="The Shop", lifespan=lifespan)
errors.install(app)
for module in (*PAGES, *RESOURCES):
    app.include_router(module.router)
app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive; says nothing of the database."""
    return {"status": "ok"}


@app.get("/metrics")
async def metrics() -> Response:
    """Prometheus' exposition of what the shop measures about itself."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


# last, and so around all other middleware: whatever answers a request, it is measured
routes = [route for module in (*PAGES, *RESOURCES) for route in module.router.routes]
app.add_middleware(RequestMetrics, registry=registry, routes=routes)
app.add_middleware(ServerTiming)
