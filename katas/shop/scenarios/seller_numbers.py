"""Which seller a product or a customer of the seed belongs to: their ids tell it."""

from seed.seller import CUSTOMERS_EACH, PRODUCTS_EACH

__all__ = ["seller_of", "seller_of_customer"]


def seller_of(product: int) -> int:
    """Who sells that product."""
    return (product - 1) // PRODUCTS_EACH + 1


def seller_of_customer(customer: int) -> int:
    """Whose customer that is: of whom they buy what they buy."""
    return (customer - 1) // CUSTOMERS_EACH + 1
