"""The fixed dataset: generator, loader, and the answers it implies. Imports no app, no dojo."""
