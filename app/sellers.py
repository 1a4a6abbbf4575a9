"""Sellers, and the products that they put into the shop."""

from fastapi import APIRouter, HTTPException
from psycopg.errors import UniqueViolation
from pydantic import BaseModel, Field

from app.database import Connection, Db, Id, Row, Transaction, fetch_all, fetch_one

router = APIRouter(prefix="/sellers")


class NewProduct(BaseModel):
    """A product as its seller describes it."""

    sku: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    description: str = Field(max_length=2000)
    color: str
    weight_g: int = Field(gt=0, le=1_000_000)
    price: int = Field(gt=0, le=1_000_000)


@router.get("/{seller_id}")
async def get_seller(db: Db, seller_id: Id) -> Row:
    """One seller."""
    return await seller_or_404(db, seller_id)


@router.post("/{seller_id}/products", status_code=201)
async def add_products(db: Transaction, seller_id: Id, products: list[NewProduct]) -> list[Row]:
    """Load a batch of products: all of them, or none."""
    await seller_or_404(db, seller_id)
    colors = {row["name"]: row["id"] for row in await fetch_all(db, "SELECT id, name FROM colors")}
    added = []
    for product in products:
        if product.color not in colors:
            raise HTTPException(422, f"There is no color {product.color!r}.")
        try:
            row = await fetch_one(
                db,
                "INSERT INTO products"
                " (seller_id, color_id, sku, name, description, weight_g, price)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id, sku, name, price",
                seller_id,
                colors[product.color],
                product.sku,
                product.name,
                product.description,
                product.weight_g,
                product.price,
            )
        except UniqueViolation as error:
            raise HTTPException(409, f"The SKU {product.sku!r} is taken.") from error
        assert row is not None
        added.append(row)
    return added


async def seller_or_404(db: Connection, seller_id: int) -> Row:
    """A seller's row, or the answer that there is none."""
    seller = await fetch_one(db, "SELECT id, name, joined_at FROM sellers WHERE id = %s", seller_id)
    if seller is None:
        raise HTTPException(404, "There is no such seller.")
    return seller
