"""The report as a page: one file, no script."""
