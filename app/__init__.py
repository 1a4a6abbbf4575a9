"""The shop: a small website with pages for people and a JSON API."""
