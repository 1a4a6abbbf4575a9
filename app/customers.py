"""Customers, also known as users: what everybody may know of them, so no e-mail addresses."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from app.database import Db, Id, Row, fetch_all, fetch_one

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
        "SELECT id, name, joined_at FROM customers WHERE id > %s ORDER BY id LIMIT %s",
        after,
        limit,
    )


@router.get("/users/{customer_id}")
@router.get("/customers/{customer_id}")
async def get_customer(db: Db, customer_id: Id) -> Row:
    """One customer with what they bought."""
    customer = await fetch_one(
        db, "SELECT id, name, joined_at FROM customers WHERE id = %s", customer_id
    )
    if customer is None:
        raise HTTPException(404, "There is no such customer.")
    purchases = await fetch_all(
        db,
        "SELECT id, product_id, seller_id, price, bought_at FROM purchases"
        " WHERE customer_id = %s ORDER BY id",
        customer_id,
    )
    return customer | {"purchases": purchases}
