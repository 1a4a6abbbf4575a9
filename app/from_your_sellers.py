"""What the home page offers to those who are logged in: good value from sellers whom they know."""

from fastapi import HTTPException

from app.database import Connection, Row, fetch_all, fetch_one
from app.login import customer_of_session

OFFERS = 32


async def from_your_sellers(db: Connection, session: str | None) -> list[Row]:
    """The cheapest products of those from whom the visitor has bought; none for strangers."""
    try:
        customer = await customer_of_session(db, session)
    except HTTPException:
        return []
    products = await fetch_all(
        db,
        "SELECT id, name, price, seller_id, color_id FROM products WHERE seller_id IN ("
        "  SELECT seller_id FROM purchases WHERE customer_id = %s)"
        " ORDER BY price, id LIMIT %s",
        customer["id"],
        OFFERS,
    )
    return [await offer(db, product) for product in products]


async def offer(db: Connection, product: Row) -> Row:
    """A product with what its line shows."""
    seller = await fetch_one(db, "SELECT name FROM sellers WHERE id = %s", product["seller_id"])
    color = await fetch_one(db, "SELECT name FROM colors WHERE id = %s", product["color_id"])
    rating = await fetch_one(
        db,
        "SELECT avg(stars)::float AS rating, count(*) AS review_count"
        " FROM purchases JOIN reviews ON purchase_id = purchases.id"
        " WHERE purchases.product_id = %s",
        product["id"],
    )
    assert seller is not None
    assert color is not None
    assert rating is not None
    return product | rating | {"seller": seller["name"], "color": color["name"]}
