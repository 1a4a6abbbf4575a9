"""Made-up pages of the shop with its marks, for the tests of what judges them."""

from collections.abc import Sequence

from seed.shelf import Shelf

__all__ = ["product_page", "results_page", "review", "row"]


def row(shelf: Shelf, product: int, **other: str) -> str:
    """A line of a result list, with other values in place of the right ones."""
    return line(product, _properties(shelf, product) | other)


def _properties(shelf: Shelf, product: int) -> dict[str, str]:
    known = shelf.product(product)
    facts = known.facts
    properties = {
        "name": facts.name,
        "description": facts.description,
        "color": facts.color,
        "seller": facts.seller_name,
        "price": str(facts.price),
    }
    if known.review_count:
        properties["ratingValue"] = f"{known.stars / known.review_count:.1f}"
        properties["reviewCount"] = str(known.review_count)
    return properties


def line(product: int, properties: dict[str, str]) -> str:
    """A line of a result list with these values."""
    marks = "".join(f'<b itemprop="{key}">{value}</b>' for key, value in properties.items())
    return (
        f'<li itemscope itemtype="https://schema.org/Product" data-product="{product}">{marks}</li>'
    )


def results_page(total: int | None, rows: Sequence[str]) -> bytes:
    """A page of results."""
    count = "" if total is None else f'<h1><span id="total">{total}</span> results</h1>'
    return f'{count}<ol id="results">{"".join(rows)}</ol>'.encode()


def review(author: str, stars: int, body: str, written: int) -> str:
    """A review as a product's page shows it."""
    return (
        '<blockquote itemprop="review" itemscope itemtype="https://schema.org/Review">'
        f'<p itemprop="reviewBody">{body}</p><data itemprop="reviewRating" value="{stars}"></data>'
        f'<b itemprop="author">{author}</b><b itemprop="authorReviews">{written}</b></blockquote>'
    )


def product_page(shelf: Shelf, product: int, reviews: Sequence[str], **other: str) -> bytes:
    """A product's page with these reviews, with other values in place of the right ones."""
    sku = {"sku": shelf.product(product).facts.sku}
    properties = _properties(shelf, product) | sku | other
    marks = "".join(f'<b itemprop="{key}">{value}</b>' for key, value in properties.items())
    kind = 'itemscope itemtype="https://schema.org/Product"'
    return f"<article {kind}>{marks}{''.join(reviews)}</article>".encode()
