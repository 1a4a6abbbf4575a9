"""The fixed dataset: generator, loader, and the answers that it implies. Knows neither app nor dojo."""
