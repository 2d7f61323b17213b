"""Orders, prices and bells of a small café."""
