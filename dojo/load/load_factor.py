"""How many times the usual load is sent, as the option --load-factor states it. Pure."""

import argparse

__all__ = ["load_factor"]

LEAST, MOST = 0.01, 10


def load_factor(text: str) -> float:
    """The factor of a text such as `0.5` or `2`; ArgumentTypeError if it can't be used."""
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not LEAST <= factor <= MOST:
        raise argparse.ArgumentTypeError(
            f"it must be a number from {LEAST} to {MOST}, not {text!r}"
        )
    return factor
