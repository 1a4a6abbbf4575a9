"""Customers, also known as users."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query

from app.database import Db, Row, fetch_all, fetch_one

router = APIRouter()


@router.get("/users")
@router.get("/customers")
async def list_customers(
    db: Db,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[int, Query(ge=0)] = 0,
) -> list[Row]:
    """Customers in the order of their ids; `after` is the last id of the page before."""
    return await fetch_all(
        db,
        "SELECT id, name, email, joined_at FROM customers WHERE id > %s ORDER BY id LIMIT %s",
        after,
        limit,
    )


@router.get("/users/{customer_id}")
@router.get("/customers/{customer_id}")
async def get_customer(db: Db, customer_id: Annotated[int, Path(ge=1, le=2_147_483_647)]) -> Row:
    """One customer with what they bought."""
    found = await fetch_one(
        db, "SELECT id, name, email, joined_at FROM customers WHERE id = %s", customer_id
    )
    if found is None:
        raise HTTPException(404, "There is no such customer.")
    bought = await fetch_all(
        db,
        "SELECT id, product_id, seller_id, price, bought_at FROM purchases"
        " WHERE customer_id = %s ORDER BY id",
        customer_id,
    )
    return found | {"purchases": bought}
