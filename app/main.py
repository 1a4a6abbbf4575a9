"""The application: `uvicorn app.main:app`, with DATABASE_URL set."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from app import (
    account,
    accounts,
    customers,
    failures,
    home,
    products,
    purchases,
    referrals,
    reviews,
    search,
)
from app.database import make_pool
from app.loop_lag import loop_watched
from app.metrics import Observed, PoolCollector
from app.timing import ServerTiming

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
        async with loop_watched(registry):
            yield
    finally:
        registry.unregister(collector)
        await pool.close()


app = FastAPI(title="The Shop", lifespan=lifespan)
app.add_middleware(Observed, registry=registry)
app.add_middleware(ServerTiming)
failures.install(app)
for module in (home, search, products, customers, purchases, reviews, referrals, accounts):
    app.include_router(module.router)
app.include_router(account.router)
app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive; says nothing of the database."""
    return {"status": "ok"}


@app.get("/metrics")
async def metrics() -> Response:
    """Prometheus' exposition of what the shop measures about itself."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
