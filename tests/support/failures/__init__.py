"""The rows of the failure matrix, and what they run: tests/e2e/test_failures.py."""
