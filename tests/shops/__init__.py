"""Orders from shops."""
