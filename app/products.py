"""Sellers and their products."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from psycopg.errors import UniqueViolation
from pydantic import BaseModel, Field

from app.database import Db, Row, Transaction, fetch_all, fetch_one
from app.pages import templates
from app.reviews import reviews_of

router = APIRouter()
Id = Annotated[int, Path(ge=1, le=2_147_483_647)]


class NewProduct(BaseModel):
    """A product as its seller describes it."""

    sku: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    description: str = Field(max_length=2000)
    color: str
    weight_g: int = Field(gt=0, le=1_000_000)
    price: int = Field(gt=0, le=1_000_000)


@router.get("/products/{product_id}", include_in_schema=False)
async def product_page(request: Request, db: Db, product_id: Id) -> Response:
    """One product with all its reviews."""
    product = await fetch_one(
        db,
        "SELECT products.*, sellers.name AS seller, colors.name AS color FROM products"
        " JOIN sellers ON sellers.id = seller_id JOIN colors ON colors.id = color_id"
        " WHERE products.id = %s",
        product_id,
    )
    if product is None:
        raise HTTPException(404, "There is no such product.")
    reviews = await reviews_of(db, product_id)
    stars = [review["stars"] for review in reviews]
    context = {
        "product": product,
        "reviews": reviews,
        "rating": sum(stars) / len(stars) if stars else None,
    }
    return templates.TemplateResponse(request, "product.html", context)


@router.get("/sellers/{seller_id}")
async def seller(db: Db, seller_id: Id) -> Row:
    """One seller."""
    found = await fetch_one(db, "SELECT id, name, joined_at FROM sellers WHERE id = %s", seller_id)
    if found is None:
        raise HTTPException(404, "There is no such seller.")
    return found


@router.post("/sellers/{seller_id}/products", status_code=201)
async def add_products(db: Transaction, seller_id: Id, products: list[NewProduct]) -> list[Row]:
    """Load a batch of products: all of them, or none."""
    await seller(db, seller_id)
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
