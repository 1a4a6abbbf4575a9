"""Buying: a purchase creates its customer."""

from fastapi import APIRouter, HTTPException
from psycopg.errors import UniqueViolation
from pydantic import BaseModel, Field

from app.database import Connection, Row, Transaction, fetch_all, fetch_one
from app.passwords import hash_password

router = APIRouter()


class NewCustomer(BaseModel):
    """Who buys."""

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)
    password: str = Field(min_length=8, max_length=200)


class NewPurchase(BaseModel):
    """A new customer with the products that they buy."""

    customer: NewCustomer
    product_ids: list[int] = Field(min_length=1, max_length=10)


@router.post("/purchases", status_code=201)
async def purchase(db: Transaction, order: NewPurchase | list[NewPurchase]) -> Row | list[Row]:
    """Buy, one order or a batch of them: all, or none."""
    if isinstance(order, list):
        return [await buy(db, each) for each in order]
    return await buy(db, order)


async def buy(db: Connection, order: NewPurchase) -> Row:
    """Create the customer and what they bought."""
    if len(set(order.product_ids)) < len(order.product_ids):
        raise HTTPException(422, "A customer buys a product once.")
    try:
        customer = await fetch_one(
            db,
            "INSERT INTO customers (name, email, password_hash) VALUES (%s, %s, %s)"
            " RETURNING id, name, email",
            order.customer.name,
            order.customer.email.lower(),
            hash_password(order.customer.password),
        )
    except UniqueViolation as error:
        raise HTTPException(409, "There is a customer with this address.") from error
    assert customer is not None
    bought = await fetch_all(
        db,
        "INSERT INTO purchases (customer_id, product_id, seller_id, price)"
        " SELECT %s, id, seller_id, price FROM products WHERE id = ANY (%s) ORDER BY id"
        " RETURNING id, product_id, seller_id, price",
        customer["id"],
        order.product_ids,
    )
    if len(bought) < len(order.product_ids):
        raise HTTPException(404, "There is no such product.")
    return {"customer": customer, "purchases": bought}
