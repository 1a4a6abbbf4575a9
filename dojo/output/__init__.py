"""A report on its way to people: wording, charts, terminal, page, files."""
